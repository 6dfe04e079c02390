#include "agent/queue/store_time.h"

#include <algorithm>

namespace fieldpost {
namespace {

constexpr std::uint32_t kSecondsMax = 0x7fff'ffff;

// No device is off for ten years: a clock that says so is wrong, and believing it once would make
// everything old for as long as the log remembers.
constexpr std::uint64_t kOffMax_s = 10ull * 365 * 86'400;

Moment moment_at(std::uint64_t ms, bool floats) {
  const std::uint64_t s = std::clamp<std::uint64_t>((ms + 999) / 1000, 1, kSecondsMax);
  return {static_cast<std::uint32_t>(s) & kSecondsMax, floats};
}

}  // namespace

Moment later(Moment from, Duration wait) {
  const std::uint64_t ms = std::min<std::uint64_t>(wait.ms, kSecondsMax * 1000ull);
  return from.empty() ? from : moment_at(from.s * 1000ull + ms, from.floats);
}

void StoreTime::begin_boot(std::uint64_t boot) {
  if (walled_.wall.s != 0) anchor_ = {began_ + walled_.at.ms, walled_.wall};
  began_ += last_.at.ms;
  began_at_least_ = began_;
  boot_ = boot;
  last_ = walled_ = Stamp{};
}

// Where this boot knew the wall time, what floated until now has a place for good.
void StoreTime::land(Moment& kept) const {
  if (!kept.floats || walled_.wall.s == 0) return;
  kept = moment_at(kept.s * 1000ull + (began_ - began_at_least_), false);
}

void StoreTime::advance(const Stamp& stamp) {
  last_ = stamp;
  if (stamp.wall.s == 0) return;
  walled_ = stamp;
  began_ = began_at_least_;
  if (anchor_.wall.s == 0 || stamp.wall < anchor_.wall) return;
  if (stamp.wall.s - anchor_.wall.s > kOffMax_s) return;
  const std::uint64_t now = anchor_.ms + (stamp.wall.s - anchor_.wall.s) * 1000;
  if (now > stamp.at.ms) began_ = std::max(began_, now - stamp.at.ms);
}

Moment StoreTime::moment_of(const Stamp& then) const {
  if (is_of_this_boot(then)) return moment_at(began_at_least_ + then.at.ms, true);
  // A copy of something old: the log has nothing of its boot any more, but perhaps a wall time.
  Anchor known = anchor_;
  if (known.wall.s == 0) known = {began_ + walled_.at.ms, walled_.wall};
  if (then.wall.s == 0 || known.wall < then.wall) return moment_at(began_at_least_, true);
  const std::uint64_t before = std::min((known.wall.s - then.wall.s) * 1000, known.ms);
  return moment_at(std::min(known.ms - before, began_at_least_), false);
}

Instant StoreTime::instant_of(Moment moment) const {
  const std::uint64_t ms = moment.s * 1000ull;
  return Instant{ms > began(moment) ? ms - began(moment) : 0};
}

Duration StoreTime::age_of(Moment moment, Instant now) const {
  const std::uint64_t at = began(moment) + now.ms, ms = moment.s * 1000ull;
  return Duration{at > ms ? at - ms : 0};
}

}  // namespace fieldpost
