// The states of a message and the reasons it waits. Their names are a contract with tools outside;
// their values are on devices in the field. Add; never renumber, never change a meaning.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

namespace fieldpost {

enum class State : std::uint8_t {
  queued = 0,
  sending = 1,
  uncertain = 2,
  held = 3,
  accepted = 4,
  sent = 5,
  delivered = 6,
  read = 7,
  failed = 8,
  expired = 9,
  superseded = 10,
  dropped = 11,
};
inline constexpr std::size_t kStates = 12;

enum class Reason : std::uint8_t {
  none = 0,
  network_down = 1,
  name_not_found = 2,
  connect_failed = 3,
  tls_expired = 4,
  tls_not_yet_valid = 5,
  tls_other_name = 6,
  tls_unknown_issuer = 7,
  tls_weak = 8,
  tls_failed = 9,
  intercepted = 10,
  clock_not_set = 11,
  backoff = 12,
  rate_limited = 13,
  api_trouble = 14,
  token_refused = 15,
  channel_blocked = 16,
  wrong_address = 17,
  template_unknown = 18,
  template_mismatch = 19,
  template_paused = 20,
  refused_unspecified = 21,
  maybe_sent = 22,
  pending_job = 23,
  recipient_unreachable = 24,
  opted_out = 25,
  daily_cap = 26,
  quiet_hours = 27,
  not_before = 28,
  recipient_order = 29,
  paused = 30,
  storage = 31,
  configuration_rejected = 32,
  ttl = 33,
  newer_topic = 34,
  by_person = 35,
  undelivered = 36,
  proxy_failed = 37,
};
inline constexpr std::size_t kReasons = 38;

std::string_view to_text(State);
std::string_view to_text(Reason);  // "" for none
std::optional<State> state_named(std::string_view);
std::optional<Reason> reason_named(std::string_view);  // none is named ""

// False for a number that is none of the above: bytes from flash or another process may hold one.
constexpr bool well_formed(State state) { return static_cast<std::size_t>(state) < kStates; }
constexpr bool well_formed(Reason reason) { return static_cast<std::size_t>(reason) < kReasons; }

// Nothing that happens by itself changes it any more. `accepted` and `sent` become final when
// tracking ends, which is a fact about one message, not about the state.
constexpr bool always_final(State state) { return state >= State::delivered; }

}  // namespace fieldpost
