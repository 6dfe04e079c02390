#include "agent/cli/words.h"

#include <array>

namespace fieldpost {
namespace {

constexpr auto kStateWords = std::to_array<std::string_view>({
    "waits to be sent",
    "is being sent",
    "may have been sent: nobody can say yet",
    "stopped until a person decides",
    "1MSG has it, not yet on the phone",
    "WhatsApp has it, not yet on the phone",
    "on the phone",
    "read by the customer",
    "will not arrive",
    "not sent in time",
    "replaced by a newer message",
    "dropped by a person",
});
static_assert(kStateWords.size() == kStates);

constexpr auto kReasonWords = std::to_array<std::string_view>({
    "",
    "there is no network",
    "the server's name was not found",
    "the server could not be reached",
    "the server's certificate has expired",
    "the server's certificate is not valid yet; is the clock right?",
    "the server's certificate is for another name",
    "the server's certificate is from an unknown issuer",
    "the server offers only weak encryption",
    "the encrypted connection failed",
    "something between here and the server answers in its place",
    "the clock is not set, so certificates cannot be judged",
    "it waits before the next try",
    "1MSG asked to send more slowly",
    "1MSG has trouble: sending goes on when it answers again",
    "1MSG refuses the token",
    "the channel is blocked",
    "the base URL or the channel is wrong",
    "1MSG does not know the template",
    "the template has other variables",
    "the template is paused",
    "1MSG refused it and did not say why",
    "it may already have been sent",
    "1MSG has it in a queue of its own",
    "this phone cannot be reached on WhatsApp",
    "the customer does not want messages",
    "the customer has had enough for today",
    "it is quiet time",
    "it is to be sent later",
    "an earlier message to the same phone goes first",
    "sending is paused",
    "the store cannot be written",
    "the configuration is wrong: the last good one is used",
    "it was not sent in time",
    "a newer message on the same matter took its place",
    "a person decided so",
    "WhatsApp could not deliver it",
});
static_assert(kReasonWords.size() == kReasons);

}  // namespace

std::string_view words_of(State state) { return kStateWords[static_cast<std::size_t>(state)]; }
std::string_view words_of(Reason reason) { return kReasonWords[static_cast<std::size_t>(reason)]; }

std::string_view words_of_state(std::string_view name) {
  const std::optional<State> state = state_named(name);
  return state.has_value() ? words_of(*state) : name;
}

std::string_view words_of_reason(std::string_view name) {
  for (std::size_t i = 0; i < kReasons; ++i) {
    const auto reason = static_cast<Reason>(i);
    if (to_text(reason) == name) return words_of(reason);
  }
  return name;
}

void put_readable_time(TextWriter& out, std::string_view time) {
  constexpr std::string_view kShape = "2026-11-21T09:12:00Z";
  if (time.size() != kShape.size() || time[10] != 'T' || time.back() != 'Z') {
    out.put(time);
    return;
  }
  out.put(time.substr(0, 10)).put(' ').put(time.substr(11, 8)).put(" UTC");
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
