#include "agent/queue/queue.h"

#include <gtest/gtest.h>

#include <memory>
#include <string>

#include "tests/agent/queue/store.h"

namespace fieldpost {
namespace {

TEST(Queue, Open_BlankRegion_MakesAStore) {
  Store store;
  EXPECT_TRUE(store.report.created);
  EXPECT_EQ(store.queue->live().size(), 0u);
  EXPECT_EQ(store.flash.syncs(), 2u);
  store.restart();
  EXPECT_FALSE(store.report.created);
  EXPECT_EQ(store.report.torn_units, 0u);
}

TEST(Queue, Take_Committed_ComesBackWhole) {
  Store store;
  const Message message = store.message(1, 300);
  const auto id = store.queue->take(message);
  ASSERT_TRUE(id.ok());
  ASSERT_EQ(store.queue->commit(), Status::ok);
  store.restart();

  ASSERT_EQ(store.queue->live().size(), 1u);
  const Live& live = store.queue->live()[0];
  EXPECT_EQ(live.id, id.value());
  EXPECT_EQ(live.state, State::queued);
  EXPECT_EQ(live.recipient, text_hash(message.to.view()));
  EXPECT_EQ(live.scenario, text_hash("service-changed"));
  Message back;
  Standing standing;
  ASSERT_EQ(store.queue->read(id.value(), back, standing), Status::ok);
  EXPECT_EQ(back.id, id.value());
  EXPECT_FALSE(back.created.empty());
  EXPECT_EQ(back.to, message.to.view());
  EXPECT_EQ(back.template_name, "service_changed");
  EXPECT_EQ(back.template_namespace, "namespace-1");
  EXPECT_EQ(back.language, "en");
  EXPECT_EQ(back.key, "visit-1");
  EXPECT_EQ(back.topic, "topic-1");
  EXPECT_EQ(back.operator_name, "ann");
  EXPECT_EQ(back.source, "kiosk");
  EXPECT_EQ(back.ttl, 8_h);
  EXPECT_EQ(back.on_uncertain, OnUncertain::resend);
  ASSERT_EQ(back.values.count(), message.values.count());
  for (std::size_t i = 0; i < back.values.count(); ++i)
    EXPECT_EQ(back.values[i], message.values[i]);
}

TEST(Queue, Take_NotCommitted_IsSeenButNotKept) {
  Store store;
  const auto id = store.queue->take(store.message(1, 50));
  ASSERT_TRUE(id.ok());
  EXPECT_TRUE(store.queue->pending());
  ASSERT_NE(store.queue->find(id.value()), nullptr);
  Message back;
  Standing standing;
  EXPECT_EQ(store.queue->read(id.value(), back, standing), Status::ok);
  EXPECT_EQ(back.key, "visit-1");
  store.restart();
  EXPECT_EQ(store.queue->live().size(), 0u);
}

TEST(Queue, Take_TextBeyondItsBound_IsInvalid) {
  Store store;
  Message message = store.message(1, 50);
  message.on_uncertain = static_cast<OnUncertain>(7);
  EXPECT_EQ(store.queue->take(message).status(), Status::invalid);
}

TEST(Queue, Commit_TakesAlongAllThatWaits_InOneWriteAndOneSync) {
  Store store;
  for (int i = 0; i < 20; ++i) ASSERT_TRUE(store.queue->take(store.message(i, 50)).ok());
  const auto writes = store.flash.writes(), syncs = store.flash.syncs();
  ASSERT_EQ(store.queue->commit(), Status::ok);
  EXPECT_EQ(store.flash.writes(), writes + 1);
  EXPECT_EQ(store.flash.syncs(), syncs + 1);
  ASSERT_EQ(store.queue->commit(), Status::ok);
  EXPECT_EQ(store.flash.syncs(), syncs + 1);
}

TEST(Queue, Take_MoreThanOneCommitHolds_CommitsByItselfInOrder) {
  Store store;
  for (int i = 0; i < 40; ++i) ASSERT_TRUE(store.queue->take(store.message(i, 900)).ok());
  ASSERT_EQ(store.queue->commit(), Status::ok);
  store.restart();
  EXPECT_EQ(store.queue->live().size(), 40u);
}

TEST(Queue, Record_ChangeOfState_OutlivesARestart) {
  Store store;
  const MessageId id = store.take_one(1);
  Standing held;
  held.state = State::held;
  held.reason = Reason::refused_unspecified;
  held.attempts = 3;
  held.code = -131;
  ASSERT_EQ(held.detail.assign("no such thing"), Status::ok);
  ASSERT_EQ(store.queue->record(id, held), Status::ok);
  EXPECT_EQ(store.queue->find(id)->state, State::held);
  ASSERT_EQ(store.queue->commit(), Status::ok);
  store.restart();
  EXPECT_EQ(store.queue->find(id)->state, State::held);
  EXPECT_EQ(store.queue->find(id)->attempts, 3);
  Message message;
  Standing back;
  ASSERT_EQ(store.queue->read(id, message, back), Status::ok);
  EXPECT_EQ(back.reason, Reason::refused_unspecified);
  EXPECT_EQ(back.code, -131);
  EXPECT_EQ(back.detail, "no such thing");
  EXPECT_FALSE(back.changed.empty());
}

TEST(Queue, Record_ReadBeforeCommit_GivesTheNewestOfSeveral) {
  Store store;
  const MessageId id = store.take_one(1);
  for (const std::int32_t code : {1, 2}) {
    Standing standing;
    standing.state = State::held;
    standing.code = code;
    ASSERT_EQ(store.queue->record(id, standing), Status::ok);
  }
  Message message;
  Standing back;
  ASSERT_EQ(store.queue->read(id, message, back), Status::ok);
  EXPECT_EQ(back.code, 2);
}

TEST(Queue, Record_Ended_LeavesTheIndexWithTheCommitAndStaysAsHistory) {
  Store store;
  const MessageId id = store.take_one(7);
  Standing standing = ended(State::accepted);
  ASSERT_EQ(standing.message_id.assign("wamid.A="), Status::ok);
  ASSERT_EQ(store.queue->record(id, standing), Status::ok);
  EXPECT_NE(store.queue->find(id), nullptr);
  EXPECT_EQ(store.queue->record(id, standing), Status::not_found);
  ASSERT_EQ(store.queue->commit(), Status::ok);
  EXPECT_EQ(store.queue->find(id), nullptr);

  for (int round = 0; round < 2; ++round) {
    EXPECT_EQ(store.queue->ended_counts()[static_cast<std::size_t>(State::accepted)], 1u);
    std::uint64_t cursor = 0;
    Message message;
    Standing back;
    ASSERT_EQ(store.queue->next_ended(cursor, message, back), Status::ok);
    EXPECT_EQ(message.id, id);
    EXPECT_EQ(message.scenario, "service-changed");
    EXPECT_EQ(message.to, "12025550107");
    EXPECT_EQ(message.key, "visit-7");
    EXPECT_FALSE(message.created.empty());
    EXPECT_EQ(back.state, State::accepted);
    EXPECT_TRUE(back.ended);
    EXPECT_EQ(back.message_id, "wamid.A=");
    EXPECT_EQ(store.queue->next_ended(cursor, message, back), Status::not_found);
    store.restart();
  }
}

TEST(Queue, Record_UnknownId_IsNotFound) {
  Store store;
  EXPECT_EQ(store.queue->record(5, Standing{}), Status::not_found);
  EXPECT_EQ(store.queue->find(5), nullptr);
}

TEST(Queue, NextEnded_CursorGoesOnWhereNewOnesWereAdded) {
  Store store;
  std::uint64_t cursor = 0;
  Message message;
  Standing standing;
  for (int i = 0; i < 30; ++i) {
    const MessageId id = store.take_one(i);
    ASSERT_EQ(store.queue->record(id, ended(State::dropped)), Status::ok);
    ASSERT_EQ(store.queue->commit(), Status::ok);
    ASSERT_EQ(store.queue->next_ended(cursor, message, standing), Status::ok);
    EXPECT_EQ(message.id, id);
    EXPECT_EQ(store.queue->next_ended(cursor, message, standing), Status::not_found);
  }
}

TEST(Queue, Sending_AtARestart_IsUncertain) {
  Store store;
  const MessageId id = store.take_one(1);
  Standing sending;
  sending.state = State::sending;
  sending.attempts = 1;
  ASSERT_EQ(store.queue->record(id, sending), Status::ok);
  ASSERT_EQ(store.queue->commit(), Status::ok);
  for (int i = 0; i < 3; ++i) {
    store.restart();
    EXPECT_EQ(store.report.were_sending, 1u);
    EXPECT_EQ(store.queue->find(id)->state, State::uncertain);
    EXPECT_EQ(store.queue->find(id)->reason, Reason::maybe_sent);
    Message message;
    Standing back;
    ASSERT_EQ(store.queue->read(id, message, back), Status::ok);
    EXPECT_EQ(back.state, State::uncertain);
  }
}

TEST(Queue, Commit_SyncFails_NothingPendingCountsAndTheStoreSaysSo) {
  Store store;
  const MessageId kept = store.take_one(1);
  Standing sending;
  sending.state = State::sending;
  ASSERT_EQ(store.queue->record(kept, sending), Status::ok);
  const auto lost = store.queue->take(store.message(2, 50));
  ASSERT_TRUE(lost.ok());
  store.flash.fail_next_sync();
  EXPECT_EQ(store.queue->commit(), Status::io);

  EXPECT_TRUE(store.queue->failed());
  EXPECT_TRUE(store.queue->usage().failed);
  EXPECT_EQ(store.queue->find(lost.value()), nullptr);
  EXPECT_EQ(store.queue->find(kept)->state, State::queued);
  Message message;
  Standing standing;
  EXPECT_EQ(store.queue->read(kept, message, standing), Status::ok);
  EXPECT_EQ(store.queue->take(store.message(3, 50)).status(), Status::io);
  EXPECT_EQ(store.queue->record(kept, sending), Status::io);
  EXPECT_EQ(store.queue->commit(), Status::io);
}

TEST(Queue, Open_AfterAFailedSync_DoesNotBelieveTheCache) {
  Store store;
  const MessageId kept = store.take_one(1);
  const auto lost = store.queue->take(store.message(2, 50));
  ASSERT_TRUE(lost.ok());
  store.flash.fail_next_sync();
  EXPECT_EQ(store.queue->commit(), Status::io);
  store.restart();
  EXPECT_EQ(store.queue->live().size(), 1u);
  EXPECT_NE(store.queue->find(kept), nullptr);
}

TEST(Queue, Take_AtItsBound_IsFullUntilOneEnds) {
  Store store(FakeFlash::file(), 3);
  MessageId id = 0;
  for (int i = 0; i < 3; ++i) id = store.take_one(i);
  EXPECT_EQ(store.queue->take(store.message(9, 50)).status(), Status::full);
  ASSERT_EQ(store.queue->record(id, ended(State::dropped)), Status::ok);
  ASSERT_EQ(store.queue->commit(), Status::ok);
  EXPECT_TRUE(store.queue->take(store.message(9, 50)).ok());
}

TEST(Queue, Read_BytesRotted_IsCorruptAndCounted) {
  Store store;
  const MessageId id = store.take_one(1);
  const Live& live = *store.queue->find(id);
  store.flash.rot(live.message_at + live.message_bytes / 2u);
  Message message;
  Standing standing;
  for (int i = 0; i < 3; ++i) {
    EXPECT_EQ(store.queue->read(id, message, standing), Status::corrupt);
  }
  EXPECT_EQ(store.queue->usage().corrupt_units, 1u) << "looking again is no new damage";
}

TEST(Queue, SetNextAttempt_IsForgottenByARestart) {
  Store store;
  const MessageId id = store.take_one(1);
  store.queue->set_next_attempt(id, Instant{77});
  EXPECT_EQ(store.queue->find(id)->next_attempt, Instant{77});
  store.restart();
  EXPECT_EQ(store.queue->find(id)->next_attempt, Instant{0});
}

}  // namespace
}  // namespace fieldpost
