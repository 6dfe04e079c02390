// Ages that are right without a clock: places stamps of any boot on one line of time.
//
// Store time runs while stamps say that a boot runs, and stands still between boots, unless a wall
// clock on both sides proves that more has passed: then it makes up for that. So
//   - within a boot no step of the wall clock makes anything older or younger;
//   - a clock that is set late makes what is from before the boot as old as it is from then on;
//   - time that nobody can prove has not passed. What can't be proved old is not old.
//
// What store time makes up for may have passed at any point since the last boot that knew the wall
// time. A message from a boot in between that did not know it must not grow older by it: its moment
// `floats`, and moves along.
//
// A known limit: a wall clock that counts as set is believed. Where it goes on from the time at
// which it was last saved (fake-hwclock), what is taken then looks older later by as much as the
// clock lagged, if the power goes before a commit with the right time. The kernel's own doubt
// (STA_UNSYNC) is not asked: it says the same of a clock with a battery that no NTP has touched, of
// one set by GNSS or by chrony without rtcsync, and there every message would outlive its time by
// each night.
#pragma once

#include <cstdint>

#include "agent/base/time.h"

namespace fieldpost {

// A place on the line, in whole seconds; room for 58 years after the first commit.
struct Moment {
  std::uint32_t s : 31 = 0;  // 0 = none
  std::uint32_t floats : 1 = 0;
  constexpr bool empty() const { return s == 0; }
};
static_assert(sizeof(Moment) == 4);

// Rounded up; none stays none.
Moment later(Moment from, Duration wait);

class StoreTime {
 public:
  bool is_of_this_boot(const Stamp& stamp) const { return stamp.boot == boot_; }
  // Stamps of another boot follow. Every moment that is kept has to land() before.
  void begin_boot(std::uint64_t boot);
  void land(Moment& kept) const;
  // The next stamp in the order in which they were made.
  // REQUIRES: it is of this boot.
  void advance(const Stamp& stamp);

  // When something was that has the stamp `then`, which is not after the last stamp: exact if it was
  // in this boot; else as early as can be proved.
  Moment moment_of(const Stamp& then) const;
  // In this boot; 0 where it lies before.
  Instant instant_of(Moment moment) const;
  bool is_later(Moment one, Moment other) const {
    return one.s * 1000ull + began(other) > other.s * 1000ull + began(one);
  }
  // At an instant of this boot, however many boots ago the moment was.
  Duration age_of(Moment moment, Instant now) const;

 private:
  struct Anchor {  // the two times of one moment
    std::uint64_t ms = 0;
    UnixTime wall;  // 0 = none
  };

  // So that there is room for what is older than the log.
  static constexpr std::uint64_t kOrigin = 3650ull * 86'400'000;

  std::uint64_t began(Moment moment) const { return moment.floats ? began_at_least_ : began_; }

  std::uint64_t boot_ = 0;
  std::uint64_t began_at_least_ =
      kOrigin;                     // store time when this boot began, as far as it was seen
  std::uint64_t began_ = kOrigin;  // the same with what the wall clocks prove
  Stamp last_;                     // of this boot
  Stamp walled_;                   // of this boot, the newest that knew the wall time
  Anchor anchor_;                  // the same of an earlier boot
};

}  // namespace fieldpost
