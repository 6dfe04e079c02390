// What can become of a message: rows are states, columns are events; the compiler counts both.
#pragma once

#include <array>
#include <cstdint>
#include <optional>

#include "agent/message/state.h"
#include "agent/outcome/event.h"

namespace fieldpost {
namespace transitions {

// A cell: the next state, or `none` where the event cannot happen in that state.
enum class Next : std::uint8_t {
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
  none = 255,
};
using enum Next;

// clang-format off
inline constexpr std::array<std::array<Next, kEvents>, kStates> kNext{{
    //               pick     accept    defer   shut_out hold  lost       give_up retry   drop     supersede   expire   reboot
    /* queued     */ {sending, none,     none,   none,    none, none,      none,   queued, dropped, superseded, expired, queued},
    /* sending    */ {none,    accepted, queued, queued,  held, uncertain, failed, none,   none,    none,       none,    uncertain},
    /* uncertain  */ {none,    accepted, none,   none,    held, none,      none,   queued, dropped, none,       none,    uncertain},
    /* held       */ {none,    none,     none,   none,    none, none,      none,   queued, dropped, superseded, expired, held},
    /* accepted   */ {none,    none,     none,   none,    none, none,      none,   none,   none,    none,       none,    accepted},
    /* sent       */ {none,    none,     none,   none,    none, none,      none,   none,   none,    none,       none,    sent},
    /* delivered  */ {none,    none,     none,   none,    none, none,      none,   none,   none,    none,       none,    delivered},
    /* read       */ {none,    none,     none,   none,    none, none,      none,   none,   none,    none,       none,    read},
    /* failed     */ {none,    none,     none,   none,    none, none,      none,   none,   none,    none,       none,    failed},
    /* expired    */ {none,    none,     none,   none,    none, none,      none,   none,   none,    none,       none,    expired},
    /* superseded */ {none,    none,     none,   none,    none, none,      none,   none,   none,    none,       none,    superseded},
    /* dropped    */ {none,    none,     none,   none,    none, none,      none,   none,   none,    none,       none,    dropped},
}};
// clang-format on

constexpr bool every_state_survives_reboot() {
  for (const auto& row : kNext) {
    if (row[static_cast<std::size_t>(Event::reboot)] == none) return false;
  }
  return true;
}
static_assert(static_cast<std::size_t>(Event::reboot) + 1 == kEvents);
static_assert(every_state_survives_reboot());
// The honest line: power went while the request was in flight.
static_assert(
    kNext[static_cast<std::size_t>(State::sending)][static_cast<std::size_t>(Event::reboot)] ==
    uncertain);

}  // namespace transitions

// Nothing where the event cannot happen in that state.
constexpr std::optional<State> next_state(State state, Event event) {
  const auto next =
      transitions::kNext[static_cast<std::size_t>(state)][static_cast<std::size_t>(event)];
  if (next == transitions::Next::none) return std::nullopt;
  return static_cast<State>(next);
}

// Whether its ttl, or the end of `held_for`, may end it: never where the customer may have it.
constexpr bool may_expire(State state, Reason reason) {
  return next_state(state, Event::expire).has_value() && reason != Reason::maybe_sent &&
         reason != Reason::pending_job;
}

}  // namespace fieldpost
