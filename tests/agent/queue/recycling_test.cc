#include <gtest/gtest.h>

#include <algorithm>
#include <random>
#include <vector>

#include "tests/agent/queue/store.h"

namespace fieldpost {
namespace {

// The longest standing that a message can have: what room is kept for.
Standing longest(State state) {
  Standing standing;
  standing.state = state;
  EXPECT_EQ(standing.message_id.assign(std::string(limits::message_id_bytes_max, 'w')), Status::ok);
  EXPECT_EQ(standing.detail.assign(std::string(limits::detail_bytes_max, 'd')), Status::ok);
  return standing;
}

TEST(Queue, Recycling_AMessageInProgress_IsCarriedRoundTheRegion) {
  for (const FlashGeometry geometry : {FakeFlash::file(), FakeFlash::nor()}) {
    Store store(geometry);
    const MessageId kept = store.take_one(7, 1000);
    ASSERT_EQ(store.queue->record(kept, longest(State::held)), Status::ok);
    while (store.queue->usage().segments_recycled < 50) {
      ASSERT_EQ(store.queue->record(store.take_one(1), ended(State::accepted)), Status::ok);
      ASSERT_EQ(store.queue->commit(), Status::ok);
    }
    store.restart();
    Message message;
    Standing standing;
    ASSERT_EQ(store.queue->read(kept, message, standing), Status::ok);
    EXPECT_EQ(message.key, "visit-7");
    EXPECT_EQ(standing.detail.size(), limits::detail_bytes_max);
    EXPECT_EQ(store.queue->live().size(), 1u);
  }
}

TEST(Queue, Recycling_WearIsEvenAndWhatUsageSays) {
  Store store(FakeFlash::nor());
  while (store.queue->usage().segments_recycled < 100) {
    ASSERT_EQ(store.queue->record(store.take_one(1), ended(State::accepted)), Status::ok);
    const auto [least, most] =
        std::minmax_element(store.flash.erases().begin(), store.flash.erases().end());
    ASSERT_LE(*most - *least, 1u);
    ASSERT_EQ(store.queue->usage().begun_least, *least);
    ASSERT_EQ(store.queue->usage().begun_most, *most);
  }
}

TEST(Queue, EndedCounts_FollowTheLogWithoutARescan) {
  Store store;
  std::mt19937_64 random(3);
  for (int i = 0; i < 400; ++i) {
    const State state = random() % 3 == 0 ? State::dropped : State::accepted;
    ASSERT_EQ(store.queue->record(store.take_one(i), ended(state)), Status::ok);
    ASSERT_EQ(store.queue->commit(), Status::ok);
  }
  std::array<std::uint32_t, kStates> counted{};
  std::uint64_t cursor = 0;
  Message message;
  Standing standing;
  MessageId last = 0;
  while (store.queue->next_ended(cursor, message, standing) == Status::ok) {
    EXPECT_GT(message.id, last);
    last = message.id;
    ++counted[static_cast<std::size_t>(standing.state)];
  }
  EXPECT_EQ(counted, store.queue->ended_counts());
  EXPECT_LT(counted[4] + counted[11], 400u) << "nothing was recycled";
}

// 2N + 2, and one for each segment that is recycled, counted as the flash sees them.
TEST(Queue, Drain_SyncsAtMostTwicePerMessage) {
  Store store(FakeFlash::file(128, 64 * 1024));
  for (int rounds = 0; rounds < 3; ++rounds) {
    constexpr std::uint64_t kMessages = 1000;
    const std::uint64_t before = store.flash.syncs();
    const std::uint32_t recycled = store.queue->usage().segments_recycled;
    for (std::uint64_t i = 0; i < kMessages; ++i) store.take_one(static_cast<int>(i), 200);
    MessageId sending = 0;
    while (sending != 0 || !store.queue->live().empty()) {
      if (sending != 0) {
        ASSERT_EQ(store.queue->record(sending, ended(State::accepted)), Status::ok);
      }
      const auto live = store.queue->live();
      const auto next = std::find_if(live.begin(), live.end(),
                                     [](const Live& one) { return one.state == State::queued; });
      Standing start;
      start.state = State::sending;
      sending = next == live.end() ? 0 : next->id;
      if (sending != 0) {
        ASSERT_EQ(store.queue->record(sending, start), Status::ok);
      }
      ASSERT_EQ(store.queue->commit(), Status::ok);
    }
    const std::uint32_t segments = store.queue->usage().segments_recycled - recycled;
    EXPECT_LE(store.flash.syncs() - before, 2 * kMessages + 2 + segments);
    if (rounds > 0) {
      EXPECT_GT(segments, 100u);
    }
  }
}

// Fill it to the last message, then give every one of them the longest outcomes, one commit each.
TEST(Queue, Full_FinishesAllItTook_AndTakesAgain) {
  for (const FlashGeometry geometry : {FakeFlash::file(), FakeFlash::nor(), FakeFlash::file(64)}) {
    for (std::uint64_t seed = 1; seed <= 3; ++seed) {
      SCOPED_TRACE(testing::Message() << geometry.segments << " segments, unit "
                                      << geometry.write_unit << ", seed " << seed);
      std::mt19937_64 random(seed);
      Store store(geometry);
      const std::size_t size_max = seed == 1 ? 3500 : seed == 2 ? 1500 : 300;
      const bool batched = seed != 2;
      for (int round = 0; round < 2; ++round) {
        std::vector<MessageId> taken;
        Status status = Status::ok;
        while (status == Status::ok) {
          const auto id = store.queue->take(store.message(1, random() % size_max));
          status = id.status();
          if (id.ok()) taken.push_back(id.value());
          if (!batched) {
            ASSERT_EQ(store.queue->commit(), Status::ok);
          }
        }
        ASSERT_EQ(status, Status::full);
        ASSERT_EQ(store.queue->commit(), Status::ok);
        ASSERT_GT(taken.size(), 20u);
        for (const State state : {State::sending, State::uncertain, State::held, State::queued}) {
          std::shuffle(taken.begin(), taken.end(), random);
          for (const MessageId id : taken) {
            ASSERT_EQ(store.queue->record(id, longest(state)), Status::ok);
            ASSERT_EQ(store.queue->commit(), Status::ok);
          }
        }
        ASSERT_EQ(store.queue->take(store.message(1, size_max)).status(), Status::full);
        store.restart();
        ASSERT_EQ(store.queue->live().size(), taken.size());
        for (const MessageId id : taken) {
          Standing last = longest(State::accepted);
          last.ended = true;
          ASSERT_EQ(store.queue->record(id, last), Status::ok);
          ASSERT_EQ(store.queue->commit(), Status::ok);
        }
        EXPECT_EQ(store.queue->live().size(), 0u);
        EXPECT_EQ(store.queue->usage().used_bytes, 0u);
      }
    }
  }
}

TEST(Queue, Recycling_RecordRotsInTheOldestSegment_CostsOnlyItsText) {
  Store store;
  const MessageId id = store.take_one(1);
  ASSERT_EQ(store.queue->record(id, longest(State::held)), Status::ok);
  ASSERT_EQ(store.queue->commit(), Status::ok);
  const Live before = *store.queue->find(id);
  store.flash.rot(before.standing_at + 200u);
  while (store.queue->usage().segments_recycled < 20) {
    ASSERT_EQ(store.queue->record(store.take_one(1), ended(State::accepted)), Status::ok);
    ASSERT_EQ(store.queue->commit(), Status::ok);
  }
  store.restart();
  ASSERT_NE(store.queue->find(id), nullptr);
  EXPECT_EQ(store.queue->find(id)->state, State::held);
}

}  // namespace
}  // namespace fieldpost
