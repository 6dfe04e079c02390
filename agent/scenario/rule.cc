#include "agent/scenario/rule.h"

namespace fieldpost {

static_assert(limits::text_chars_max == 1024, "the sentences below name it");
static_assert(limits::phone_digits_min == 6 && limits::phone_digits_max == 15,
              "the sentences below name them");

std::string_view to_text(Rule rule) {
  switch (rule) {
    case Rule::none: return "";
    case Rule::not_utf8: return "must be UTF-8";
    case Rule::blank: return "must not be blank";
    case Rule::line_break: return "must not contain a line break";
    case Rule::tab: return "must not contain a tab";
    case Rule::control_character: return "must not contain control characters";
    case Rule::many_spaces: return "must not contain more than four spaces in a row";
    case Rule::placeholder: return "is still the placeholder ___";
    case Rule::too_long: return "must have at most 1024 characters";
    case Rule::rendered_too_long: return "makes the whole text longer than 1024 characters";
    case Rule::phone_empty: return "has no digits";
    case Rule::phone_letter:
      return "must not contain letters: write the number without an extension or a name";
    case Rule::phone_character:
      return "holds a character that does not belong: use digits, spaces and + - ( ) . only";
    case Rule::phone_plus: return "has a + that is not at the start";
    case Rule::phone_zero: return "starts with 0: write the country code first, e.g. 49171…";
    case Rule::phone_two_zeros:
      return "starts with 00: write the country code first, without 00, e.g. 49171…";
    case Rule::phone_trunk_zero:
      return "holds (0): leave it out and write the country code first, e.g. 49171…";
    case Rule::phone_short: return "is too short: 6 to 15 digits, country code included";
    case Rule::phone_long: return "is too long: 6 to 15 digits, country code included";
  }
  return "";
}

void put_sentence(TextWriter& out, const FieldRefusal& refusal) {
  out.put(refusal.field.view()).put(": ").put(to_text(refusal.rule));
}

}  // namespace fieldpost
