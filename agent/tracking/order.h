// States of delivery only move forward, whatever order news comes in.
#pragma once

#include <cstdint>

#include "agent/message/state.h"

namespace fieldpost {

// Who is told of both has the message on the phone, so `delivered` counts for more than `failed`.
// 0: no state of delivery.
constexpr std::uint8_t delivery_rank(State state) {
  switch (state) {
    case State::accepted: return 1;
    case State::sent: return 2;
    case State::failed: return 3;
    case State::delivered: return 4;
    case State::read: return 5;
    case State::queued:
    case State::sending:
    case State::uncertain:
    case State::held:
    case State::expired:
    case State::superseded:
    case State::dropped: break;
  }
  return 0;
}

// Whether news makes that of a message. Nothing does of one that is not tracked, or has failed.
constexpr bool is_news(State news, State present) {
  return delivery_rank(present) != 0 && present != State::failed &&
         delivery_rank(news) > delivery_rank(present);
}

}  // namespace fieldpost
