#include <gtest/gtest.h>

#include <algorithm>
#include <random>

#include "agent/base/bytes.h"
#include "agent/base/crc32c.h"
#include "tests/agent/queue/store.h"
#include "tests/fakes/unpacked.h"

namespace fieldpost {
namespace {

constexpr std::size_t kUnit = 4096;  // of FakeFlash::file()

// Changes a field of the commit at `at` and makes its sum right again: another program's commit.
void forge(FakeFlash& flash, std::size_t at, std::size_t field, std::uint8_t value) {
  const auto commit = std::span(flash.bytes()).subspan(at);
  commit[field] = std::byte{value};
  const auto body = std::min<std::size_t>(load_le<std::uint32_t>(commit.subspan<kBodyBytesAt, 4>()),
                                          commit.size() - kBodyAt);
  store_le<std::uint32_t>(commit.subspan<kCrcAt, 4>(),
                          crc32c(commit.subspan(kVersionAt, kBodyAt + body - kVersionAt)));
  flash.settle();
}

TEST(Queue, Open_ForeignBytes_AreRefusedWithWordsAndLeftAlone) {
  FakeFlash flash;
  flash.bytes()[100'000] = std::byte{'x'};
  flash.settle();
  const auto before = flash.bytes();
  FakeClock clock;
  RecoveryReport report;
  const auto queue = std::make_unique<Queue>(flash, clock, 10);
  EXPECT_EQ(queue->open(kTestStoreId, report), Status::corrupt);
  EXPECT_NE(unpacked(report.trouble).find("no queue of ours"), std::string::npos);
  EXPECT_EQ(flash.bytes(), before);
}

TEST(Queue, Open_NewerVersion_IsRefusedAndLeftAlone) {
  Store store;
  store.take_one(1);
  forge(store.flash, kUnit, kVersionAt, kFormatVersion + 1);
  const auto before = store.flash.bytes();
  EXPECT_EQ(store.reopen(), Status::newer);
  EXPECT_EQ(store.flash.bytes(), before);
}

TEST(Queue, Open_OtherGeometry_IsInvalid) {
  Store store;
  FlashGeometry larger = store.flash.geometry();
  larger.segments *= 2;
  FakeFlash other(larger);
  std::copy(store.flash.bytes().begin(), store.flash.bytes().end(), other.bytes().begin());
  other.settle();
  FakeClock clock;
  RecoveryReport report;
  const auto queue = std::make_unique<Queue>(other, clock, 10);
  EXPECT_EQ(queue->open(kTestStoreId, report), Status::invalid);
  EXPECT_NE(unpacked(report.trouble).find("another size"), std::string::npos);
}

TEST(Queue, Open_GeometryThatNoQueueCanUse_IsInvalid) {
  FakeClock clock;
  RecoveryReport report;
  for (const FlashGeometry geometry :
       {FlashGeometry{16 * 1024, 15, 4096, false}, FlashGeometry{8 * 1024, 16, 4096, false},
        FlashGeometry{16 * 1024, 16, 8192, false}, FlashGeometry{16 * 1024, 16, 0, false},
        FlashGeometry{16 * 1024 + 32, 16, 1, true}}) {
    FakeFlash flash(geometry);
    const auto queue = std::make_unique<Queue>(flash, clock, 10);
    EXPECT_EQ(queue->open(kTestStoreId, report), Status::invalid);
  }
}

TEST(Queue, Open_DeviceCannotSync_IsIo) {
  FakeFlash flash;
  flash.make_read_only();
  FakeClock clock;
  RecoveryReport report;
  const auto queue = std::make_unique<Queue>(flash, clock, 10);
  EXPECT_EQ(queue->open(kTestStoreId, report), Status::io);
}

TEST(Queue, Open_TornLastCommit_IsDroppedNamedAndCountedOnce) {
  Store store;
  const MessageId kept = store.take_one(1);
  const MessageId torn = store.take_one(2);
  store.flash.rot(2 * kUnit + 200);
  store.restart();
  EXPECT_EQ(store.report.torn_units, 1u);
  EXPECT_EQ(store.report.corrupt_units, 0u);
  EXPECT_NE(store.queue->find(kept), nullptr);
  EXPECT_EQ(store.queue->find(torn), nullptr);

  store.take_one(3);
  store.restart();
  EXPECT_EQ(store.report.torn_units, 0u);
  EXPECT_EQ(store.report.corrupt_units, 0u);
  EXPECT_EQ(store.queue->live().size(), 2u);
}

TEST(Queue, Open_SkippedUnitReadsWellLater_StaysSkipped) {
  Store store;
  store.take_one(1);
  store.take_one(2);
  store.flash.fail_reads(2 * kUnit, kUnit);  // a transient fault of the device
  store.restart();
  EXPECT_EQ(store.report.torn_units, 1u);
  store.take_one(3);
  store.flash.fail_reads(0, 0);
  store.restart();
  ASSERT_EQ(store.queue->live().size(), 2u);
  Message message;
  Standing standing;
  ASSERT_EQ(store.queue->read(store.queue->live()[1].id, message, standing), Status::ok);
  EXPECT_EQ(message.key, "visit-3");
}

TEST(Queue, Open_DamagedCommitInTheMiddle_IsCorruptNotTornAndCostsOnlyItself) {
  Store store;
  const MessageId first = store.take_one(1);
  const MessageId damaged = store.take_one(2);
  const MessageId last = store.take_one(3);
  store.flash.rot(2 * kUnit + 90);
  store.restart();
  EXPECT_EQ(store.report.corrupt_units, 1u);
  EXPECT_EQ(store.report.torn_units, 0u);
  EXPECT_EQ(store.queue->find(damaged), nullptr);
  ASSERT_NE(store.queue->find(last), nullptr);
  EXPECT_EQ(store.queue->find(last)->state, State::queued);
  // The damage may hide that it was sent: no retry rule may send it again.
  ASSERT_NE(store.queue->find(first), nullptr);
  EXPECT_EQ(store.queue->find(first)->state, State::uncertain);
  EXPECT_EQ(store.queue->find(first)->reason, Reason::maybe_sent);
  EXPECT_EQ(store.report.in_doubt, 1u);

  store.take_one(4);
  store.restart();
  EXPECT_EQ(store.report.corrupt_units, 0u) << "known damage is not news";
  EXPECT_EQ(store.queue->usage().corrupt_units, 1u) << "but it is still there";
  EXPECT_EQ(store.queue->find(first)->state, State::uncertain);
}

TEST(Queue, Open_MoreDamageThanOneCommitCanName_IsNewsUntilItIsNamed) {
  constexpr std::uint32_t kDamaged = kSkippedPerCommitMax + 2;
  Store store;
  for (std::uint32_t i = 0; i < kDamaged; ++i) {
    store.take_one(1);
    store.flash.rot(store.flash.newest_writes()[0].at + 90);
    store.take_one(2);
  }
  store.restart();
  EXPECT_EQ(store.report.corrupt_units, kDamaged);
  store.take_one(3);
  store.restart();
  EXPECT_EQ(store.report.corrupt_units, 2u);
  store.take_one(3);
  store.restart();
  EXPECT_EQ(store.report.corrupt_units, 0u);
}

TEST(Queue, Open_DoubtOutlivesTheDamageThatCausedIt) {
  Store store;
  const MessageId first = store.take_one(1);
  store.take_one(2);
  const MessageId last = store.take_one(3);
  store.flash.rot(2 * kUnit + 90);
  store.restart();
  while (store.queue->usage().segments_recycled < 20) {
    ASSERT_EQ(store.queue->record(store.take_one(9), ended(State::dropped)), Status::ok);
    ASSERT_EQ(store.queue->commit(), Status::ok);
  }
  store.restart();
  EXPECT_EQ(store.queue->usage().corrupt_units, 0u);
  EXPECT_EQ(store.queue->find(first)->state, State::uncertain);
  EXPECT_EQ(store.queue->find(last)->state, State::queued);
}

TEST(Queue, Open_EndLostToDamage_DoesNotSendAgain) {
  Store store;
  const MessageId id = store.take_one(1);
  Standing sending;
  sending.state = State::sending;
  ASSERT_EQ(store.queue->record(id, sending), Status::ok);
  ASSERT_EQ(store.queue->record(id, ended(State::accepted)), Status::ok);
  ASSERT_EQ(store.queue->commit(), Status::ok);
  store.take_one(2);
  store.flash.rot(2 * kUnit + 90);
  store.restart();
  ASSERT_NE(store.queue->find(id), nullptr);
  EXPECT_EQ(store.queue->find(id)->state, State::uncertain);
}

TEST(Queue, Open_StoreRecordOfAnUnknownIncompatibleFlag_IsNewer) {
  Store store;
  forge(store.flash, 0, kBodyAt + kRecordBodyAt + kStoreIdBytes + 4, 1);
  EXPECT_EQ(store.reopen(), Status::newer);
}

TEST(Queue, Open_LapThatNoStoreCountsUpTo_IsNotBelieved) {
  Store store;
  const MessageId kept = store.take_one(1);
  const MessageId forged = store.take_one(2);
  forge(store.flash, 2 * kUnit, kLapAt + 3, 0x10);  // with 16 segments the run has 33 bits
  store.restart();
  EXPECT_NE(store.queue->find(kept), nullptr);
  EXPECT_EQ(store.queue->find(forged), nullptr);
}

// Else what it promises next would be beyond what the next start believes.
TEST(Queue, Open_NumberJustBelowTheGreatestBelieved_IsRefused) {
  for (const std::size_t field : {kNumberAt + 7, kLapAt + 3}) {
    Store store;
    store.take_one(1);
    forge(store.flash, kUnit, field, field == kLapAt + 3 ? 0x08 : 0x3f);
    const auto before = store.flash.bytes();
    EXPECT_EQ(store.reopen(), Status::corrupt);
    EXPECT_EQ(store.flash.bytes(), before);
  }
}

TEST(Queue, Open_IdsGoOnAfterAllHistoryIsGone) {
  Store store;
  MessageId last = 0;
  while (store.queue->usage().segments_recycled < 20) {
    last = store.take_one(1);
    ASSERT_EQ(store.queue->record(last, ended(State::dropped)), Status::ok);
    ASSERT_EQ(store.queue->commit(), Status::ok);
  }
  store.restart();
  EXPECT_EQ(store.take_one(2), last + 1);
}

// Whatever is on the region: an end, in bounded time, without a fault (the sanitizers look on).
TEST(Queue, Open_AnyBytes_EndsAndGoesOn) {
  std::mt19937_64 random(5);
  for (const FlashGeometry geometry : {FakeFlash::file(), FakeFlash::nor()}) {
    Store store(geometry);
    for (int i = 0; i < 60; ++i) {
      const MessageId id = store.take_one(i, random() % 600);
      if (i % 2 == 0) {
        ASSERT_EQ(store.queue->record(id, ended(State::failed)), Status::ok);
      }
    }
    ASSERT_EQ(store.queue->commit(), Status::ok);
    for (int round = 0; round < 150; ++round) {
      FakeFlash damaged(store.flash);
      const std::size_t wounds = 1 + random() % 40;
      for (std::size_t i = 0; i < wounds; ++i) {
        const std::size_t at = random() % damaged.bytes().size();
        const std::size_t bytes =
            std::min<std::size_t>(random() % 300, damaged.bytes().size() - at);
        const std::size_t from = random() % (damaged.bytes().size() - bytes);
        switch (random() % 3) {
          case 0: damaged.rot(at, static_cast<std::byte>(1 + random() % 255)); break;
          case 1:  // bytes from elsewhere in the region
            std::copy_n(damaged.bytes().begin() + static_cast<std::ptrdiff_t>(from), bytes,
                        damaged.bytes().begin() + static_cast<std::ptrdiff_t>(at));
            break;
          case 2:  // a field changed, and its sum made right
            forge(damaged, at / kUnitBytesMin * kUnitBytesMin % (damaged.bytes().size() / 2),
                  kVersionAt, kFormatVersion);
            break;
        }
      }
      damaged.settle();
      FakeClock clock;
      RecoveryReport report;
      const auto queue = std::make_unique<Queue>(damaged, clock, 100);
      if (queue->open(kTestStoreId, report) != Status::ok) {
        EXPECT_FALSE(unpacked(report.trouble).empty());
        continue;
      }
      Message message;
      Standing standing;
      for (const Live& live : queue->live()) (void)queue->read(live.id, message, standing);
      std::uint64_t cursor = 0;
      while (queue->next_ended(cursor, message, standing) == Status::ok) {
      }
      if (queue->take(test_message(1, 10)).ok()) (void)queue->commit();
    }
  }
}

}  // namespace
}  // namespace fieldpost
