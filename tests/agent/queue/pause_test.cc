#include <gtest/gtest.h>

#include "tests/agent/queue/store.h"

namespace fieldpost {
namespace {

TEST(Queue, Paused_LastsAcrossBootsAndRoundTheRegion) {
  for (const FlashGeometry geometry : {FakeFlash::file(), FakeFlash::nor()}) {
    Store store(geometry);
    EXPECT_FALSE(store.queue->paused());
    for (const bool on : {true, false, true}) {
      ASSERT_EQ(store.queue->set_paused(on), Status::ok);
      ASSERT_EQ(store.queue->commit(), Status::ok);
      while (store.queue->usage().segments_recycled < 3 * geometry.segments) {
        ASSERT_EQ(store.queue->record(store.take_one(1), ended(State::accepted)), Status::ok);
        ASSERT_EQ(store.queue->commit(), Status::ok);
      }
      EXPECT_EQ(store.queue->paused(), on);
      store.clock.reboot();
      store.restart();
      EXPECT_EQ(store.queue->paused(), on);
    }
  }
}

TEST(Queue, Paused_PowerCutAtAnyWrite_IsAsItWasOrAsItWasToldToBe) {
  for (std::uint32_t cut = 0;; ++cut) {
    Store store;
    store.flash.cut_power_after(cut);
    const bool promised =
        store.queue->set_paused(true) == Status::ok && store.queue->commit() == Status::ok;
    const bool finished = !store.flash.lost_power();
    const Store after(store.flash.after_cut(cut));
    EXPECT_TRUE(!promised || after.queue->paused());
    if (finished) break;
  }
}

}  // namespace
}  // namespace fieldpost
