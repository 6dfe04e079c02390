#include "agent/queue/remembered.h"

#include <gtest/gtest.h>

#include "tests/agent/queue/store.h"

namespace fieldpost {
namespace {

Message without_key(int n) {
  Message m = Store::message(n, 20);
  m.key.clear();
  return m;
}

MessageId take(Store& store, const Message& message) {
  const auto id = store.queue->take(message);
  EXPECT_TRUE(id.ok());
  EXPECT_EQ(store.queue->commit(), Status::ok);
  return id.ok() ? id.value() : 0;
}

void remember(Store& store, const Remembering& remembering) {
  store.remembering = remembering;
  store.restart();
}

TEST(Queue, SameAs_AKeyThatWasTaken_IsKnownAtOnceAndAcrossBoots) {
  Store store;
  EXPECT_EQ(store.queue->same_as(Store::message(1, 20)).id, 0u);
  ASSERT_TRUE(store.queue->take(Store::message(1, 20)).ok());
  EXPECT_EQ(store.queue->same_as(Store::message(1, 20)).id, 1u) << "while its take is pending";
  ASSERT_EQ(store.queue->commit(), Status::ok);
  for (int boot = 0; boot < 3; ++boot) {
    store.clock.reboot(false);
    store.restart();
    const Same same = store.queue->same_as(Store::message(1, 20));
    EXPECT_EQ(same.id, 1u);
    EXPECT_FALSE(same.conflict);
    EXPECT_EQ(same.state, State::queued);
  }
}

TEST(Queue, SameAs_AKeyWithOtherContent_IsAConflict) {
  Store store;
  store.take_one(1, 20);
  const struct {
    const char* what;
    void (*change)(Message&);
    bool conflict;
  } cases[] = {
      {"scenario", [](Message& m) { MUST(m.scenario.assign("next-step")); }, true},
      {"recipient", [](Message& m) { MUST(m.to.assign("12025550199")); }, true},
      {"language", [](Message& m) { MUST(m.language.assign("pt_BR")); }, true},
      {"topic", [](Message& m) { MUST(m.topic.assign("another")); }, true},
      {"values", [](Message& m) { MUST(m.values.add("one more")); }, true},
      {"ttl", [](Message& m) { m.ttl = 1_h; }, false},
      {"not_before", [](Message& m) { m.not_before = UnixTime{1'800'000'000}; }, false},
      {"operator", [](Message& m) { MUST(m.operator_name.assign("bob")); }, false},
      {"template", [](Message& m) { MUST(m.template_name.assign("renamed")); }, false},
  };
  for (const auto& one : cases) {
    Message message = Store::message(1, 20);
    one.change(message);
    const Same same = store.queue->same_as(message);
    EXPECT_EQ(same.id, 1u) << one.what;
    EXPECT_EQ(same.conflict, one.conflict) << one.what;
  }
}

TEST(Queue, SameAs_TheKeyOfAnotherSource_IsNew) {
  Store store;
  store.take_one(1, 20);
  Message message = Store::message(1, 20);
  MUST(message.source.assign("kioskv"));
  EXPECT_EQ(store.queue->same_as(message).id, 0u);
  // The key and the source together have the same letters.
  MUST(message.key.assign("isit-1"));
  EXPECT_EQ(store.queue->same_as(message).id, 0u);
}

TEST(Queue, Keys_BeyondTheWindow_TheOldestIsForgotten) {
  Store store;
  remember(store, {.keys = 3});
  for (int n = 1; n <= 5; ++n) store.take_one(n, 20);
  for (int boot = 0; boot < 2; ++boot, store.restart()) {
    for (int n = 1; n <= 5; ++n) {
      EXPECT_EQ(store.queue->same_as(Store::message(n, 20)).id, n <= 2 ? 0u : unsigned(n)) << n;
    }
  }
  remember(store, {.keys = 0});
  EXPECT_EQ(store.queue->same_as(Store::message(5, 20)).id, 0u);
}

TEST(Queue, Keys_OutliveTheirMessagesAndTheirSegments) {
  for (const FlashGeometry geometry : {FakeFlash::file(), FakeFlash::nor()}) {
    Store store(geometry);
    const MessageId held = store.take_one(1, 20);
    const MessageId ends = store.take_one(2, 20);
    ASSERT_EQ(store.queue->record(ends, ended(State::failed)), Status::ok);
    ASSERT_EQ(store.queue->commit(), Status::ok);
    while (store.queue->usage().segments_recycled < 50) {
      ASSERT_EQ(store.queue->record(take(store, without_key(3)), ended(State::accepted)),
                Status::ok);
      ASSERT_EQ(store.queue->commit(), Status::ok);
    }
    for (int boot = 0; boot < 2; ++boot, store.restart()) {
      EXPECT_EQ(store.queue->same_as(Store::message(1, 20)).id, held);
      const Same same = store.queue->same_as(Store::message(2, 20));
      EXPECT_EQ(same.id, ends);
      EXPECT_EQ(same.state, State::failed) << "its history is gone; its end is not forgotten";
    }
  }
}

// The end and the copy of the key may come with the same commit, in either order of their places.
TEST(Queue, Keys_ThatEndWhileTheyAreCarried_KnowTheirEnd) {
  Store store(FakeFlash::file(64));
  std::vector<MessageId> taken;
  for (int n = 1; n <= 40; ++n) taken.push_back(store.take_one(n, 3000));
  int n = 0;
  for (const MessageId id : taken) {
    for (int i = 0; i < 20; ++i) {
      ASSERT_EQ(store.queue->record(take(store, without_key(3)), ended(State::accepted)),
                Status::ok);
    }
    ASSERT_EQ(store.queue->record(id, ended(State::dropped)), Status::ok);
    ASSERT_EQ(store.queue->commit(), Status::ok);
    store.restart();
    EXPECT_EQ(store.queue->same_as(Store::message(++n, 3000)).state, State::dropped) << n;
  }
  EXPECT_GT(store.queue->usage().begun_most, 1u);
}

TEST(Queue, Keys_TakeRoomFromWhatMayBeInProgress) {
  Store store;
  const std::uint64_t room = store.queue->usage().room_bytes;
  store.take_one(1, 20);
  EXPECT_EQ(store.queue->usage().room_bytes, room - kKeyRecordBytes);
  take(store, without_key(2));
  EXPECT_EQ(store.queue->usage().room_bytes, room - kKeyRecordBytes);
}

TEST(Queue, SameAs_WithoutAKey_CountsForAsLongAsItSays) {
  Store store;
  remember(store, {.same_within = 60_s});
  const MessageId id = take(store, without_key(1));
  EXPECT_EQ(store.queue->same_as(without_key(1)).id, id);
  EXPECT_EQ(store.queue->same_as(without_key(2)).id, 0u);
  EXPECT_EQ(store.queue->same_as(Store::message(1, 20)).id, 0u) << "whoever has a key says so";
  store.clock.advance(59_s);
  store.clock.set_wall(UnixTime{1'900'000'000});  // no news about how long ago it was
  EXPECT_EQ(store.queue->same_as(without_key(1)).id, id);
  store.clock.advance(2_s);
  EXPECT_EQ(store.queue->same_as(without_key(1)).id, 0u);
  remember(store, {.same_within = 0_s});
  take(store, without_key(4));
  EXPECT_EQ(store.queue->same_as(without_key(4)).id, 0u);
}

TEST(Queue, SameAs_WithoutAKey_IsKnownAcrossBoots) {
  const struct {
    const char* story;
    bool battery;
    Duration off;         // between the two boots
    Duration after_boot;  // until the recovery
    Duration later;       // until the question
    bool same;
  } stories[] = {
      {"at once, with a clock", true, 5_s, 2_s, 1_s, true},
      {"a minute later", true, 5_s, 2_s, 58_s, false},
      {"off for long", true, 1_h, 2_s, 1_s, false},
      {"nobody knows how long it was off", false, 1_h, 2_s, 1_s, true},
      {"nobody knows, and this boot is old", false, 5_s, 61_s, 0_s, false},
  };
  for (const auto& one : stories) {
    Store store;
    remember(store, {.same_within = 60_s});
    const MessageId id = take(store, without_key(1));
    ASSERT_EQ(store.queue->record(id, ended(State::accepted)), Status::ok);
    ASSERT_EQ(store.queue->commit(), Status::ok);
    store.clock.advance(one.off);
    store.clock.reboot(one.battery);
    store.clock.advance(one.after_boot);
    store.restart();
    store.clock.advance(one.later);
    const Same same = store.queue->same_as(without_key(1));
    EXPECT_EQ(same.id, one.same ? id : 0u) << one.story;
    if (one.same) {
      EXPECT_EQ(same.state, State::accepted) << one.story;
    }
  }
}

TEST(Queue, SameAs_WithoutAKey_WhatWasSupersededMayBeSaidAgain) {
  Store store;
  remember(store, {.same_within = 60_s});
  const MessageId first = take(store, without_key(1));
  ASSERT_EQ(store.queue->record(first, ended(State::superseded)), Status::ok);
  EXPECT_EQ(store.queue->same_as(without_key(1)).id, 0u);
  ASSERT_EQ(store.queue->commit(), Status::ok);
  EXPECT_EQ(store.queue->same_as(without_key(1)).id, 0u);
  store.restart();
  EXPECT_EQ(store.queue->same_as(without_key(1)).id, 0u);
}

TEST(Remembered, Add_OutOfOrder_KeepsTheNewestInTheirOrder) {
  Known slots[4];
  Remembered remembered(slots, 4, 3);
  for (const MessageId id : {5u, 9u, 7u, 3u, 8u, 11u}) {
    Known known;
    known.id = id;
    remembered.add(known);
  }
  ASSERT_EQ(remembered.count(), 3u);
  EXPECT_EQ(remembered[0].id, 8u);
  EXPECT_EQ(remembered[1].id, 9u);
  EXPECT_EQ(remembered[2].id, 11u);
  EXPECT_EQ(remembered.find(7), nullptr);
  EXPECT_EQ(remembered.find(9), &remembered[1]);
}

}  // namespace
}  // namespace fieldpost
