#include "platform/mbedtls/sha256.h"

#include <gtest/gtest.h>

namespace fieldpost {
namespace {

TEST(Sha256, OfTheStandardsExamples_IsWhatTheStandardSays) {  // FIPS 180-4, "abc" and nothing
  TextBuffer<64> abc, nothing;
  put_sha256(abc, "abc");
  put_sha256(nothing, "");
  EXPECT_EQ(abc.written(), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  EXPECT_EQ(nothing.written(), "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
}

TEST(Base64Url, OfTheStandardsExamples_HasNoEqualsSigns) {  // RFC 4648, 10
  const auto encoded = [](std::string_view text) {
    TextBuffer<16> out;
    put_base64url(out, std::as_bytes(std::span(text)));
    return std::string(out.written());
  };
  EXPECT_EQ(encoded(""), "");
  EXPECT_EQ(encoded("f"), "Zg");
  EXPECT_EQ(encoded("fo"), "Zm8");
  EXPECT_EQ(encoded("foobar"), "Zm9vYmFy");
  EXPECT_EQ(encoded("\xfb\xff"), "-_8");
}

}  // namespace
}  // namespace fieldpost
