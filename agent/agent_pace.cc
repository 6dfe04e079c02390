// How fast: what one recipient gets, what the channel gets, and when nobody gets anything.
#include "agent/agent.h"
#include "agent/schedule/zone.h"

namespace fieldpost {

// Counted in seconds from the first send in each: at most so many leave in one of them.
Instant Agent::channel_free_at(Instant now) {
  if (now - second_began_ >= 1_s) {
    second_began_ = now;
    begun_in_second_ = 0;
  }
  return begun_in_second_ < settings_.pace.per_second ? now : second_began_ + 1_s;
}

// Whatever the others of its recipient do, and the latest of it.
Agent::Wait Agent::wait_of_its_own(const Live& one) const {
  Wait wait{one.reason, one.next_attempt};
  if (one.state != State::queued) return wait;
  const auto also = [&wait](Reason why, Instant until) {
    if (until > wait.until) wait = {why, until};
  };
  if (one.id <= backlog_ends_at_) also(Reason::backoff, channel_.backlog_at(one.id));
  if (const ScenarioHold* const hold = holds_.find(one.scenario)) {
    also(hold->why, hold->wait_of(one.id));
  }
  const PaceSettings& pace = settings_.pace;
  also(Reason::recipient_order, queue_.after_send(one.recipient, 1, pace.per_recipient));
  also(Reason::daily_cap, queue_.after_send(one.recipient, pace.per_recipient_per_day, 24_h));
  also(Reason::quiet_hours, quiet_until_);
  if (!one.since.empty()) also(Reason::not_before, queue_.not_before(one, clock_.stamp()));
  return wait;
}

// Where nobody has set the clock TLS waits for that anyway, and says so.
void Agent::look_for_quiet(const Stamp& now) {
  const UnixTime end = now.wall.s == 0 ? UnixTime{} : quiet_until(settings_.pace.quiet, now.wall);
  quiet_until_ = end.s == 0 ? Instant{} : now.at + Duration{(end.s - now.wall.s) * 1000};
}

// Somebody's message leaves within the pace of one recipient: a drain waits for that.
bool Agent::only_paced(Instant now) const {
  if (channel_.pass(now) == Pass::closed) return false;
  // The queue knows sends by whole seconds, and rounds up twice.
  const Instant soon = now + settings_.pace.per_recipient + 2_s;
  for (const Live& one : queue_.live()) {
    if (one.state != State::queued) continue;
    const Wait wait = wait_of(one, now);
    if (wait.why == Reason::recipient_order && wait.until <= soon) return true;
  }
  return false;
}

}  // namespace fieldpost
