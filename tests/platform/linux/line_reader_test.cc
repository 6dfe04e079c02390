#include "platform/linux/line_reader.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <string>

namespace fieldpost {
namespace {

class LineReaderTest : public testing::Test {
 protected:
  LineReaderTest() { EXPECT_EQ(::pipe(ends_.data()), 0); }
  ~LineReaderTest() override { ::close(ends_[0]); }
  void give(std::string_view text) {
    EXPECT_EQ(::write(ends_[1], text.data(), text.size()), static_cast<ssize_t>(text.size()));
    ::close(ends_[1]);
  }
  std::array<int, 2> ends_{};
  std::array<char, 2000> room_{};
};

TEST_F(LineReaderTest, Lines_ComeWithoutTheirEnds) {
  give("one\n\nthree");
  LineReader lines(ends_[0]);
  EXPECT_EQ(lines.next(room_).value(), "one");
  EXPECT_EQ(lines.next(room_).value(), "");
  EXPECT_EQ(lines.next(room_).value(), "three");
  EXPECT_EQ(lines.next(room_).status(), Status::not_found);
}

TEST_F(LineReaderTest, LineLongerThanTheRoom_IsSkippedWhole) {
  give(std::string(1500, 'a') + "\nnext\n");
  LineReader lines(ends_[0]);
  EXPECT_EQ(lines.next(std::span(room_).first(1499)).status(), Status::invalid);
  EXPECT_EQ(lines.next(room_).value(), "next");
}

TEST_F(LineReaderTest, LineAcrossReads_IsOne) {
  const std::string line(1500, 'a');
  give(line + "\n");
  LineReader lines(ends_[0]);
  EXPECT_EQ(lines.next(room_).value(), line);
}

}  // namespace
}  // namespace fieldpost
