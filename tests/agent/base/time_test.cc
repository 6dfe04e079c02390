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

}  // namespace
}  // namespace fieldpost
