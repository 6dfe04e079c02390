#include "agent/http/date.h"

#include <gtest/gtest.h>

namespace fieldpost::http {
namespace {

constexpr UnixTime kNow{784'111'777};  // Sun, 06 Nov 1994 08:49:37 GMT

TEST(HttpDate, ReadDate_AllThreeForms_GiveTheSameTime) {
  EXPECT_EQ(read_date("Sun, 06 Nov 1994 08:49:37 GMT").value(), kNow);
  EXPECT_EQ(read_date("Sun Nov  6 08:49:37 1994").value(), kNow);
  EXPECT_EQ(read_date("Saturday, 21-Nov-26 04:20:00 GMT").value(),
            read_date("Sat, 21 Nov 2026 04:20:00 GMT").value());
  EXPECT_EQ(read_date("Sat Nov 21 04:20:00 2026").value().s, 1'795'234'800u);
  EXPECT_TRUE(read_date("Thu, 29 Feb 2024 23:59:60 GMT").ok());
}

TEST(HttpDate, ReadDate_Nonsense_IsRefused) {
  for (const char* text : {"",
                           "Sun",
                           "Sun,",
                           "Sun, 06 Nov 1994",
                           "Sun, 06 Nov 1994 08:49:37",
                           "Sun, 6 Nov 1994 08:49:37 GMT",
                           "Sun, 00 Nov 1994 08:49:37 GMT",
                           "Sun, 31 Nov 1994 08:49:37 GMT",
                           "Sun, 29 Feb 2023 08:49:37 GMT",
                           "Sun, 06 Nov 1994 24:49:37 GMT",
                           "Sun, 06 Nov 1994 08:60:37 GMT",
                           "Sun, 06 Nov 1994 08:49:61 GMT",
                           "Sun, 06 Now 1994 08:49:37 GMT",
                           "Sun, 06 Nov 1994 08:49:37 CET",
                           "Sun, 06 Nov 1994 08:49:37 GMT ",
                           "Sun, 06 Nov 1969 08:49:37 GMT",
                           "sun, 06 Nov 1994 08:49:37 GMT",
                           "Sun Nov   08:49:37 1994",
                           "Sunday, 06-Nov-1994 08:49:37 GMT",
                           "1994-11-06T08:49:37Z",
                           "784111777"}) {
    EXPECT_EQ(read_date(text).status(), Status::invalid) << text;
  }
}

TEST(HttpDate, ReadRetryAfter_SecondsAndDates_AreCapped) {
  EXPECT_EQ(read_retry_after("120", kNow, 3600), 120u);
  EXPECT_EQ(read_retry_after(" 0 ", std::nullopt, 3600), 0u);
  EXPECT_EQ(read_retry_after("7200", kNow, 3600), 3600u);
  EXPECT_EQ(read_retry_after("99999999999999999999999999", kNow, 3600), 3600u);
  EXPECT_EQ(read_retry_after("Sun, 06 Nov 1994 08:50:37 GMT", kNow, 3600), 60u);
  EXPECT_EQ(read_retry_after("Sun, 06 Nov 1994 08:00:00 GMT", kNow, 3600), 0u);
  EXPECT_EQ(read_retry_after("Tue, 06 Dec 1994 08:50:37 GMT", kNow, 3600), 3600u);
}

TEST(HttpDate, ReadRetryAfter_NonsenseOrNoClock_SaysNothing) {
  for (const char* text : {"", " ", "-1", "+5", "1.5", "5s", "soon", "0x10"}) {
    EXPECT_EQ(read_retry_after(text, kNow, 3600), std::nullopt) << text;
  }
  EXPECT_EQ(read_retry_after("Sun, 06 Nov 1994 08:50:37 GMT", std::nullopt, 3600), std::nullopt);
}

TEST(HttpDate, ReadKeepAlive_FindsTheTimeoutAmongOtherThings) {
  EXPECT_EQ(read_keep_alive("timeout=5, max=100"), 5u);
  EXPECT_EQ(read_keep_alive("max=100,Timeout=75"), 75u);
  EXPECT_EQ(read_keep_alive("max=100"), std::nullopt);
  EXPECT_EQ(read_keep_alive("timeout="), std::nullopt);
  EXPECT_EQ(read_keep_alive("timeout=x"), std::nullopt);
  EXPECT_EQ(read_keep_alive(""), std::nullopt);
}

}  // namespace
}  // namespace fieldpost::http
