#include "agent/base/utf8.h"

#include <gtest/gtest.h>

#include <string>

namespace fieldpost {
namespace {

// Every code point, encoded here by the definition and read back.
std::string encode(char32_t c) {
  std::string out;
  const auto tail = [&](int shift) { out += static_cast<char>(0x80u | ((c >> shift) & 0x3fu)); };
  if (c < 0x80) {
    out += static_cast<char>(c);
  } else if (c < 0x800) {
    out += static_cast<char>(0xc0u | (c >> 6));
    tail(0);
  } else if (c < 0x10000) {
    out += static_cast<char>(0xe0u | (c >> 12));
    tail(6);
    tail(0);
  } else {
    out += static_cast<char>(0xf0u | (c >> 18));
    tail(12);
    tail(6);
    tail(0);
  }
  return out;
}

TEST(Utf8, FirstCharacter_EveryCodePoint_IsReadBackAndSurrogatesAreNot) {
  for (char32_t c = 0; c <= 0x10ffff; ++c) {
    const std::string text = encode(c);
    const Character read = first_character(text);
    if (c >= 0xd800 && c <= 0xdfff) {
      ASSERT_EQ(read.bytes, 0) << std::hex << static_cast<std::uint32_t>(c);
    } else {
      ASSERT_EQ(read.code, c);
      ASSERT_EQ(read.bytes, text.size());
      if (text.size() > 1) {
        ASSERT_EQ(first_character(std::string_view(text).substr(0, text.size() - 1)).bytes, 0);
      }
    }
  }
}

TEST(Utf8, IsUtf8_BytesThatAreNoCharacters_AreRefused) {
  for (const std::string_view text :
       {"\x80", "a\xbf", "\xc0\x80", "\xc1\xbf", "\xe0\x80\x80", "\xe0\x9f\xbf", "\xf0\x80\x80\x80",
        "\xf0\x8f\xbf\xbf", "\xed\xa0\x80", "\xed\xbf\xbf", "\xf4\x90\x80\x80", "\xf5\x80\x80\x80",
        "\xff", "\xfe", "\xc3", "\xe2\x82", "\xf0\x9f\x98", "\xc3(", "\xf8\x88\x80\x80\x80"}) {
    EXPECT_FALSE(is_utf8(text)) << testing::PrintToString(std::string(text));
  }
  EXPECT_TRUE(is_utf8(""));
  EXPECT_TRUE(is_utf8("größer — 😀"));
}

TEST(Utf8, CutTo_NeverEndsWithinACharacter) {
  const std::string text = "aä€😀";
  for (std::size_t max = 0; max <= text.size() + 1; ++max) {
    const std::string_view cut = cut_to(text, max);
    EXPECT_LE(cut.size(), max);
    EXPECT_TRUE(is_utf8(cut)) << max;
    EXPECT_GT(cut.size() + 4, std::min(max, text.size()));
  }
  EXPECT_EQ(count_characters(text), 4u);
}

}  // namespace
}  // namespace fieldpost
