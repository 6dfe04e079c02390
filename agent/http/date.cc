#include "agent/http/date.h"

#include <array>

#include "agent/http/header_line.h"

namespace fieldpost::http {
namespace {

constexpr std::string_view kMonths = "JanFebMarAprMayJunJulAugSepOctNovDec";
constexpr std::string_view kDays =
    "Monday Tuesday Wednesday Thursday Friday Saturday Sunday ";  // each with a space behind it

constexpr bool is_digit(char c) { return c >= '0' && c <= '9'; }

// Takes a text apart from the left; the first miss makes all that follows fail.
class Cursor {
 public:
  explicit Cursor(std::string_view text) : rest_(text) {}

  bool skip(std::string_view expected) {
    if (!rest_.starts_with(expected)) return false;
    rest_.remove_prefix(expected.size());
    return true;
  }
  // Exactly `digits` of them; where `padded`, spaces may stand in front in their place.
  std::uint32_t number(std::size_t digits, bool padded = false) {
    std::uint32_t value = 0;
    bool seen = false;
    if (rest_.size() < digits) return fail();
    for (std::size_t i = 0; i < digits; ++i) {
      if (padded && !seen && rest_[i] == ' ' && i + 1 < digits) continue;
      if (!is_digit(rest_[i])) return fail();
      seen = true;
      value = value * 10 + static_cast<std::uint32_t>(rest_[i] - '0');
    }
    rest_.remove_prefix(digits);
    return value;
  }
  std::uint32_t month() {
    for (std::size_t i = 0; i < kMonths.size(); i += 3) {
      if (skip(kMonths.substr(i, 3))) return static_cast<std::uint32_t>(i / 3 + 1);
    }
    return fail();
  }
  void expect(std::string_view text) {
    if (!skip(text)) ok_ = false;
  }
  bool finished() const { return ok_ && rest_.empty(); }

 private:
  std::uint32_t fail() {
    ok_ = false;
    return 0;
  }

  std::string_view rest_;
  bool ok_ = true;
};

constexpr std::uint32_t days_in(std::uint32_t year, std::uint32_t month) {
  constexpr std::array<std::uint8_t, 12> kLengths = {31, 28, 31, 30, 31, 30,
                                                     31, 31, 30, 31, 30, 31};
  const bool leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
  return kLengths[month - 1] + (month == 2 && leap ? 1 : 0);
}

struct Date {
  std::uint32_t year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0;
};

// By a pattern in the notation of strptime(3).
void read_by(std::string_view pattern, Cursor& in, Date& to) {
  for (std::size_t i = 0; i < pattern.size(); ++i) {
    if (pattern[i] != '%') {
      in.expect(pattern.substr(i, 1));
      continue;
    }
    switch (pattern[++i]) {
      case 'Y': to.year = in.number(4); break;
      // This program was not written before 2026, so no such date lies in 1970 to 1999.
      case 'y': to.year = 2000 + in.number(2); break;
      case 'b': to.month = in.month(); break;
      case 'd': to.day = in.number(2); break;
      case 'e': to.day = in.number(2, true); break;
      case 'H': to.hour = in.number(2); break;
      case 'M': to.minute = in.number(2); break;
      case 'S': to.second = in.number(2); break;
    }
  }
}

// Takes the name of a day off; what follows depends on how it was written.
std::string_view pattern_after_day(Cursor& in) {
  for (std::string_view days = kDays; !days.empty();) {
    const std::string_view name = days.substr(0, days.find(' '));
    days.remove_prefix(name.size() + 1);
    if (in.skip(name)) return ", %d-%b-%y %H:%M:%S GMT";  // RFC 850
    if (!in.skip(name.substr(0, 3))) continue;
    if (in.skip(",")) return " %d %b %Y %H:%M:%S GMT";  // IMF-fixdate
    return " %b %e %H:%M:%S %Y";                        // asctime
  }
  return {};
}

}  // namespace

Result<UnixTime> read_date(std::string_view text) {
  Cursor in(text);
  const std::string_view pattern = pattern_after_day(in);
  if (pattern.empty()) return Status::invalid;
  Date date;
  read_by(pattern, in, date);
  if (!in.finished() || date.year < 1970 || date.month == 0) return Status::invalid;
  if (date.day == 0 || date.day > days_in(date.year, date.month)) return Status::invalid;
  if (date.hour > 23 || date.minute > 59 || date.second > 60) return Status::invalid;
  return UnixTime{unix_days(date.year, date.month, date.day) * 86'400 + date.hour * 3600 +
                  date.minute * 60 + date.second};
}

std::optional<std::uint32_t> read_retry_after(std::string_view value, std::optional<UnixTime> now,
                                              std::uint32_t cap_s) {
  value = trimmed(value);
  if (value.empty()) return std::nullopt;
  if (is_digit(value.front())) {
    std::uint64_t seconds = 0;
    for (const char c : value) {
      if (!is_digit(c)) return std::nullopt;
      if (seconds <= cap_s) seconds = seconds * 10 + static_cast<std::uint64_t>(c - '0');
    }
    return static_cast<std::uint32_t>(seconds < cap_s ? seconds : cap_s);
  }
  const Result<UnixTime> date = read_date(value);
  if (!date.ok() || !now) return std::nullopt;
  if (date.value() <= *now) return 0;
  const std::uint64_t wait = date.value().s - now->s;
  return static_cast<std::uint32_t>(wait < cap_s ? wait : cap_s);
}

std::optional<std::uint32_t> read_keep_alive(std::string_view value) {
  constexpr std::string_view kName = "timeout=";
  while (!value.empty()) {
    const std::size_t comma = value.find(',');
    const std::string_view part = trimmed(value.substr(0, comma));
    value = comma == std::string_view::npos ? std::string_view() : value.substr(comma + 1);
    if (part.size() <= kName.size()) continue;
    if (!equal_ignoring_case(part.substr(0, kName.size()), kName)) continue;
    return read_retry_after(part.substr(kName.size()), std::nullopt, 24 * 3600);
  }
  return std::nullopt;
}

}  // namespace fieldpost::http
