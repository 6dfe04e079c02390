#include "agent/base/number.h"

#include <gtest/gtest.h>

namespace fieldpost {
namespace {

TEST(Number, TakeNumber_DigitsInFront_TakesThemOffAndLeavesTheRest) {
  std::string_view text = "0128MiB";
  std::uint64_t number = 7;
  EXPECT_TRUE(take_number(text, number));
  EXPECT_EQ(number, 128u);
  EXPECT_EQ(text, "MiB");
}

TEST(Number, TakeNumber_LargestOfSixtyFourBits_IsTakenAndOneMoreIsNot) {
  std::string_view text = "18446744073709551615";
  std::uint64_t number = 7;
  EXPECT_TRUE(take_number(text, number));
  EXPECT_EQ(number, UINT64_MAX);
  EXPECT_EQ(text, "");
  for (const std::string_view beyond : {"18446744073709551616", "99999999999999999999999"}) {
    text = beyond;
    number = 7;
    EXPECT_FALSE(take_number(text, number)) << beyond;
    EXPECT_EQ(number, 7u);
    EXPECT_EQ(text, beyond);
  }
}

TEST(Number, TakeNumber_NoDigitInFront_LeavesBothAsTheyWere) {
  for (const std::string_view none : {"", "-1", "+1", " 1", "MiB"}) {
    std::string_view text = none;
    std::uint64_t number = 7;
    EXPECT_FALSE(take_number(text, number)) << none;
    EXPECT_EQ(number, 7u);
    EXPECT_EQ(text, none);
  }
}

}  // namespace
}  // namespace fieldpost
