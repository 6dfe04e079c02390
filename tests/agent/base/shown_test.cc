#include "agent/base/shown.h"

#include <gtest/gtest.h>

#include <string>

namespace fieldpost {
namespace {

std::string shown(std::string_view words, std::size_t bytes_max) {
  TextBuffer<128> out;
  put_shown(out, words, bytes_max);
  return std::string(out.written());
}

TEST(Shown, Foreign_IsCutAndCannotSteerATerminal) {
  EXPECT_EQ(shown("customerName", 64), "customerName");
  EXPECT_EQ(shown("\x1b[2J\tcaf\xe9 \xe2\x80\xa8", 64), "?[2J?caf? ?");
  EXPECT_EQ(shown("customerName", 11), "customer…");
  EXPECT_EQ(shown("Größe", 3 + 3), "Gr…");
}

}  // namespace
}  // namespace fieldpost
