#include "agent/http/date.h"

#include <array>

#include "agent/http/header_line.h"

namespace fieldpost::http {
namespace {

constexpr std::array<std::string_view, 12> kMonths = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                                      "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
constexpr std::array<std::string_view, 7> kDays = {"Monday", "Tuesday",  "Wednesday", "Thursday",
                                                   "Friday", "Saturday", "Sunday"};

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
    for (std::size_t i = 0; i < kMonths.size(); ++i) {
      if (skip(kMonths[i])) return static_cast<std::uint32_t>(i + 1);
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
  constexpr std::array<std::uint32_t, 12> kLengths = {31, 28, 31, 30, 31, 30,
                                                      31, 31, 30, 31, 30, 31};
  const bool leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
  return kLengths[month - 1] + (month == 2 && leap ? 1 : 0);
}

struct Clockface {
  std::uint32_t hour = 0, minute = 0, second = 0;
};
Clockface read_clockface(Cursor& in) {
  Clockface face;
  face.hour = in.number(2);
  in.expect(":");
  face.minute = in.number(2);
  in.expect(":");
  face.second = in.number(2);
  return face;
}

}  // namespace

Result<UnixTime> read_date(std::string_view text) {
  std::uint32_t year = 0, month = 0, day = 0;
  Clockface face;
  Cursor in(text);
  bool long_name = false, short_name = false;
  for (const std::string_view name : kDays) {
    if (in.skip(name)) {
      long_name = true;
      break;
    }
    if (in.skip(name.substr(0, 3))) {
      short_name = true;
      break;
    }
  }
  if (!long_name && !short_name) return Status::invalid;
  if (long_name) {  // RFC 850
    in.expect(", ");
    day = in.number(2);
    in.expect("-");
    month = in.month();
    in.expect("-");
    // Two digits: this program was not written before 2026, so no such date lies in 1970 to 1999.
    year = 2000 + in.number(2);
    in.expect(" ");
    face = read_clockface(in);
    in.expect(" GMT");
  } else if (in.skip(",")) {  // IMF-fixdate
    in.expect(" ");
    day = in.number(2);
    in.expect(" ");
    month = in.month();
    in.expect(" ");
    year = in.number(4);
    in.expect(" ");
    face = read_clockface(in);
    in.expect(" GMT");
  } else {  // asctime
    in.expect(" ");
    month = in.month();
    in.expect(" ");
    day = in.number(2, true);
    in.expect(" ");
    face = read_clockface(in);
    in.expect(" ");
    year = in.number(4);
  }
  if (!in.finished() || year < 1970 || month == 0) return Status::invalid;
  if (day == 0 || day > days_in(year, month)) return Status::invalid;
  if (face.hour > 23 || face.minute > 59 || face.second > 60) return Status::invalid;
  return UnixTime{unix_days(year, month, day) * 86'400 + face.hour * 3600 + face.minute * 60 +
                  face.second};
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
