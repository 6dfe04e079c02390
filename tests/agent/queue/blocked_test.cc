#include <gtest/gtest.h>

#include "tests/agent/queue/store.h"

namespace fieldpost {
namespace {

constexpr std::string_view kNumber = "12025550199", kOther = "12025550198";

void turn_round(Store& store, std::uint32_t laps) {
  const std::uint32_t until = laps * store.flash.geometry().segments;
  while (store.queue->usage().segments_recycled < until) {
    ASSERT_EQ(store.queue->record(store.take_one(1), ended(State::accepted)), Status::ok);
    ASSERT_EQ(store.queue->commit(), Status::ok);
  }
}

TEST(Queue, Blocked_LastsAcrossBootsAndRoundTheRegion) {
  for (const FlashGeometry geometry : {FakeFlash::file(), FakeFlash::nor()}) {
    Store store(geometry);
    EXPECT_FALSE(store.queue->is_blocked(kNumber));
    for (const bool on : {true, false, true}) {
      ASSERT_EQ(store.queue->set_blocked(kNumber, on), Status::ok);
      ASSERT_EQ(store.queue->commit(), Status::ok);
      turn_round(store, 3);
      for (int boot = 0; boot < 2; ++boot) {
        EXPECT_EQ(store.queue->is_blocked(kNumber), on);
        EXPECT_FALSE(store.queue->is_blocked(kOther));
        EXPECT_EQ(store.queue->blocked_count(), on ? 1u : 0u);
        store.clock.reboot();
        store.restart();
      }
    }
  }
}

TEST(Queue, Blocked_PowerCutAtAnyWrite_IsAsItWasOrAsItWasToldToBe) {
  for (const bool on : {true, false}) {
    for (std::uint32_t cut = 0;; ++cut) {
      Store store;
      ASSERT_EQ(store.queue->set_blocked(kNumber, !on), Status::ok);
      ASSERT_EQ(store.queue->commit(), Status::ok);
      store.flash.cut_power_after(cut);
      const bool promised = store.queue->set_blocked(kNumber, on) == Status::ok &&
                            store.queue->commit() == Status::ok;
      const bool finished = !store.flash.lost_power();
      const Store after(store.flash.after_cut(cut));
      EXPECT_TRUE(!promised || after.queue->is_blocked(kNumber) == on);
      if (finished) break;
    }
  }
}

TEST(Queue, Blocked_TheNumberIsNotInTheRegion_NorIsItsHashThatOfAnotherStore) {
  Store store, other;
  ASSERT_EQ(store.queue->set_blocked(kNumber, true), Status::ok);
  ASSERT_EQ(store.queue->commit(), Status::ok);
  EXPECT_FALSE(holds(store.flash, kNumber));
  constexpr StoreId kOtherId = {std::byte{0x77}};
  other.flash = FakeFlash();
  other.queue = std::make_unique<Queue>(other.flash, other.clock, 100);
  ASSERT_EQ(other.queue->open(kOtherId, other.report), Status::ok);
  ASSERT_EQ(other.queue->set_blocked(kNumber, true), Status::ok);
  ASSERT_EQ(other.queue->commit(), Status::ok);
  const auto record_of = [](const Store& one) {
    constexpr std::size_t kFirstCommit = 4096;  // the store itself is the one before
    const auto bytes = std::span(one.flash.bytes()).subspan(kFirstCommit + kBodyAt, 16);
    return std::vector<std::byte>(bytes.begin() + kRecordBodyAt, bytes.end());
  };
  EXPECT_NE(record_of(store), record_of(other));
}

TEST(Queue, Blocked_AFullList_RefusesOneMore_AndAllOfItIsCarriedOn) {
  Store store;
  const auto number = [](std::size_t n) { return "1202555" + std::to_string(10'000 + n); };
  for (std::size_t n = 0; n < limits::blocked_max; ++n) {
    ASSERT_EQ(store.queue->set_blocked(number(n), true), Status::ok);
  }
  ASSERT_EQ(store.queue->commit(), Status::ok);
  EXPECT_EQ(store.queue->set_blocked(kNumber, true), Status::full);
  EXPECT_EQ(store.queue->set_blocked(number(7), true), Status::ok) << "it is blocked already";
  turn_round(store, 2);
  store.restart();
  for (std::size_t n = 0; n < limits::blocked_max; ++n) {
    ASSERT_TRUE(store.queue->is_blocked(number(n)));
  }
  ASSERT_EQ(store.queue->set_blocked(number(7), false), Status::ok);
  EXPECT_EQ(store.queue->set_blocked(kNumber, true), Status::ok);
}

TEST(Queue, Blocked_WhatIsSoAlready_CostsNoWrite) {
  Store store;
  ASSERT_EQ(store.queue->set_blocked(kNumber, false), Status::ok);
  EXPECT_FALSE(store.queue->pending());
}

}  // namespace
}  // namespace fieldpost
