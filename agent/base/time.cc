#include "agent/base/time.h"

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
  return UnixTime{now.wall.s > ago_s ? now.wall.s - ago_s : 0};
}

Duration age(const Stamp& then, const Stamp& now) {
  if (then.boot == now.boot) return now.at - then.at;
  if (then.wall.s == 0 || now.wall.s <= then.wall.s) return Duration{};
  return Duration{(now.wall.s - then.wall.s) * 1000};
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
