#include "agent/http/date.h"

#include <algorithm>

#include "agent/base/number.h"
#include "agent/http/header_line.h"

namespace fieldpost::http {
namespace {

constexpr char kMonths[] = "JanFebMarAprMayJunJulAugSepOctNovDec";
constexpr char kDays[] = "MonTueWedThuFriSatSun";

// A digit of the year, the day, the hour, the minute and the second.
constexpr std::string_view kDigits = "YDhms";

// `a` and `b` stand for the names of a day and of a month, `*` for the rest of a day's whole name,
// `_` for a digit of the day or a space, and `C` for "20", which is not written: this program was
// not before 2026, so no date in two digits lies in 1970 to 1999. All else stands for itself.
constexpr const char* kForms[] = {
    "a, DD b YYYY hh:mm:ss GMT",  // IMF-fixdate
    "a*, DD-b-CYY hh:mm:ss GMT",  // RFC 850
    "a b _D hh:mm:ss YYYY",       // asctime
};

struct Date {
  std::uint32_t numbers[kDigits.size()] = {};
  std::uint32_t month = 0;
};

// Takes off one of `names`, of three letters each. Which one, from 1; 0: it is none.
std::uint32_t take_name(std::string_view& text, std::string_view names) {
  const std::size_t at = names.find(text.substr(0, 3));
  if (text.size() < 3 || at == names.npos || at % 3 != 0) return 0;
  text.remove_prefix(3);
  return static_cast<std::uint32_t>(at / 3 + 1);
}

bool read_by(std::string_view form, std::string_view text, Date& date) {
  date = Date{};
  for (char sign : form) {
    if (sign == 'C') {
      date.numbers[0] = 20;
      continue;
    }
    if (sign == 'a' || sign == 'b') {
      date.month = take_name(text, sign == 'a' ? kDays : kMonths);
      if (date.month == 0) return false;
      continue;
    }
    if (sign == '*') {
      while (!text.empty() && is_small(text[0])) text.remove_prefix(1);
      continue;
    }
    if (text.empty()) return false;
    const char c = text[0];
    text.remove_prefix(1);
    if (sign == '_') sign = c == ' ' ? ' ' : 'D';
    const std::size_t field = kDigits.find(sign);
    if (field == kDigits.npos) {
      if (c != sign) return false;
    } else if (is_digit(c)) {
      date.numbers[field] = date.numbers[field] * 10 + static_cast<std::uint32_t>(c - '0');
    } else {
      return false;
    }
  }
  return text.empty();
}

}  // namespace

Result<UnixTime> read_date(std::string_view text) {
  Date date;
  bool read = false;
  for (const char* form : kForms) read = read || read_by(form, text, date);
  const auto [year, day, hour, minute, second] = date.numbers;
  if (!read || year < 1970 || hour > 23 || minute > 59 || second > 60) return Status::invalid;
  const std::uint32_t first = unix_days(year, date.month, 1);
  if (day == 0 || day > unix_days(year, date.month + 1, 1) - first) return Status::invalid;
  return UnixTime{std::uint64_t{first + day - 1} * 86'400 + hour * 3600 + minute * 60 + second};
}

std::optional<std::uint32_t> read_retry_after(std::string_view value, std::optional<UnixTime> now,
                                              std::uint32_t cap_s) {
  value = trimmed(value);
  if (value.empty()) return std::nullopt;
  std::uint64_t wait = cap_s;
  if (value.find_first_not_of("0123456789") == value.npos) {
    (void)take_number(value, wait);  // beyond 64 bits the cap stays
  } else {
    const Result<UnixTime> date = read_date(value);
    if (!date.ok() || !now) return std::nullopt;
    wait = date.value() > *now ? date.value().s - now->s : 0;
  }
  return static_cast<std::uint32_t>(std::min<std::uint64_t>(wait, cap_s));
}

std::optional<std::uint32_t> read_keep_alive(std::string_view value) {
  constexpr std::string_view kName = "timeout=";
  const std::size_t at = find_letters(value, kName);
  if (at == value.npos) return std::nullopt;
  value.remove_prefix(at + kName.size());
  return read_retry_after(value.substr(0, value.find(',')), std::nullopt, 24 * 3600);
}

}  // namespace fieldpost::http
