// Time has three types, and the wall clock may be missing.
#pragma once

#include <compare>
#include <cstdint>
#include <limits>
#include <string_view>

#include "agent/base/status.h"
#include "agent/base/text_writer.h"

namespace fieldpost {

struct Duration {
  std::uint64_t ms = 0;
  friend constexpr auto operator<=>(Duration, Duration) = default;
};

// Since this boot, suspend included (CLOCK_BOOTTIME). Only differences mean anything.
struct Instant {
  std::uint64_t ms = 0;
  friend constexpr auto operator<=>(Instant, Instant) = default;
};

// Seconds since 1970 (POSIX). May jump.
struct UnixTime {
  std::uint64_t s = 0;
  friend constexpr auto operator<=>(UnixTime, UnixTime) = default;
};

inline constexpr Instant kNever{std::numeric_limits<std::uint64_t>::max()};

constexpr Instant operator+(Instant at, Duration wait) {
  return wait.ms > kNever.ms - at.ms ? kNever : Instant{at.ms + wait.ms};
}
// What has passed since `from`; nothing if `from` lies ahead.
constexpr Duration operator-(Instant to, Instant from) {
  return Duration{to.ms > from.ms ? to.ms - from.ms : 0};
}
constexpr Instant earlier(Instant a, Instant b) { return a < b ? a : b; }

inline namespace literals {
constexpr Duration operator""_ms(unsigned long long n) { return Duration{n}; }
constexpr Duration operator""_s(unsigned long long n) { return Duration{n * 1000}; }
constexpr Duration operator""_min(unsigned long long n) { return Duration{n * 60'000}; }
constexpr Duration operator""_h(unsigned long long n) { return Duration{n * 3'600'000}; }
}  // namespace literals

// The end of every wait that follows, made once at the top so that slow steps cannot add up.
struct Deadline {
  Instant at = kNever;
  constexpr bool passed(Instant now) const { return now >= at; }
  constexpr Duration left(Instant now) const { return at - now; }
};

// When something happened, in a way that outlives reboots and clocks that were wrong.
struct Stamp {
  std::uint64_t boot = 0;  // which boot: a random number per boot; 0 = no stamp
  Instant at;              // within that boot
  UnixTime wall;           // 0 = nobody had set the clock
  constexpr bool empty() const { return boot == 0; }
  friend constexpr bool operator==(const Stamp&, const Stamp&) = default;
};

// The wall time of `then`, as well as `now` lets us know it: a stamp of this boot is placed by the
// monotonic clock, so that setting the clock later, or stepping it, puts it right.
// 0 where it cannot be known.
UnixTime wall_time(const Stamp& then, const Stamp& now);

// How long ago `then` was; nothing where it cannot be known: what can't be proved old isn't.
Duration age(const Stamp& then, const Stamp& now);

// The same, but what another boot left is at least as old as this one.
Duration age_at_least(const Stamp& then, const Stamp& now);

// When something was that the API dates by its own clock: `otherwise` where it gives no time, or
// one that lies ahead.
Stamp stamp_by_api(UnixTime time, const Stamp& otherwise, const Stamp& now);

struct Calendar {
  std::uint32_t year, month, day;  // 1 is January, and the first of it
};
Calendar calendar(UnixTime time);  // in UTC; ends with the year 9999

// RFC 3339, 5.6, in UTC: "2026-11-21T09:12:00Z".
void put_time(TextWriter& out, UnixTime time);
// The same with any offset from UTC; a fraction of a second is left out.
//   invalid: anything else, or before 1970.
Result<UnixTime> read_time(std::string_view text);

// Days from 1970-01-01 to a day of the Gregorian calendar, which may be one of "month 13".
std::uint32_t unix_days(std::uint32_t year, std::uint32_t month, std::uint32_t day);

// "10s", "15m", "8h", "30d", "500ms"; a whole number and a unit.
//   invalid: anything else, or longer than 3650 days.
Result<Duration> read_duration(std::string_view text);
void put_duration(TextWriter& out, Duration wait);  // the same, largest unit that loses nothing

}  // namespace fieldpost
