#include "agent/base/time.h"

#include <algorithm>

#include "agent/base/number.h"

namespace fieldpost {
namespace {

constexpr std::uint64_t kSecondsPerDay = 86'400;

// "09" and what stands behind it.
void put_two(TextWriter& out, std::uint32_t number, char end) {
  const char text[] = {static_cast<char>('0' + number / 10 % 10),
                       static_cast<char>('0' + number % 10), end};
  out.put(std::string_view(text, end == 0 ? 2 : 3));
}

}  // namespace

UnixTime wall_time(const Stamp& then, const Stamp& now) {
  if (then.boot != now.boot || now.wall.s == 0) return then.wall;
  const std::uint64_t ago_s = (now.at - then.at).ms / 1000;
  const UnixTime found{now.wall.s > ago_s ? now.wall.s - ago_s : 0};
  // Fractions of a second are missing on both sides: one more or less is no other time.
  const bool same = then.wall.s != 0 && found.s + 1 >= then.wall.s && found.s <= then.wall.s + 1;
  return same ? then.wall : found;
}

Duration age(const Stamp& then, const Stamp& now) {
  if (then.boot == now.boot) return now.at - then.at;
  if (then.wall.s == 0 || now.wall.s <= then.wall.s) return Duration{};
  return Duration{(now.wall.s - then.wall.s) * 1000};
}

Duration age_at_least(const Stamp& then, const Stamp& now) {
  const Duration proved = then.boot == now.boot ? Duration{} : now.at - Instant{};
  return std::max(proved, age(then, now));
}

Stamp stamp_by_api(UnixTime time, const Stamp& otherwise, const Stamp& now) {
  Stamp then = otherwise;
  if (time.s == 0 || (now.wall.s != 0 && time > now.wall)) return then;
  then.wall = time;
  if (then.boot == now.boot && now.wall.s != 0) {
    const std::uint64_t ago_ms = (now.wall.s - time.s) * 1000;
    then.at = Instant{now.at.ms > ago_ms ? now.at.ms - ago_ms : 0};
  }
  return then;
}

// Counted from 1 March, so that the leap day is the last of its year.
std::uint32_t unix_days(std::uint32_t year, std::uint32_t month, std::uint32_t day) {
  if (month <= 2) {
    --year;
    month += 12;
  }
  return year * 365 + year / 4 - year / 100 + year / 400 + (153 * (month - 3) + 2) / 5 + day -
         719'469;
}

Calendar calendar(UnixTime time) {
  const auto days = static_cast<std::uint32_t>(time.s / kSecondsPerDay);
  Calendar date{1970, 1, 0};
  while (date.year < 9999 && unix_days(date.year + 1, 1, 1) <= days) ++date.year;
  while (date.month < 12 && unix_days(date.year, date.month + 1, 1) <= days) ++date.month;
  date.day = days - unix_days(date.year, date.month, 1) + 1;
  return date;
}

void put_time(TextWriter& out, UnixTime time) {
  const Calendar date = calendar(time);
  const auto second = static_cast<std::uint32_t>(time.s % kSecondsPerDay);
  put_two(out, date.year / 100, 0);
  put_two(out, date.year % 100, '-');
  put_two(out, date.month, '-');
  put_two(out, date.day, 'T');
  put_two(out, second / 3600, ':');
  put_two(out, second / 60 % 60, ':');
  put_two(out, second % 60, 'Z');
}

namespace {

// Takes "09:12" and the like off `text`: a digit for each 0 of the shape, into numbers that all else
// in it parts.
bool take_shape(std::string_view& text, std::string_view shape, std::uint32_t* numbers) {
  if (text.size() < shape.size()) return false;
  for (std::size_t i = 0; i < shape.size(); ++i) {
    const char c = text[i];
    if (shape[i] != '0') {
      if (c != shape[i]) return false;
      ++numbers;
    } else if (c < '0' || c > '9') {
      return false;
    } else {
      *numbers = *numbers * 10 + static_cast<std::uint32_t>(c - '0');
    }
  }
  text.remove_prefix(shape.size());
  return true;
}

}  // namespace

Result<UnixTime> read_time(std::string_view text) {
  std::uint32_t n[6] = {}, offset[2] = {};
  if (!take_shape(text, "0000-00-00T00:00:00", n)) return Status::invalid;
  if (n[0] < 1970 || n[3] > 23 || n[4] > 59 || n[5] > 60) return Status::invalid;
  const std::uint64_t days = unix_days(n[0], n[1], n[2]);
  const Calendar date = calendar({days * kSecondsPerDay});
  if (date.month != n[1] || date.day != n[2]) return Status::invalid;
  if (text.starts_with('.')) {
    const std::size_t end = text.find_first_not_of("0123456789", 1);
    if (end == text.npos || end == 1) return Status::invalid;
    text.remove_prefix(end);
  }
  const std::uint64_t local = days * kSecondsPerDay + n[3] * 3600 + n[4] * 60 + n[5];
  const bool west = text.starts_with('-');
  if (text == "Z") return UnixTime{local};
  if (!west && !text.starts_with('+')) return Status::invalid;
  text.remove_prefix(1);
  if (!take_shape(text, "00:00", offset) || !text.empty()) return Status::invalid;
  const std::uint64_t east = offset[0] * 3600 + offset[1] * 60;
  if (offset[0] > 23 || offset[1] > 59 || (!west && east > local)) return Status::invalid;
  return UnixTime{west ? local + east : local - east};
}

namespace {

struct Unit {
  char name[4];
  std::uint32_t ms;
};
constexpr Unit kUnits[] = {
    {"d", 86'400'000}, {"h", 3'600'000}, {"m", 60'000}, {"s", 1000}, {"ms", 1}};

}  // namespace

Result<Duration> read_duration(std::string_view text) {
  constexpr std::uint64_t kMax = 3650ull * 86'400'000;
  std::uint64_t count = 0;
  if (!take_number(text, count)) return Status::invalid;
  for (const Unit& unit : kUnits) {
    if (text != unit.name) continue;
    if (count > kMax / unit.ms) return Status::invalid;
    return Duration{count * unit.ms};
  }
  return Status::invalid;
}

void put_duration(TextWriter& out, Duration wait) {
  if (wait.ms == 0) {
    out.put("0s");
    return;
  }
  for (const Unit& unit : kUnits) {
    if (wait.ms % unit.ms != 0) continue;
    out.put_number(wait.ms / unit.ms).put(unit.name);
    return;
  }
}

}  // namespace fieldpost
