#include "agent/base/time.h"

#include <gtest/gtest.h>

#include <string>

namespace fieldpost {
namespace {

std::string written(std::uint64_t unix_s) {
  TextBuffer<32> text;
  put_time(text, UnixTime{unix_s});
  return std::string(text.written());
}

TEST(Time, PutTime_DaysAroundLeapDaysAndYears_AreThoseOfTheCalendar) {
  EXPECT_EQ(written(0), "1970-01-01T00:00:00Z");
  EXPECT_EQ(written(951'782'400), "2000-02-29T00:00:00Z");
  EXPECT_EQ(written(951'868'799), "2000-02-29T23:59:59Z");
  EXPECT_EQ(written(951'868'800), "2000-03-01T00:00:00Z");
  EXPECT_EQ(written(1'735'689'599), "2024-12-31T23:59:59Z");
  EXPECT_EQ(written(1'735'689'600), "2025-01-01T00:00:00Z");
  EXPECT_EQ(written(4'107'542'400), "2100-03-01T00:00:00Z");
}

TEST(Time, WallTime_WhicheverFractionsOfASecondAreMissing_IsThatOfTheStamp) {
  constexpr auto at = [](std::uint64_t ms) {
    return Stamp{1, Instant{ms}, UnixTime{1'795'000'000 + (ms + 300) / 1000}};
  };
  for (std::uint64_t then = 0; then < 1000; then += 50) {
    for (std::uint64_t now = then; now < 3000; now += 50) {
      ASSERT_EQ(wall_time(at(then), at(now)), at(then).wall) << then << " ms, seen at " << now;
    }
  }
}

TEST(Time, WallTime_WhenTheClockIsSetLater_IsPutRight) {
  const Stamp now{1, Instant{10'000}, UnixTime{1'795'000'000}};
  EXPECT_EQ(wall_time({1, Instant{4'000}, {}}, now).s, 1'794'999'994u);
  EXPECT_EQ(wall_time({1, Instant{4'000}, UnixTime{1'700'000'000}}, now).s, 1'794'999'994u);
  EXPECT_EQ(wall_time({2, Instant{4'000}, UnixTime{1'700'000'000}}, now).s, 1'700'000'000u);
  EXPECT_EQ(wall_time({1, Instant{4'000}, UnixTime{1'700'000'000}}, {1, Instant{5'000}, {}}).s,
            1'700'000'000u);
}

std::uint64_t read(const char* text) {
  const Result<UnixTime> time = read_time(text);
  return time.ok() ? time.value().s : 0;
}

TEST(Time, ReadTime_ReadsWhatRfc3339Has) {
  EXPECT_EQ(read("2024-12-31T23:59:59Z"), 1'735'689'599u);
  EXPECT_EQ(read("2024-12-31T23:59:60Z"), 1'735'689'600u) << "a leap second";
  EXPECT_EQ(read("2025-01-01T02:30:00.125+02:30"), 1'735'689'600u);
  EXPECT_EQ(read("2024-12-31T16:00:00-08:00"), 1'735'689'600u);
  EXPECT_EQ(read("2000-02-29T00:00:00Z"), 951'782'400u);
}

TEST(Time, ReadTime_RefusesWhatIsNoTime) {
  for (const char* text : {"",
                           "2025",
                           "2025-01-01",
                           "2025-01-01T00:00:00",
                           "2025-01-01 00:00:00Z",
                           "2025-02-29T00:00:00Z",
                           "2025-13-01T00:00:00Z",
                           "2025-00-01T00:00:00Z",
                           "2025-01-00T00:00:00Z",
                           "2025-01-01T24:00:00Z",
                           "2025-01-01T00:60:00Z",
                           "2025-01-01T00:00:61Z",
                           "2025-01-01T00:00:00.Z",
                           "2025-01-01T00:00:00.5",
                           "2025-01-01T00:00:00+02",
                           "2025-01-01T00:00:00+24:00",
                           "2025-01-01T00:00:00+02:00x",
                           "1969-12-31T00:00:00Z",
                           "1970-01-01T00:00:00+01:00",
                           "2025-01-01T00:00:00ZZ"}) {
    EXPECT_FALSE(read_time(text).ok()) << text;
  }
}

}  // namespace
}  // namespace fieldpost
