#include "agent/base/base64.h"

#include <gtest/gtest.h>

namespace fieldpost {
namespace {

TEST(Base64, VectorsOfRfc4648_BothWays_AreWhatTheyWere) {
  const char* const pairs[][2] = {{"", ""},
                                  {"f", "Zg=="},
                                  {"fo", "Zm8="},
                                  {"foo", "Zm9v"},
                                  {"foob", "Zm9vYg=="},
                                  {"fooba", "Zm9vYmE="},
                                  {"foobar", "Zm9vYmFy"},
                                  {"\xfb\xff\xbf", "+/+/"}};
  for (const auto& [plain, coded] : pairs) {
    TextBuffer<16> out;
    EXPECT_TRUE(put_decoded_base64(out, coded)) << coded;
    EXPECT_EQ(out.written(), plain);
    out.clear();
    put_base64(out, plain);
    EXPECT_EQ(out.written(), coded);
  }
}

TEST(Base64, Decoded_WhatIsNone_IsFalse) {
  for (const char* const text : {"Z", "Zg", "Zg=", "Zm9", "====", "=Zg=", "Zg==Zg==", "Zm9v\n",
                                 "Zm-_", "Zm9 ", "Zh==", "Zm9="}) {
    TextBuffer<16> out;
    EXPECT_FALSE(put_decoded_base64(out, text)) << text;
  }
}

TEST(Base64, Decoded_MoreThanThereIsRoom_Overflows) {
  TextBuffer<2> out;
  (void)put_decoded_base64(out, "Zm9v");
  EXPECT_TRUE(out.overflowed());
}

}  // namespace
}  // namespace fieldpost
