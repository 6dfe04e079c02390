#include "agent/schedule/zone.h"

#include <gtest/gtest.h>

#include <string>

namespace fieldpost {
namespace {

constexpr const char* kBerlin = "CET-1CEST,M3.5.0,M10.5.0/3";
constexpr const char* kNewYork = "EST5EDT,M3.2.0,M11.1.0";
constexpr const char* kSydney = "AEST-10AEDT,M10.1.0,M4.1.0/3";
constexpr const char* kLordHowe = "<+1030>-10:30<+11>-11,M10.1.0,M4.1.0";
constexpr const char* kNuuk = "<-02>2<-01>,M3.5.0/-1,M10.5.0/0";
constexpr const char* kJerusalem = "IST-2IDT,M3.4.4/26,M10.5.0";

UnixTime utc(const char* text) {
  const Result<UnixTime> time = read_time(text);
  EXPECT_TRUE(time.ok()) << text;
  return time.value();
}

TEST(Zone, Offset_ChangesAtTheSecondThatTheRuleSays) {
  const struct {
    const char* rule;
    const char* at;
    int minutes;
  } rows[] = {
      {"UTC0", "2026-07-01T00:00:00Z", 0},
      {"+02:00", "2026-07-01T00:00:00Z", 120},
      {"-03:30", "2026-07-01T00:00:00Z", -210},
      {"<+0545>-5:45", "2026-07-01T00:00:00Z", 345},
      {kBerlin, "2026-03-29T00:59:59Z", 60},
      {kBerlin, "2026-03-29T01:00:00Z", 120},
      {kBerlin, "2026-10-25T00:59:59Z", 120},
      {kBerlin, "2026-10-25T01:00:00Z", 60},
      {kNewYork, "2026-03-08T06:59:59Z", -300},
      {kNewYork, "2026-03-08T07:00:00Z", -240},
      {kNewYork, "2026-11-01T05:59:59Z", -240},
      {kNewYork, "2026-11-01T06:00:00Z", -300},
      {kSydney, "2026-04-04T15:59:59Z", 660},
      {kSydney, "2026-04-04T16:00:00Z", 600},
      {kSydney, "2026-10-03T15:59:59Z", 600},
      {kSydney, "2026-10-03T16:00:00Z", 660},
      {kSydney, "2026-12-31T23:59:59Z", 660},
      {kLordHowe, "2026-04-04T15:00:00Z", 630},
      {kLordHowe, "2026-01-15T00:00:00Z", 660},
      {kNuuk, "2026-03-29T00:59:59Z", -120},
      {kNuuk, "2026-03-29T01:00:00Z", -60},
      {kJerusalem, "2026-03-26T23:59:59Z", 120},
      {kJerusalem, "2026-03-27T00:00:00Z", 180},
      {"XXX3YYY,J60/0,J300/0", "2028-03-01T02:59:59Z", -180},  // a leap year: still 1 March
      {"XXX3YYY,J60/0,J300/0", "2028-03-01T03:00:00Z", -120},
      {"XXX3YYY,59/0,300/0", "2028-02-29T03:00:00Z", -120},
  };
  for (const auto& row : rows) {
    ZoneRule rule;
    ASSERT_EQ(read_zone_rule(row.rule, rule), Status::ok) << row.rule;
    EXPECT_EQ(offset_of(rule, utc(row.at)), row.minutes * 60) << row.rule << " at " << row.at;
  }
}

TEST(Zone, WhatIsNoRule_IsRefused) {
  for (const char* text :
       {"", "Europe/Berlin", "UTC", "CET-1CEST", "CE-1", "CET-1CEST,M3.5.0", "<+1-1",
        "CET-1CEST,M13.5.0,M10.5.0", "CET-1CEST,M3.6.0,M10.5.0", "CET-1CEST,M3.5.7,M10.5.0",
        "CET-1CEST,J0,J300", "CET-1CEST,1,366", "CET-25", "CET-1:60", "+2x",
        "CET-1CEST,M3.5.0/168,1", "CET-1CEST,M3.5.0,M10.5.0/3x", "+"}) {
    ZoneRule rule;
    EXPECT_EQ(read_zone_rule(text, rule), Status::invalid) << text;
  }
}

TEST(Zone, QuietHours_EndWhenTheLocalClockSaysSo) {
  const struct {
    const char* rule;
    std::uint16_t from, to;
    const char* now;
    const char* until;  // "" = not quiet
  } rows[] = {
      {"UTC0", 60, 120, "2026-11-21T00:59:59Z", ""},
      {"UTC0", 60, 120, "2026-11-21T01:00:00Z", "2026-11-21T02:00:00Z"},
      {"UTC0", 60, 120, "2026-11-21T01:59:59Z", "2026-11-21T02:00:00Z"},
      {"UTC0", 60, 120, "2026-11-21T02:00:00Z", ""},
      {"UTC0", 1320, 420, "2026-11-21T21:59:59Z", ""},
      {"UTC0", 1320, 420, "2026-11-21T22:00:00Z", "2026-11-22T07:00:00Z"},
      {"UTC0", 1320, 420, "2026-11-22T03:10:20Z", "2026-11-22T07:00:00Z"},
      {"UTC0", 1320, 420, "2026-11-22T07:00:00Z", ""},
      {"-03:30", 1320, 420, "2026-11-22T02:00:00Z", "2026-11-22T10:30:00Z"},
      {kBerlin, 1320, 420, "2026-07-01T20:00:00Z", "2026-07-02T05:00:00Z"},
      // The night in which the clocks go forward, and back, on both sides of the equator.
      {kBerlin, 1320, 420, "2026-03-28T21:00:00Z", "2026-03-29T05:00:00Z"},
      {kBerlin, 1320, 420, "2026-10-24T20:00:00Z", "2026-10-25T06:00:00Z"},
      {kNewYork, 1320, 420, "2026-03-08T04:00:00Z", "2026-03-08T11:00:00Z"},
      {kNewYork, 1320, 420, "2026-11-01T04:00:00Z", "2026-11-01T12:00:00Z"},
      {kSydney, 1320, 420, "2026-10-03T12:00:00Z", "2026-10-03T20:00:00Z"},
      {kSydney, 1320, 420, "2026-04-04T11:00:00Z", "2026-04-04T21:00:00Z"},
      // The end itself, 2:30, is left out: when 2:30 would have been.
      {kBerlin, 1320, 150, "2026-03-28T23:00:00Z", "2026-03-29T01:30:00Z"},
  };
  for (const auto& row : rows) {
    QuietHours quiet{true, row.from, row.to, {}, {}};
    MUST(quiet.rule.assign(row.rule));
    const std::uint64_t until = *row.until == 0 ? 0 : utc(row.until).s;
    EXPECT_EQ(quiet_until(quiet, utc(row.now)).s, until) << row.rule << " at " << row.now;
  }
}

TEST(Zone, QuietHours_AnyMinuteOfAYear_EndAfterNowAndOutside) {
  for (const char* rule : {kBerlin, kNewYork, kSydney, kLordHowe, kNuuk, kJerusalem}) {
    for (const std::uint16_t to : std::initializer_list<std::uint16_t>{30, 90, 150, 420}) {
      QuietHours quiet{true, 1320, to, {}, {}};
      MUST(quiet.rule.assign(rule));
      for (std::uint64_t s = 1'795'000'000; s < 1'795'000'000 + 366 * 86'400; s += 600) {
        const UnixTime end = quiet_until(quiet, {s});
        if (end.s == 0) continue;
        ASSERT_GT(end.s, s) << rule;
        ASSERT_EQ(quiet_until(quiet, end).s, 0u) << rule << " from " << s;
      }
    }
  }
}

}  // namespace
}  // namespace fieldpost
