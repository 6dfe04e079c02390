#include "agent/base/crc32c.h"

#include <gtest/gtest.h>

#include <string>
#include <string_view>

namespace fieldpost {
namespace {

std::uint32_t sum_of(std::string_view text, std::uint32_t before = 0) {
  return crc32c(std::as_bytes(std::span(text)), before);
}

TEST(Crc32c, IsThatOfTheStandard) {
  // RFC 3720, B.4.
  EXPECT_EQ(sum_of(std::string(32, '\0')), 0x8a9136aau);
  EXPECT_EQ(sum_of(std::string(32, '\xff')), 0x62a8ab43u);
  std::string counting;
  for (char c = 0; c < 32; ++c) counting += c;
  EXPECT_EQ(sum_of(counting), 0x46dd794eu);
  EXPECT_EQ(sum_of("123456789"), 0xe3069283u);
  EXPECT_EQ(sum_of(""), 0u);
}

TEST(Crc32c, ContinuesAnEarlierSum) {
  constexpr std::string_view kText = "123456789";
  for (std::size_t i = 0; i <= kText.size(); ++i) {
    EXPECT_EQ(sum_of(kText.substr(i), sum_of(kText.substr(0, i))), 0xe3069283u);
  }
}

}  // namespace
}  // namespace fieldpost
