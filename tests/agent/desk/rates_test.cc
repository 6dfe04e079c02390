#include "agent/desk/rates.h"

#include <gtest/gtest.h>

#include <string>

namespace fieldpost {
namespace {

constexpr Rate kRate{5, 1_s};

int taken(Rates& rates, std::string_view source, Instant now, int asks) {
  int count = 0;
  for (int i = 0; i < asks; ++i) count += rates.take(source, kRate, now);
  return count;
}

TEST(Rates, SoManyAtOnce_ThenOneAtATime) {
  Rates rates;
  Instant now{1'000'000};
  EXPECT_EQ(taken(rates, "a", now, 100), 5);
  EXPECT_EQ(taken(rates, "a", now + 999_ms, 100), 0);
  EXPECT_EQ(taken(rates, "a", now + 1_s, 100), 1);
  EXPECT_EQ(taken(rates, "a", now + 4_s, 100), 3);
  EXPECT_EQ(taken(rates, "a", now + 60_s, 100), 5) << "a wait makes no more than that";
}

TEST(Rates, WhatIsGivenBack_DoesNotCount) {
  Rates rates;
  const Instant now{1'000'000};
  EXPECT_EQ(taken(rates, "a", now, 4), 4);
  for (int i = 0; i < 10; ++i) {
    ASSERT_TRUE(rates.take("a", kRate, now)) << i;
    rates.give_back("a", kRate);
  }
  EXPECT_EQ(taken(rates, "a", now, 100), 1);
}

TEST(Rates, OneThatFloods_TakesNothingFromAnother) {
  Rates rates;
  const Instant now{1'000'000};
  EXPECT_EQ(taken(rates, "a", now, 100), 5);
  EXPECT_EQ(taken(rates, "b", now, 100), 5);
  EXPECT_EQ(taken(rates, "", now, 100), 5);
}

TEST(Rates, MoreSourcesThanPlaces_DoNotFreeOneThatFloods) {
  Rates rates;
  const Instant now{1'000'000};
  EXPECT_EQ(taken(rates, "flood", now, 100), 5);
  for (int i = 0; i < 100; ++i) EXPECT_EQ(taken(rates, std::to_string(i), now, 1), 1);
  EXPECT_EQ(taken(rates, "flood", now, 100), 0);
}

}  // namespace
}  // namespace fieldpost
