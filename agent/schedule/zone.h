// Local time by a rule: "CET-1CEST,M3.5.0,M10.5.0/3" (POSIX.1, 8.3, TZ; with RFC 9636, 3.3.1: hours
// up to 167), or just an offset from UTC: "+02:00". Arithmetic: no file, no clock.
#pragma once

#include <cstdint>
#include <string_view>

#include "agent/base/status.h"
#include "agent/base/time.h"
#include "agent/settings/settings.h"

namespace fieldpost {

struct ZoneRule {
  // When a change is due, in local time as it is before it.
  struct Change {
    enum class Kind : std::uint8_t { julian, day_of_year, weekday };
    Kind kind = Kind::weekday;
    std::uint32_t day = 0;  // of the year; of the week for a weekday
    std::uint32_t month = 0, week = 0;
    std::int64_t time_s = 0;  // of the day
  };
  std::int64_t standard_s = 0, summer_s = 0;  // east of UTC
  bool has_summer = false;
  Change summer_begins, summer_ends;
};

//   invalid: it is no rule; the name of a zone is none either.
Status read_zone_rule(std::string_view text, ZoneRule& rule);

// What is to be added to UTC.
std::int64_t offset_of(const ZoneRule& rule, UnixTime at);

// When the quiet hours end that `now` lies in; 0: it lies in none.
UnixTime quiet_until(const QuietHours& quiet, UnixTime now);

}  // namespace fieldpost
