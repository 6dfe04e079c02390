#include "agent/scenario/rule.h"

namespace fieldpost {

static_assert(limits::text_chars_max == 1024, "the sentences below name it");
static_assert(limits::phone_digits_min == 6 && limits::phone_digits_max == 15,
              "the sentences below name them");

namespace {

constexpr PackedWords kSentences =
    "\n"
    "must be UTF-8\n"
    "must not be blank\n"
    "must not contain a line break\n"
    "must not contain a tab\n"
    "must not contain control characters\n"
    "must not contain more than four spaces in a row\n"
    "is still the placeholder ___\n"
    "must have at most 1024 characters\n"
    "makes the whole text longer than 1024 characters\n"
    "has no digits\n"
    "must not contain letters: write the number without an extension or a name\n"
    "holds a character that does not belong: use digits, spaces and + - ( ) . only\n"
    "has a + that is not at the start\n"
    "starts with 0: write the country code first, e.g. 49171…\n"
    "starts with 00: write the country code first, without 00, e.g. 49171…\n"
    "holds (0): leave it out and write the country code first, e.g. 49171…\n"
    "is too short: 6 to 15 digits, country code included\n"
    "is too long: 6 to 15 digits, country code included\n"_packed_words;
static_assert(kSentences.size() == static_cast<std::size_t>(Rule::phone_long) + 1);

}  // namespace

PackedText to_text(Rule rule) { return kSentences[static_cast<std::size_t>(rule)]; }

void put_sentence(TextWriter& out, const FieldRefusal& refusal) {
  out.put(refusal.field.view()).put(": ").put(to_text(refusal.rule));
}

}  // namespace fieldpost
