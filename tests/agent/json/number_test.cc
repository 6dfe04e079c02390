#include "agent/json/number.h"

#include <gtest/gtest.h>

#include <random>
#include <string>

namespace {

double read(const std::string& text, std::size_t& length) {
  char* end = nullptr;
  const double number = fieldpost_json_number(text.c_str(), &end);
  length = static_cast<std::size_t>(end - text.c_str());
  return number;
}

double whole(const std::string& text) {
  std::size_t length = 0;
  const double number = read(text, length);
  EXPECT_EQ(length, text.size()) << text;
  return number;
}

TEST(JsonNumber, Read_WholeNumbers_AreExactHoweverWritten) {
  EXPECT_EQ(whole("0"), 0);
  EXPECT_EQ(whole("-0"), 0);
  EXPECT_EQ(whole("0.000"), 0);
  EXPECT_EQ(whole("0e999999999999"), 0);
  EXPECT_EQ(whole("-17"), -17);
  EXPECT_EQ(whole("100"), 100);
  EXPECT_EQ(whole("1e2"), 100);
  EXPECT_EQ(whole("1E+2"), 100);
  EXPECT_EQ(whole("100.000"), 100);
  EXPECT_EQ(whole("1200e-2"), 12);
  EXPECT_EQ(whole("0.0000001e7"), 1);
  EXPECT_EQ(whole("1.25e2"), 125);
  EXPECT_EQ(whole("9007199254740992"), 9007199254740992.0);
  EXPECT_EQ(whole("-9007199254740992"), -9007199254740992.0);
  EXPECT_EQ(whole("9007199254740991.000e0"), 9007199254740991.0);
  EXPECT_EQ(whole("1" + std::string(400, '0') + "e-400"), 1);
}

TEST(JsonNumber, Read_WhatIsNoWholeNumberOrTooLarge_IsNoIntegerOfOurs) {
  for (const char* text :
       {"1.5", "0.1", "1e-1", "9007199254740993", "9007199254740991.5",
        "1.00000000000000000000000000000001", "1e16", "1e999999999999", "1e-999999999999",
        "18446744073709551617", "12e-2", "99999999999999999999999999999999999999e-37"}) {
    EXPECT_EQ(whole(text), fieldpost::kNoInteger) << text;
    EXPECT_EQ(whole(std::string("-") + text), -fieldpost::kNoInteger) << text;
  }
}

TEST(JsonNumber, Read_ManyWholeNumbers_AreWhatTheLibcSays) {
  std::mt19937_64 random(1);
  for (int i = 0; i < 20'000; ++i) {
    const std::string text = std::to_string(random() >> (11 + random() % 53));
    EXPECT_EQ(whole(text), std::stod(text)) << text;
    EXPECT_EQ(whole(text + "000e-3"), std::stod(text)) << text;
  }
}

TEST(JsonNumber, Read_NoNumber_StopsWhereItBegan) {
  std::size_t length = 1;
  for (const char* text : {"", "-", "+1", ".5", "e5", "x"}) {
    read(text, length);
    EXPECT_EQ(length, 0u) << text;
  }
  EXPECT_EQ(read("12,", length), 12);
  EXPECT_EQ(length, 2u);
}

}  // namespace
