#include "agent/queue/sends.h"

#include <gtest/gtest.h>

#include <memory>

namespace fieldpost {
namespace {

Moment at(std::uint32_t s) { return {s & 0x7fff'ffff, false}; }

TEST(Sends, HeardOfInAnyOrder_AreCountedByTheirTimes) {
  const auto sends = std::make_unique<Sends>();
  for (const std::uint32_t s : {30u, 10u, 50u, 20u, 40u}) {
    sends->add(7, at(s));
    sends->add(7 + 256, at(s + 1000));  // of the same chain
  }
  for (std::uint32_t count = 1; count <= 5; ++count) {
    EXPECT_EQ(sends->newest(7, count).s, 60 - 10 * count);
    EXPECT_EQ(sends->newest(7 + 256, count).s, 1060 - 10 * count);
  }
  EXPECT_TRUE(sends->newest(7, 6).empty());
}

TEST(Sends, MoreThanAreKnown_LeaveTheNewest) {
  const auto sends = std::make_unique<Sends>();
  const auto known = static_cast<std::uint32_t>(limits::sends_known);
  for (std::uint32_t s = 1; s <= 3 * known; ++s) sends->add(7, at(s));
  EXPECT_EQ(sends->newest(7, 1).s, 3 * known);
  EXPECT_EQ(sends->newest(7, known - 1).s, 2 * known + 2);
  EXPECT_TRUE(sends->newest(7, known + 1).empty());
}

}  // namespace
}  // namespace fieldpost
