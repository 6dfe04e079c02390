#include "agent/outcome/channel.h"

#include <algorithm>

#include "agent/outcome/retry.h"

namespace fieldpost {

Pass Channel::pass(Instant now) const {
  if (down_ != Reason::none && now < connect_at_) return Pass::closed;
  switch (stage_) {
    case Stage::waiting:
      if (now < wait_until_) return Pass::closed;
      return probe_first_ ? Pass::probe : Pass::one;
    case Stage::canary: return Pass::one;
    case Stage::open: break;
  }
  return down_ != Reason::none ? Pass::one : Pass::all;
}

Instant Channel::next_change(Instant now) const {
  Instant next{};
  if (down_ != Reason::none) next = connect_at_;
  if (stage_ == Stage::waiting) next = std::max(next, wait_until_);
  return next > now ? next : kNever;
}

// In a new trouble any one message may try again. The messages of one device are spread evenly by
// the golden section, whatever their ids; where that begins is the dice's.
Instant Channel::backlog_at(std::uint64_t message_id) const {
  if (stage_ != Stage::open || down_ != Reason::none) return Instant{};
  const std::uint64_t place = (message_id * 40503 + spread_dice_ * 257u) & 0xffff;
  return spread_from_ + Duration{spread_.ms * place / 0xffff};
}

void Channel::trouble_began(Instant now) {
  if (in_trouble_) return;
  in_trouble_ = true;
  trouble_since_ = now;
}

Duration Channel::next_wait(std::uint32_t doublings, std::uint8_t dice) const {
  return retry_after(doublings, retry_.first, retry_.max, dice);
}

// A fourfold wait each time, where the network's doubles: what is wrong with the API is wrong for
// everybody, and many short waits would bring everybody back at once. A quarter of the devices wait
// the whole of it, the others any part: so those that noticed together come back at a rate that is
// even, as far as it can be (tests/world/herd.cc).
Duration Channel::next_slow_wait(std::uint8_t dice) {
  const std::uint64_t whole = next_wait(2 * shut_tries_++, 255).ms;
  return Duration{whole * std::clamp(dice * 4u / 3, 16u, 255u) / 255};
}

void Channel::connect_failed(Reason why, const Detail& detail, Instant now, std::uint8_t dice) {
  trouble_began(now);
  network_known_ = true;
  down_ = why;
  detail_ = detail;
  connect_at_ = now + next_wait(connect_tries_++, dice);
}

void Channel::shut_out(Reason why, const Detail& detail, Instant now, std::uint8_t dice,
                       Duration asked) {
  trouble_began(now);
  shut_ = why;
  detail_ = detail;
  stage_ = Stage::waiting;
  // After 429 the next message is probe enough: this one was not taken.
  probe_first_ = why != Reason::rate_limited;
  asked_to_wait_ = asked.ms != 0;
  wait_until_ = now + std::max(next_slow_wait(dice), std::min(asked, kRetryAfterMax));
}

void Channel::probe_good(Instant now) {
  stage_ = Stage::canary;
  wait_until_ = now;
}

void Channel::accepted(Instant now, std::uint8_t dice) {
  answered();
  stage_ = Stage::open;
  shut_ = Reason::none;
  shut_tries_ = 0;
  detail_.clear();
  if (!in_trouble_) return;
  in_trouble_ = false;
  // Devices that waited together must not start together. A short trouble needs a short spread:
  // nobody else has gathered much of a backlog in it either.
  spread_ = std::min(retry_.spread, now - trouble_since_);
  spread_from_ = now;
  spread_dice_ = dice;
}

void Channel::network_changed(Instant now) {
  // The silence that shut the channel may have been the network's: one question may go at once. The
  // waits after it are as long as they would have been.
  if (shut_ == Reason::api_trouble && stage_ == Stage::waiting && !asked_to_wait_)
    wait_until_ = now;
  if (down_ == Reason::none) return;
  connect_at_ = now;
  connect_tries_ = 0;
}

}  // namespace fieldpost
