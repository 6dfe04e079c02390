// What a device cannot read today may read well tomorrow: what was stepped over must not come back,
// and what was hidden must not come back as what it was before.
#include <gtest/gtest.h>

#include <random>
#include <string>

#include "tests/agent/queue/store.h"

namespace fieldpost {
namespace {

constexpr std::uint32_t kSegment = 16 * 1024;  // of FakeFlash::file() and nor()
constexpr std::uint32_t kPage = 4096;

Standing standing(State state) {
  Standing standing;
  standing.state = state;
  return standing;
}

class DamageTest : public testing::TestWithParam<bool> {
 protected:
  DamageTest() : store(GetParam() ? FakeFlash::nor() : FakeFlash::file()) {}

  std::uint32_t segment_of(MessageId id) const {
    return store.queue->find(id)->message_at / kSegment;
  }
  void record(MessageId id, const Standing& what) {
    ASSERT_EQ(store.queue->record(id, what), Status::ok);
    ASSERT_EQ(store.queue->commit(), Status::ok);
  }
  // Others come and go, until a new one lies in `segment`; returns where its commit begins.
  std::uint32_t fill_until(std::uint32_t segment) {
    for (;;) {
      const MessageId id = store.take_one(9, 700);
      if (segment_of(id) == segment) return store.queue->find(id)->message_at / kPage * kPage;
      record(id, ended(State::dropped));
      if (testing::Test::HasFailure()) return 0;
    }
  }
  // Others come and go, until a message has been copied forward.
  void recycle_past(MessageId id) {
    const std::uint32_t at = segment_of(id);
    while (store.queue->find(id) != nullptr && segment_of(id) == at) {
      record(store.take_one(9, 700), ended(State::dropped));
      if (testing::Test::HasFailure()) return;
    }
  }
  // Others come and go, until so many segments more have been recycled for good.
  void recycle(std::uint32_t segments) {
    const std::uint32_t wanted = store.queue->usage().segments_recycled + segments;
    while (store.queue->usage().segments_recycled < wanted) {
      record(store.take_one(9, 700), ended(State::dropped));
      if (testing::Test::HasFailure()) return;
    }
    store.take_one(9);
  }
  // The state of a message lies in what is damaged, and its text has been copied behind that.
  MessageId damage_state_before_copy() {
    const MessageId id = store.take_one(1);
    fill_until(1);
    record(id, standing(State::held));
    const std::uint64_t state = store.flash.newest_writes()[0].at;
    recycle(1);
    EXPECT_GT(segment_of(id), 1u);
    EXPECT_EQ(store.queue->find(id)->standing_at / kSegment, 1u);
    store.flash.rot(state + kBodyAt + 20);
    return id;
  }
  void expect_one_end(State state) {
    std::uint64_t cursor = 0;
    Message message;
    Standing found;
    ASSERT_EQ(store.queue->next_ended(cursor, message, found), Status::ok);
    EXPECT_EQ(found.state, state);
    EXPECT_EQ(store.queue->next_ended(cursor, message, found), Status::not_found);
  }
  bool looks_queued(MessageId id) const {
    const Live* live = store.queue->find(id);
    return live != nullptr && live->state == State::queued;
  }

  Store store;
};

INSTANTIATE_TEST_SUITE_P(Queue, DamageTest, testing::Values(false, true),
                         [](const auto& chosen) { return chosen.param ? "Nor" : "File"; });

TEST_P(DamageTest, Open_SkippedFirstCommitOfASegmentReadsWellLater_StaysSkipped) {
  const MessageId first = store.take_one(0);
  const auto take_and_end = [first](Store& in) {
    ASSERT_EQ(in.queue->record(first, ended(State::failed)), Status::ok);
    in.take_one(1, 3900);
  };
  for (;;) {  // until that is the first commit of a segment
    Store tried(store.flash);
    take_and_end(tried);
    if (tried.queue->live().back().message_at > kSegment) break;
    store.take_one(1, 3900);
  }
  take_and_end(store);
  store.flash.fail_reads(kSegment, kUnitBytesMin);
  store.restart();
  ASSERT_EQ(store.report.torn_units > 0, !GetParam());  // what is erased first is not stepped over
  ASSERT_EQ(store.queue->record(first, ended(State::dropped)), Status::ok);
  const MessageId promised = store.take_one(2);  // short: the segment before has room for it
  store.flash.fail_reads(0, 0);
  store.restart();
  Message message;
  Standing found;
  ASSERT_EQ(store.queue->read(promised, message, found), Status::ok);
  EXPECT_EQ(message.key, "visit-2");
  expect_one_end(State::dropped);
}

TEST_P(DamageTest, NextEnded_SkippedCommitReadsWellLater_ShowsOneEnd) {
  const MessageId id = store.take_one(1);
  const std::uint64_t before = store.queue->usage().bytes_written;
  record(id, ended(State::failed));
  ASSERT_GT(store.queue->usage().bytes_written, before);
  store.flash.fail_reads(store.flash.newest_writes()[0].at, kUnitBytesMin);
  store.restart();
  ASSERT_NE(store.queue->find(id), nullptr);
  record(id, ended(State::dropped));
  store.flash.fail_reads(0, 0);
  store.restart();
  expect_one_end(State::dropped);
}

TEST_P(DamageTest, NextEnded_DamagedCommitReadsWellLater_ShowsOneEnd) {
  const MessageId id = store.take_one(1);
  record(id, ended(State::failed));
  const std::uint64_t end = store.flash.newest_writes()[0].at;
  store.take_one(2);
  store.flash.fail_reads(end, kUnitBytesMin);
  store.restart();
  ASSERT_NE(store.queue->find(id), nullptr);
  record(id, ended(State::dropped));
  store.flash.fail_reads(0, 0);
  store.restart();
  expect_one_end(State::dropped);
}

TEST_P(DamageTest, Recycling_EndOfAHeldOneUnreadableForAWhile_IsNotQueuedAgain) {
  const MessageId id = store.take_one(1);
  fill_until(1);
  record(id, standing(State::held));
  fill_until(3);
  record(id, ended(State::dropped));
  const std::uint64_t end = store.flash.newest_writes()[0].at;
  fill_until(5);
  store.flash.fail_reads(end, kUnitBytesMin);
  store.restart();
  recycle_past(id);
  store.flash.fail_reads(0, 0);
  store.restart();
  EXPECT_FALSE(looks_queued(id));
}

TEST_P(DamageTest, Recycling_TextUnreadableForAWhile_IsNotQueuedAgain) {
  const MessageId id = store.take_one(1);
  fill_until(1);
  record(id, standing(State::held));
  recycle_past(id);
  const std::uint32_t copy = store.queue->find(id)->message_at;
  fill_until(copy / kSegment + 1);
  store.flash.fail_reads(copy / kPage * kPage, kPage);
  store.restart();
  ASSERT_EQ(store.queue->find(id), nullptr);
  EXPECT_EQ(store.report.lost + store.report.corrupt_units > 0, true);
  fill_until((copy / kSegment + 3) % 16);
  store.flash.fail_reads(0, 0);
  store.restart();
  EXPECT_FALSE(looks_queued(id));
}

TEST_P(DamageTest, Open_StateDamagedBeforeTheCopyOfItsMessage_IsNotQueued) {
  const MessageId id = damage_state_before_copy();
  store.restart();
  ASSERT_NE(store.queue->find(id), nullptr);
  EXPECT_FALSE(looks_queued(id));
}

TEST_P(DamageTest, Open_DoubtOfACopyOutlivesTheDamageThatCausedIt) {
  const MessageId id = damage_state_before_copy();
  store.restart();
  recycle(3);
  store.restart();
  ASSERT_EQ(store.queue->usage().corrupt_units, 0u);
  ASSERT_NE(store.queue->find(id), nullptr);
  EXPECT_FALSE(looks_queued(id));
}

// Power goes while the pending commit is written; all of it is torn.
void tear(Store& store) {
  FakeFlash after = store.flash;
  store.flash.in_operation = [&] {
    if (store.flash.has_unsynced_write()) {
      after = store.flash.after_cut(1, FakeFlash::Fate::all_torn);
      store.flash.in_operation = nullptr;
    }
  };
  ASSERT_EQ(store.queue->commit(), Status::ok);
  store.flash = after;
  store.restart();
}

void change_one(Store& store, std::mt19937_64& random) {
  const auto live = store.queue->live();
  Standing next = standing(State::held);
  ASSERT_EQ(next.detail.assign(std::string(limits::detail_bytes_max, 'd')), Status::ok);
  ASSERT_EQ(store.queue->record(live[random() % live.size()].id, next), Status::ok);
}

// A store that is full, started again and again while its first new commit is cut: what it took must
// still find room for its outcomes.
TEST(Queue, Open_FirstCommitsTornAgainAndAgain_TakeNoRoomFromOutcomes) {
  for (int cuts = 1; cuts <= 6; ++cuts) {
    for (std::uint64_t seed = 1; seed <= 12; ++seed) {
      SCOPED_TRACE(testing::Message() << cuts << " cuts, seed " << seed);
      Store store;
      std::mt19937_64 random(seed);
      while (store.queue->take(store.message(1, random() % 1500)).ok()) {
      }
      ASSERT_EQ(store.queue->commit(), Status::ok);
      for (int round = 0; round < 40; ++round) {
        for (std::uint64_t i = random() % 24; i > 0; --i) change_one(store, random);
        if (round % 4 == 3) {
          for (int cut = 0; cut < cuts; ++cut) {
            tear(store);
            for (std::uint64_t i = random() % 24; i > 0; --i) change_one(store, random);
          }
        }
        ASSERT_EQ(store.queue->commit(), Status::ok) << "round " << round;
      }
    }
  }
}

TEST(Queue, Open_SegmentOfNothingButTornCommits_IsNoDamage) {
  Store store;
  store.take_one(1);
  for (int cut = 0; cut < 4; ++cut) {
    for (int i = 0; i < 3; ++i) ASSERT_TRUE(store.queue->take(store.message(i, 3800)).ok());
    tear(store);
  }
  while (store.queue->usage().begun_most < 3) {
    ASSERT_EQ(store.queue->record(store.take_one(9, 3900), ended(State::dropped)), Status::ok);
    ASSERT_EQ(store.queue->commit(), Status::ok);
    store.restart();
    ASSERT_EQ(store.queue->usage().corrupt_units, 0u);
  }
}

}  // namespace
}  // namespace fieldpost
