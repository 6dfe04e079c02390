#include "agent/schedule/zone.h"

#include "agent/base/number.h"

namespace fieldpost {
namespace {

constexpr std::int64_t kHour = 3600, kDay = 24 * kHour;

bool take(std::string_view& text, char c) {
  if (!text.starts_with(c)) return false;
  text.remove_prefix(1);
  return true;
}

bool take_number_to(std::string_view& text, std::uint32_t max, std::uint32_t& number) {
  std::uint64_t read = 0;
  if (!take_number(text, read) || read > max) return false;
  number = static_cast<std::uint32_t>(read);
  return true;
}

// "<+03>" or "CEST"
bool take_name(std::string_view& text) {
  const bool quoted = text.starts_with('<');
  std::size_t end = 0;
  if (quoted) {
    end = text.find('>');
    if (end == text.npos) return false;
    ++end;
  } else {
    while (end < text.size() && (text[end] | 0x20) >= 'a' && (text[end] | 0x20) <= 'z') ++end;
  }
  text.remove_prefix(end);
  return end >= 3;
}

// "-1", "03:30", "+167:59:59"
bool take_time(std::string_view& text, std::uint32_t hours_max, std::int64_t& s) {
  const bool minus = take(text, '-');
  if (!minus) take(text, '+');
  std::uint32_t part = 0;
  if (!take_number_to(text, hours_max, part)) return false;
  s = part * kHour;
  for (std::int64_t unit = 60; unit != 0 && take(text, ':'); unit /= 60) {
    if (!take_number_to(text, 59, part)) return false;
    s += part * unit;
  }
  if (minus) s = -s;
  return true;
}

// "M3.5.0/2", "J60", "300/1:30"
bool take_change(std::string_view& text, ZoneRule::Change& change) {
  using Kind = ZoneRule::Change::Kind;
  if (!take(text, ',')) return false;
  change.time_s = 2 * kHour;
  if (take(text, 'M')) {
    change.kind = Kind::weekday;
    if (!take_number_to(text, 12, change.month) || change.month == 0 || !take(text, '.') ||
        !take_number_to(text, 5, change.week) || change.week == 0 || !take(text, '.') ||
        !take_number_to(text, 6, change.day)) {
      return false;
    }
  } else {
    change.kind = take(text, 'J') ? Kind::julian : Kind::day_of_year;
    if (!take_number_to(text, 365, change.day)) return false;
    if (change.kind == Kind::julian && change.day == 0) return false;
  }
  return !take(text, '/') || take_time(text, 167, change.time_s);
}

// In seconds of local time from 1970.
std::int64_t moment_of(const ZoneRule::Change& change, std::uint32_t year) {
  const std::uint32_t new_year = unix_days(year, 1, 1);
  std::uint32_t day = new_year + change.day;
  switch (change.kind) {
    case ZoneRule::Change::Kind::julian:  // 29 February is not counted
      --day;
      if (change.day >= 60 && unix_days(year, 3, 1) - new_year == 60) ++day;
      break;
    case ZoneRule::Change::Kind::day_of_year: break;
    case ZoneRule::Change::Kind::weekday: {
      const std::uint32_t first = unix_days(year, change.month, 1);
      const std::uint32_t weekday = (first + 4) % 7;  // 1970 began on a Thursday
      day = first + (change.day + 7 - weekday) % 7 + 7 * (change.week - 1);
      if (day >= unix_days(year, change.month + 1, 1)) day -= 7;  // the fifth is the last
      break;
    }
  }
  return day * kDay + change.time_s;
}

std::uint32_t minute_of(std::int64_t local_s) {
  return static_cast<std::uint32_t>(local_s % kDay / 60);
}

bool is_quiet(const QuietHours& quiet, std::uint32_t minute) {
  const bool after = minute >= quiet.from_minute, before = minute < quiet.to_minute;
  return quiet.from_minute < quiet.to_minute ? after && before : after || before;
}

}  // namespace

Status read_zone_rule(std::string_view text, ZoneRule& rule) {
  rule = {};
  const bool bare = text.starts_with('+') || text.starts_with('-');
  if (!bare && !take_name(text)) return Status::invalid;
  if (!take_time(text, 24, rule.standard_s)) return Status::invalid;
  if (!bare) {
    rule.standard_s = -rule.standard_s;  // POSIX counts west of Greenwich
    rule.has_summer = !text.empty();
  }
  if (rule.has_summer) {
    if (!take_name(text)) return Status::invalid;
    rule.summer_s = -rule.standard_s - kHour;
    if (!text.starts_with(',') && !take_time(text, 24, rule.summer_s)) return Status::invalid;
    rule.summer_s = -rule.summer_s;
    if (!take_change(text, rule.summer_begins) || !take_change(text, rule.summer_ends)) {
      return Status::invalid;
    }
  }
  return text.empty() ? Status::ok : Status::invalid;
}

std::int64_t offset_of(const ZoneRule& rule, UnixTime at) {
  if (!rule.has_summer) return rule.standard_s;
  const auto utc = static_cast<std::int64_t>(at.s);
  const std::uint32_t year = calendar({at.s + static_cast<std::uint64_t>(rule.standard_s)}).year;
  const std::int64_t begins = moment_of(rule.summer_begins, year) - rule.standard_s;
  const std::int64_t ends = moment_of(rule.summer_ends, year) - rule.summer_s;
  const bool after = utc >= begins, before = utc < ends;
  // South of the equator summer goes over the new year.
  const bool summer = begins < ends ? after && before : after || before;
  return summer ? rule.summer_s : rule.standard_s;
}

UnixTime quiet_until(const QuietHours& quiet, UnixTime now) {
  ZoneRule rule;
  if (!quiet.on || read_zone_rule(quiet.rule.view(), rule) != Status::ok) return {};
  const auto utc = static_cast<std::int64_t>(now.s);
  const std::int64_t offset = offset_of(rule, now), local = utc + offset;
  const std::uint32_t minute = minute_of(local);
  if (!is_quiet(quiet, minute)) return {};
  const std::uint32_t minutes = (quiet.to_minute + 24 * 60 - minute) % (24 * 60);
  const std::int64_t end = utc + minutes * 60 - local % 60;
  // The clocks may change before.
  const std::int64_t change = offset_of(rule, {static_cast<std::uint64_t>(end)}) - offset;
  const UnixTime moved{static_cast<std::uint64_t>(end - change)};
  // They may even leave out the end itself.
  const bool left_out = is_quiet(quiet, minute_of(end - change + offset_of(rule, moved)));
  return left_out || moved <= now ? UnixTime{static_cast<std::uint64_t>(end)} : moved;
}

}  // namespace fieldpost
