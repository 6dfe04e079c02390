#include "agent/base/secret.h"

#include <gtest/gtest.h>

#include <string>

namespace fieldpost {
namespace {

TEST(Secret, Is_OnlyTheWholeOfItAndNothingMore) {
  const std::string secret = "K7vQ";
  EXPECT_TRUE(is_secret(secret, secret));
  for (std::size_t at = 0; at < secret.size(); ++at) {
    std::string wrong = secret;
    wrong[at] ^= 0x20;
    EXPECT_FALSE(is_secret(wrong, secret)) << at;
    EXPECT_FALSE(is_secret(secret.substr(0, at), secret)) << at;
  }
  EXPECT_FALSE(is_secret(secret + "x", secret));
  EXPECT_FALSE(is_secret(secret + std::string(1, '\0'), secret));
  EXPECT_FALSE(is_secret(std::string(secret.size() + 256, 'K'), secret));
}

}  // namespace
}  // namespace fieldpost
