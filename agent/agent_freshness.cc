// What time does to messages: those whose time is up end, and those whose time has not come wait.
#include "agent/agent.h"
#include "agent/outcome/table.h"

namespace fieldpost {
namespace {

// Each costs a read: a backlog that expires together must not hold up an answer.
constexpr int kExpiredPerTurn = 32;

// While a ttl waits and nothing else happens, a mark lets the next boot know that time has passed.
constexpr Duration kMarkEvery = 1_h;

// Nobody tells us that the wall clock was set.
constexpr Duration kLookAtWallEvery = 1_min;

}  // namespace

// When it ends by itself, if nothing else becomes of it.
Instant Agent::ends_at(const Live& one) const {
  if (!may_expire(one.state, one.reason)) return kNever;
  const Instant end = queue_.expires_at(one);
  if (one.state != State::held) return end;
  return earlier(end, queue_.after_change(one, settings_.uncertain.held_for));
}

// Ends whose time is up. Returns when to look again.
Instant Agent::expire(Instant now) {
  if (sending_ == Sending::off || queue_.failed()) return kNever;
  queue_.look_at_clock();
  Instant next = kNever;
  bool ttl_waits = false;
  for (int ended = 0;;) {
    const Live* due = nullptr;
    next = kNever;
    for (const Live& one : queue_.live()) {
      const Instant end = ends_at(one);
      if (end <= now) due = &one;
      next = earlier(next, end);
      if (one.since_is_wall) next = earlier(next, now + kLookAtWallEvery);
      ttl_waits |= end != kNever && !one.expires.empty();
    }
    if (due == nullptr || ended == kExpiredPerTurn) break;
    end_it(*due, State::expired, queue_.expires_at(*due) <= now ? Reason::ttl : due->reason);
    if (queue_.failed()) return kNever;
    ++ended;
  }
  if (!ttl_waits) return next;
  // What is pending already is as good as a mark.
  Instant mark_at = (queue_.pending() ? now : queue_.committed_at()) + kMarkEvery;
  if (now >= mark_at && queue_.mark() == Status::ok) mark_at = now + kMarkEvery;
  return earlier(next, mark_at);
}

// What waits for a person may fill only a share of the room, so that what nobody looks at keeps
// nothing new out. Beyond that the oldest ends; never one that the customer may have.
void Agent::keep_held_share() {
  while (sending_ != Sending::off && !queue_.failed()) {
    std::uint64_t held_bytes = 0;
    const Live* oldest = nullptr;
    for (const Live& one : queue_.live()) {
      if (one.state != State::held || !may_expire(one.state, one.reason)) continue;
      held_bytes += Queue::used_by(one);
      if (oldest == nullptr) oldest = &one;
    }
    if (oldest == nullptr ||
        held_bytes <= queue_.usage().room_bytes * settings_.queue.held_share_percent / 100) {
      return;
    }
    end_it(*oldest, State::expired, oldest->reason);
  }
}

// By itself, or because a person says so: without an answer.
void Agent::end_it(const Live& one, State state, Reason reason) {
  look_at(one);
  its_standing_.state = state;
  its_standing_.reason = reason;
  its_standing_.ended = true;
  record(looked_at_, its_standing_);
}

}  // namespace fieldpost
