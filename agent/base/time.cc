#include "agent/base/time.h"

#include <array>
#include <charconv>

namespace fieldpost {
namespace {

constexpr std::uint64_t kSecondsPerDay = 86'400;

struct Date {
  std::uint32_t year, month, day;
};

// Both directions count days from 1 March, so that the leap day is the last of its year.
Date date_of(std::uint64_t days_since_1970) {
  const std::uint64_t days = days_since_1970 + 719'468;
  const std::uint64_t era = days / 146'097;
  const std::uint64_t of_era = days % 146'097;
  const std::uint64_t year_of_era =
      (of_era - of_era / 1'460 + of_era / 36'524 - of_era / 146'096) / 365;
  const std::uint64_t of_year = of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
  const std::uint64_t shifted = (5 * of_year + 2) / 153;
  const auto month = static_cast<std::uint32_t>(shifted < 10 ? shifted + 3 : shifted - 9);
  return {static_cast<std::uint32_t>(year_of_era + era * 400 + (month <= 2 ? 1 : 0)), month,
          static_cast<std::uint32_t>(of_year - (153 * shifted + 2) / 5 + 1)};
}

std::uint32_t days_in(std::uint32_t year, std::uint32_t month) {
  constexpr std::array<std::uint8_t, 12> kDays{31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
  const bool leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
  return kDays[month - 1] + (month == 2 && leap ? 1u : 0u);
}

void put_padded(TextWriter& out, std::uint64_t number, std::size_t digits) {
  std::array<char, 20> text;
  for (std::size_t i = digits; i-- > 0; number /= 10) text[i] = static_cast<char>('0' + number % 10);
  out.put({text.data(), digits});
}

// Takes `digits` digits and the character after them off the front; `end` 0 asks for none.
bool take_number(std::string_view& text, std::size_t digits, char end, std::uint32_t& out) {
  const std::size_t length = digits + (end != 0 ? 1 : 0);
  if (text.size() < length || (end != 0 && text[digits] != end)) return false;
  out = 0;
  for (const char c : text.substr(0, digits)) {
    if (c < '0' || c > '9') return false;
    out = out * 10 + static_cast<std::uint32_t>(c - '0');
  }
  text.remove_prefix(length);
  return true;
}

}  // namespace

std::uint64_t unix_days(std::uint32_t year, std::uint32_t month, std::uint32_t day) {
  ASSERT(month >= 1 && month <= 12);
  const std::uint64_t shifted_year = year - (month <= 2 ? 1 : 0);
  const std::uint64_t era = shifted_year / 400;
  const std::uint64_t year_of_era = shifted_year % 400;
  const std::uint64_t of_year = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1;
  const std::uint64_t of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + of_year;
  return era * 146'097 + of_era - 719'468;
}

std::optional<UnixTime> wall_time(const Stamp& then, const Stamp& now) {
  if (then.empty()) return std::nullopt;
  if (then.boot == now.boot && now.wall.s != 0) {
    const std::uint64_t ago_s = (now.at - then.at).ms / 1000;
    return UnixTime{now.wall.s > ago_s ? now.wall.s - ago_s : 0};
  }
  if (then.wall.s == 0) return std::nullopt;
  return then.wall;
}

std::optional<Duration> age(const Stamp& then, const Stamp& now) {
  if (then.empty()) return std::nullopt;
  if (then.boot == now.boot) return now.at - then.at;
  if (then.wall.s == 0 || now.wall.s == 0) return std::nullopt;
  return Duration{now.wall.s > then.wall.s ? (now.wall.s - then.wall.s) * 1000 : 0};
}

void put_time(TextWriter& out, UnixTime time) {
  const Date date = date_of(time.s / kSecondsPerDay);
  const std::uint64_t second = time.s % kSecondsPerDay;
  put_padded(out, date.year, 4);
  out.put('-');
  put_padded(out, date.month, 2);
  out.put('-');
  put_padded(out, date.day, 2);
  out.put('T');
  put_padded(out, second / 3600, 2);
  out.put(':');
  put_padded(out, second / 60 % 60, 2);
  out.put(':');
  put_padded(out, second % 60, 2);
  out.put('Z');
}

Result<UnixTime> read_time(std::string_view text) {
  std::uint32_t year, month, day, hour, minute, second;
  if (!take_number(text, 4, '-', year) || !take_number(text, 2, '-', month) ||
      !take_number(text, 2, 0, day)) {
    return Status::invalid;
  }
  if (text.empty() || (text[0] != 'T' && text[0] != 't' && text[0] != ' ')) return Status::invalid;
  text.remove_prefix(1);
  if (!take_number(text, 2, ':', hour) || !take_number(text, 2, ':', minute) ||
      !take_number(text, 2, 0, second)) {
    return Status::invalid;
  }
  if (year < 1970 || month < 1 || month > 12 || day < 1 || day > days_in(year, month) ||
      hour > 23 || minute > 59 || second > 60) {
    return Status::invalid;
  }
  if (text.starts_with('.')) {
    std::size_t digits = 1;
    while (digits < text.size() && text[digits] >= '0' && text[digits] <= '9') ++digits;
    if (digits == 1) return Status::invalid;
    text.remove_prefix(digits);
  }
  std::uint64_t s = unix_days(year, month, day) * kSecondsPerDay + hour * 3600 + minute * 60 + second;
  if (text == "Z" || text == "z") return UnixTime{s};
  if (text.empty() || (text[0] != '+' && text[0] != '-')) return Status::invalid;
  const bool ahead = text[0] == '+';
  text.remove_prefix(1);
  if (!take_number(text, 2, ':', hour) || !take_number(text, 2, 0, minute) || !text.empty() ||
      hour > 23 || minute > 59) {
    return Status::invalid;
  }
  const std::uint64_t offset_s = hour * 3600 + minute * 60;
  if (ahead && offset_s > s) return Status::invalid;
  return UnixTime{ahead ? s - offset_s : s + offset_s};
}

namespace {

struct Unit {
  std::string_view name;
  std::uint64_t ms;
};
constexpr std::array<Unit, 5> kUnits{
    {{"d", 86'400'000}, {"h", 3'600'000}, {"m", 60'000}, {"s", 1000}, {"ms", 1}}};

}  // namespace

Result<Duration> read_duration(std::string_view text) {
  constexpr std::uint64_t kMax = 3650ull * 86'400'000;
  std::uint64_t count = 0;
  const char* const end = text.data() + text.size();
  const auto read = std::from_chars(text.data(), end, count);
  if (read.ec != std::errc()) return Status::invalid;
  const std::string_view unit(read.ptr, static_cast<std::size_t>(end - read.ptr));
  for (const Unit& known : kUnits) {
    if (unit != known.name) continue;
    if (count > kMax / known.ms) return Status::invalid;
    return Duration{count * known.ms};
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
