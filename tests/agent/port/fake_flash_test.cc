// The device that the queue is tested on does what the top of fake_flash.h says.
#include "tests/fakes/fake_flash.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <set>
#include <utility>
#include <vector>

namespace fieldpost {
namespace {

std::vector<std::byte> page(int value) {
  return std::vector<std::byte>(4096, static_cast<std::byte>(value));
}

std::byte first_of(FakeFlash& flash, std::uint32_t segment) {
  std::array<std::byte, 1> byte{};
  EXPECT_EQ(flash.read(segment, 0, byte), Status::ok);
  return byte[0];
}

// Of two pages, each kept, lost or torn.
TEST(FakeFlash, Cut_LeavesEverySubsetOfUnsyncedUnits) {
  FakeFlash flash;
  ASSERT_EQ(flash.write(0, 0, page(1)), Status::ok);
  ASSERT_EQ(flash.write(1, 0, page(2)), Status::ok);
  std::set<std::pair<int, int>> seen;
  for (std::uint64_t seed = 0; seed < 100; ++seed) {
    FakeFlash left = flash.after_cut(seed);
    const auto fate = [&](std::uint32_t segment, int written) {
      std::vector<std::byte> now(4096);
      EXPECT_EQ(left.read(segment, 0, now), Status::ok);
      return now == page(written) ? 2 : now == page(0) ? 0 : 1;
    };
    seen.emplace(fate(0, 1), fate(1, 2));
  }
  EXPECT_EQ(seen.size(), 9u);
}

TEST(FakeFlash, Cut_AfterSync_ChangesNothing) {
  FakeFlash flash;
  ASSERT_EQ(flash.write(0, 0, page(1)), Status::ok);
  ASSERT_EQ(flash.sync(), Status::ok);
  EXPECT_EQ(std::as_const(flash).bytes(), std::as_const(flash).after_cut(1).bytes());
}

TEST(FakeFlash, FailedOperation_IsShownUntilRefresh) {
  bool lost = false, kept = false;
  for (std::uint64_t seed = 0; seed < 30; ++seed) {
    FakeFlash flash;
    flash.fail_after(1, seed);
    ASSERT_EQ(flash.write(0, 0, page(1)), Status::ok);
    ASSERT_EQ(flash.sync(), Status::io);
    EXPECT_EQ(first_of(flash, 0), std::byte{1});
    ASSERT_EQ(flash.refresh(), Status::ok);
    lost |= flash.bytes() == FakeFlash().bytes();
    kept |= std::equal(flash.bytes().begin(), flash.bytes().begin() + 4096, page(1).begin());
  }
  EXPECT_TRUE(lost);
  EXPECT_TRUE(kept);
}

TEST(FakeFlash, Nor_WriteWithoutErase_IsMisuse) {
  FakeFlash flash(FakeFlash::nor());
  ASSERT_EQ(flash.write(0, 0, page(1)), Status::ok);
  EXPECT_EQ(flash.misuse(), "");
  ASSERT_EQ(flash.write(0, 0, page(0)), Status::ok);
  EXPECT_NE(flash.misuse(), "");
}

TEST(FakeFlash, SmallerThanItSays_FailsOrBeginsAgain) {
  FakeFlash flash;
  flash.lie_about_size(8, FakeFlash::Beyond::fails);
  EXPECT_EQ(flash.write(8, 0, page(1)), Status::io);
  flash.lie_about_size(8, FakeFlash::Beyond::begins_again);
  ASSERT_EQ(flash.write(8, 0, page(1)), Status::ok);
  EXPECT_EQ(first_of(flash, 0), std::byte{1});
}

TEST(FakeFlash, ReadOnly_KeepsItsBytes) {
  FakeFlash flash(FakeFlash::nor());
  flash.make_read_only();
  EXPECT_EQ(flash.write(0, 0, page(1)), Status::io);
  EXPECT_EQ(flash.erase(0), Status::io);
  EXPECT_EQ(flash.sync(), Status::io);
  EXPECT_EQ(first_of(flash, 0), std::byte{0xff});
}

}  // namespace
}  // namespace fieldpost
