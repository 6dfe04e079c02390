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

// Days are counted from 1 March, so that the leap day is the last of its year.
void put_time(TextWriter& out, UnixTime time) {
  const auto days = static_cast<std::uint32_t>(time.s / kSecondsPerDay) + 719'468;
  const std::uint32_t of_era = days % 146'097;
  const std::uint32_t year_of_era =
      (of_era - of_era / 1'460 + of_era / 36'524 - of_era / 146'096) / 365;
  const std::uint32_t of_year = of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
  const std::uint32_t shifted = (5 * of_year + 2) / 153;
  const std::uint32_t month = shifted < 10 ? shifted + 3 : shifted - 9;
  const std::uint32_t year = days / 146'097 * 400 + year_of_era + (month <= 2 ? 1 : 0);
  const auto second = static_cast<std::uint32_t>(time.s % kSecondsPerDay);
  put_two(out, year / 100, 0);
  put_two(out, year % 100, '-');
  put_two(out, month, '-');
  put_two(out, of_year - (153 * shifted + 2) / 5 + 1, 'T');
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
