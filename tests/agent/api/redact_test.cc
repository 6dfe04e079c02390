#include "agent/api/redact.h"

#include <gtest/gtest.h>

#include <string>

#include "agent/base/utf8.h"
#include "config/limits.h"

namespace fieldpost {
namespace {

constexpr std::string_view kToken = "tok3n-own/value=";

std::string redacted(std::string_view words, std::string_view token = kToken) {
  TextBuffer<limits::detail_bytes_max> out;
  put_redacted(out, words, token);
  EXPECT_FALSE(out.overflowed());
  EXPECT_TRUE(is_utf8(out.written()));
  return std::string(out.written());
}

TEST(Redact, Words_WithoutSecrets_StayAsTheyAre) {
  for (const char* words :
       {"", "Rate limit exceeded", "(#131056) Pair rate limit hit", "Template name does not exist",
        "(#132001) Template name (service_process_changed_2026_v2) does not exist in en_US",
        "Cannot POST /VID1/sendTemplate", "The customer's name isn't valid", "größer — 😀",
        "\"quoted\" 'words' stay", "(#131056) 12 messages", "code 131026, 6 variables"}) {
    EXPECT_EQ(redacted(words), words);
  }
}

TEST(Redact, WrongToken_TheApisEcho_IsHidden) {
  EXPECT_EQ(redacted("Wrong token \"abc\" for channel VID1"),
            "Wrong token \"•••\" for channel VID1");
  EXPECT_EQ(redacted("Wrong token 'abc' for channel"), "Wrong token '•••' for channel");
  EXPECT_EQ(redacted("Wrong token “abc” for channel"), "Wrong token “•••” for channel");
  EXPECT_EQ(redacted("WRONG TOKEN (\"a b c\")"), "WRONG TOKEN (\"•••\")");
  EXPECT_EQ(redacted("Wrong token \"abc"), "Wrong token \"•••");
  EXPECT_EQ(redacted("Wrong token \""), "Wrong token \"");
  EXPECT_EQ(redacted("{\"error\":\"Wrong token \\\"abc\\\" for"),
            "{\"error\":\"Wrong token \\\"•••\" for");
  EXPECT_EQ(redacted("{\"token\":\"abc\"}"), "{\"token\":\"•••\"}");
  EXPECT_EQ(redacted("token=abc&x"), "token=•••");
  EXPECT_EQ(redacted("token: abc def"), "token: ••• def");
  EXPECT_EQ(redacted("The token isn't \"abc\""), "The token isn't \"•••\"");
}

TEST(Redact, OwnToken_Anywhere_IsHidden) {
  EXPECT_EQ(redacted("x tok3n-own/value= y"), "x ••• y");
  EXPECT_EQ(redacted("atok3n-own/value=b"), "a•••b");
  EXPECT_EQ(redacted("tok3n-\x01own/value="), "•••");
  EXPECT_EQ(redacted("tok3n-\xe2\x80\x8bown/value="), "•••");
  EXPECT_EQ(redacted("abc", "abc"), "•••");
}

TEST(Redact, WhatLooksLikeASecret_IsHidden) {
  EXPECT_EQ(redacted("Authorization: Bearer abc.def"), "Authorization: Bearer •••");
  EXPECT_EQ(redacted("bad key 0f3a9b8c7d6e5f4a3b2c1d0e"), "bad key •••");
  EXPECT_EQ(redacted("bad key EAAGm0PX4ZCpsBA-x_9Zz"), "bad key •••");
  EXPECT_EQ(redacted("wamid.HBgLMTIwMjU1NTAxMjMVAgARGBI="), "wamid.•••");
}

TEST(Redact, PhoneNumbers_AreMasked) {
  EXPECT_EQ(redacted("Sent to 12025550123"), "Sent to 1202•••0123");
  EXPECT_EQ(redacted("12025550123@c.us"), "1202•••0123@c.us");
  EXPECT_EQ(redacted("to +1 (202) 555-0123."), "to +1202•••0123.");
  EXPECT_EQ(redacted("to 1.202.555.0123, now"), "to 1202•••0123, now");
  EXPECT_EQ(redacted("5550123"), "•••23");
  EXPECT_EQ(redacted("x12025550123y"), "x1202•••0123y");
}

TEST(Redact, WhatSteersATerminal_IsDropped) {
  EXPECT_EQ(redacted("a\x1b[31mb\x07\x7f\xc2\x9b"
                     "c"),
            "a[31mbc");
  EXPECT_EQ(redacted("a\r\n\t b\xe2\x80\xa8"
                     "c"),
            "a bc");
  EXPECT_EQ(redacted("\xe2\x80\xae"
                     "abc"),
            "abc");
  EXPECT_EQ(redacted("caf\xe9 \xff"), "caf? ?");
  EXPECT_EQ(redacted("  a  b  "), "a b");
  EXPECT_EQ(redacted(std::string_view("a\0b", 3)), "ab");
}

TEST(Redact, LongWords_AreCutBetweenCharacters) {
  std::string words;
  for (int i = 0; i < 200; ++i) words += "€";
  const std::string short_enough = redacted(words);
  EXPECT_LE(short_enough.size(), limits::detail_bytes_max);
  EXPECT_GT(short_enough.size(), limits::detail_bytes_max - 4);
  EXPECT_TRUE(short_enough.ends_with("€…"));
}

TEST(Redact, ASecretAcrossTheCut_IsNotShownInPart) {
  for (std::size_t before = 0; before < 2100; ++before) {
    std::string words = "Bearer ";
    words += std::string(before, 'x') + " " + std::string(kToken);
    EXPECT_EQ(redacted(words).find("tok3n"), std::string::npos) << before;
  }
}

TEST(Redact, AnyBytes_GiveOneLineOfUtf8WithinTheRoom) {
  std::uint32_t state = 1;
  for (int round = 0; round < 3000; ++round) {
    std::string words;
    const char* pieces[] = {"token", "\"", "'", "Bearer ", "12025550123", "€", "(",
                            ")",     " ",  "=", ":"};
    for (int i = 0; i < 60; ++i) {
      state = state * 1664525u + 1013904223u;
      if ((state >> 16) % 3 == 0) {
        words += static_cast<char>(state >> 24);
      } else {
        words += pieces[(state >> 20) % std::size(pieces)];
      }
    }
    EXPECT_EQ(redacted(words).find("2025550"), std::string::npos);
  }
}

}  // namespace
}  // namespace fieldpost
