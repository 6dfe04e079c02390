#include "agent/cli/words.h"

#include "agent/base/utf8.h"

namespace fieldpost {
namespace {

constexpr PackedWords kStateWords =
    "waits to be sent\n"
    "is being sent\n"
    "may have been sent: nobody can say yet\n"
    "stopped until a person decides\n"
    "1MSG has it, not yet on the phone\n"
    "WhatsApp has it, not yet on the phone\n"
    "on the phone\n"
    "read by the customer\n"
    "will not arrive\n"
    "not sent in time\n"
    "replaced by a newer message\n"
    "given up: it will not be sent\n"_packed_words;
static_assert(kStateWords.size() == kStates);

constexpr PackedWords kReasonWords =
    "\n"
    "there is no network\n"
    "the server's name was not found\n"
    "the server could not be reached\n"
    "the server's certificate has expired\n"
    "the server's certificate is not valid yet; is the clock right?\n"
    "the server's certificate is for another name\n"
    "the server's certificate is from an unknown issuer\n"
    "the server offers only weak encryption\n"
    "the encrypted connection failed\n"
    "something between here and the server answers in its place\n"
    "the clock is not set, so certificates cannot be judged\n"
    "it waits before the next try\n"
    "1MSG asked to send more slowly\n"
    "1MSG has trouble: sending goes on when it answers again\n"
    "1MSG refuses the token\n"
    "the channel is blocked\n"
    "the base URL or the channel is wrong\n"
    "1MSG does not know the template\n"
    "the template has other variables\n"
    "the template is paused\n"
    "1MSG refused it and did not say why\n"
    "it may already have been sent\n"
    "1MSG has it in a queue of its own\n"
    "this phone cannot be reached on WhatsApp\n"
    "the customer does not want messages\n"
    "the customer has had enough for today\n"
    "it is quiet time\n"
    "it is to be sent later\n"
    "an earlier message to the same phone goes first\n"
    "sending is paused\n"
    "the store cannot be written\n"
    "the configuration is wrong: the last good one is used\n"
    "it was not sent in time\n"
    "a newer message on the same matter took its place\n"
    "a person decided so\n"
    "WhatsApp could not deliver it\n"
    "the proxy opens no way to 1MSG\n"_packed_words;
static_assert(kReasonWords.size() == kReasons);

}  // namespace

PackedText words_of(State state) { return kStateWords[static_cast<std::size_t>(state)]; }
PackedText words_of(Reason reason) { return kReasonWords[static_cast<std::size_t>(reason)]; }

void put_words_of(TextWriter& out, std::string_view name) {
  if (const auto state = state_named(name)) {
    out.put(words_of(*state));
  } else if (const auto reason = reason_named(name)) {
    out.put(words_of(*reason));
  } else {
    out.put(name);
  }
}

void put_readable_time(TextWriter& out, std::string_view time) {
  constexpr std::string_view kShape = "2026-11-21T09:12:00Z";
  if (time.size() != kShape.size() || time[10] != 'T' || time.back() != 'Z') {
    out.put(time);
    return;
  }
  out.put(time.substr(0, 10)).put(' ').put(time.substr(11, 8)).put(" UTC");
}

void put_cell(TextWriter& out, std::string_view text, std::size_t columns) {
  const std::size_t characters = count_characters(text);
  if (characters <= columns) {
    out.put(text);
    for (std::size_t i = characters; i < columns; ++i) out.put(' ');
    return;
  }
  for (std::size_t i = 0; i + 1 < columns; ++i) {
    const Character next = first_character(text);
    out.put(text.substr(0, next.bytes));
    text.remove_prefix(next.bytes);
  }
  out.put("…");
}

void put_readable_seconds(TextWriter& out, std::uint64_t seconds) {
  if (seconds < 90) {
    out.put_number(seconds).put(" s");
  } else if (seconds < 90 * 60) {
    out.put_number(seconds / 60).put(" min");
  } else if (seconds < 48 * 3600) {
    out.put_number(seconds / 3600).put(" h");
  } else {
    out.put_number(seconds / 86'400).put(" days");
  }
}

void put_readable_bytes(TextWriter& out, std::uint64_t bytes) {
  if (bytes < 10'000) {
    out.put_number(bytes).put(" bytes");
  } else if (bytes < 10'000'000) {
    out.put_number(bytes / 1024).put(" KiB");
  } else {
    out.put_number(bytes >> 20).put(" MiB");
  }
}

}  // namespace fieldpost
