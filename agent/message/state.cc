#include "agent/message/state.h"

#include "agent/base/word_list.h"

namespace fieldpost {
namespace {

constexpr WordList kStateNames(
    "queued\nsending\nuncertain\nheld\naccepted\nsent\ndelivered\nread\nfailed\nexpired\n"
    "superseded\ndropped\n");
static_assert(kStateNames.size() == kStates);
static_assert(static_cast<std::size_t>(State::dropped) + 1 == kStates);

constexpr WordList kReasonNames(
    "\n"
    "network_down\n"
    "name_not_found\n"
    "connect_failed\n"
    "tls_expired\n"
    "tls_not_yet_valid\n"
    "tls_other_name\n"
    "tls_unknown_issuer\n"
    "tls_weak\n"
    "tls_failed\n"
    "intercepted\n"
    "clock_not_set\n"
    "backoff\n"
    "rate_limited\n"
    "api_trouble\n"
    "token_refused\n"
    "channel_blocked\n"
    "wrong_address\n"
    "template_unknown\n"
    "template_mismatch\n"
    "template_paused\n"
    "refused_unspecified\n"
    "maybe_sent\n"
    "pending_job\n"
    "recipient_unreachable\n"
    "opted_out\n"
    "daily_cap\n"
    "quiet_hours\n"
    "not_before\n"
    "recipient_order\n"
    "paused\n"
    "storage\n"
    "configuration_rejected\n"
    "ttl\n"
    "newer_topic\n"
    "by_person\n"
    "undelivered\n"
    "proxy_failed\n");
static_assert(kReasonNames.size() == kReasons);
static_assert(static_cast<std::size_t>(Reason::proxy_failed) + 1 == kReasons);

}  // namespace

std::string_view to_text(State state) { return kStateNames[static_cast<std::size_t>(state)]; }
std::string_view to_text(Reason reason) { return kReasonNames[static_cast<std::size_t>(reason)]; }

std::optional<State> state_named(std::string_view name) {
  const std::optional<std::size_t> number = kStateNames.find(name);
  if (!number) return std::nullopt;
  return static_cast<State>(*number);
}

std::optional<Reason> reason_named(std::string_view name) {
  const std::optional<std::size_t> number = kReasonNames.find(name);
  if (!number) return std::nullopt;
  return static_cast<Reason>(*number);
}

}  // namespace fieldpost
