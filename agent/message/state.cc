#include "agent/message/state.h"

#include <array>

namespace fieldpost {
namespace {

constexpr auto kStateNames = std::to_array<std::string_view>(
    {"queued", "sending", "uncertain", "held", "accepted", "sent", "delivered", "read", "failed",
     "expired", "superseded", "dropped"});
static_assert(kStateNames.size() == kStates);
static_assert(static_cast<std::size_t>(State::dropped) + 1 == kStates);

constexpr auto kReasonNames = std::to_array<std::string_view>({
    "",
    "network_down",
    "name_not_found",
    "connect_failed",
    "tls_expired",
    "tls_not_yet_valid",
    "tls_other_name",
    "tls_unknown_issuer",
    "tls_weak",
    "tls_failed",
    "intercepted",
    "clock_not_set",
    "backoff",
    "rate_limited",
    "api_trouble",
    "token_refused",
    "channel_blocked",
    "wrong_address",
    "template_unknown",
    "template_mismatch",
    "template_paused",
    "refused_unspecified",
    "maybe_sent",
    "pending_job",
    "recipient_unreachable",
    "opted_out",
    "daily_cap",
    "quiet_hours",
    "not_before",
    "recipient_order",
    "paused",
    "storage",
    "configuration_rejected",
    "ttl",
    "newer_topic",
    "by_person",
    "undelivered",
});
static_assert(kReasonNames.size() == kReasons);
static_assert(static_cast<std::size_t>(Reason::undelivered) + 1 == kReasons);

}  // namespace

std::string_view to_text(State state) { return kStateNames[static_cast<std::size_t>(state)]; }
std::string_view to_text(Reason reason) { return kReasonNames[static_cast<std::size_t>(reason)]; }

std::optional<State> state_named(std::string_view name) {
  for (std::size_t i = 0; i < kStates; ++i) {
    if (kStateNames[i] == name) return static_cast<State>(i);
  }
  return std::nullopt;
}

}  // namespace fieldpost
