#include <gtest/gtest.h>

#include <map>
#include <random>
#include <vector>

#include "tests/agent/queue/store.h"

namespace fieldpost {
namespace {

struct Told {
  std::uint64_t event = 0;
  MessageId id = 0;
  State state = State::queued;
  bool operator==(const Told&) const = default;
};

// Reads on from `cursor` to the newest; `gap` tells that some are gone.
std::vector<Told> follow(Queue& queue, std::uint64_t& cursor, bool& gap) {
  std::vector<Told> told;
  Message message;
  Standing standing;
  Stamp when;
  Status status = Status::ok;
  while ((status = queue.next_event(cursor, message, standing, when)) == Status::ok) {
    EXPECT_EQ(message.scenario, "service-changed") << "message " << message.id;
    EXPECT_FALSE(when.empty());
    told.push_back({cursor, message.id, standing.state});
  }
  gap = status != Status::not_found;
  if (!gap) {
    EXPECT_EQ(cursor, queue.newest_event());
  }
  return told;
}

std::vector<Told> follow(Queue& queue, std::uint64_t& cursor) {
  bool gap = false;
  const std::vector<Told> told = follow(queue, cursor, gap);
  EXPECT_FALSE(gap);
  return told;
}

Standing in(State state) {
  Standing standing;
  standing.state = state;
  return standing;
}

using Happened = std::vector<std::pair<MessageId, State>>;

Happened without_numbers(const std::vector<Told>& told) {
  Happened out;
  for (const Told& one : told) out.emplace_back(one.id, one.state);
  return out;
}

// Takes, starts and ends at random; what has become durable is added to `happened`. One message in
// eight stays, so that recycling has something to carry.
class Life {
 public:
  explicit Life(std::uint64_t seed) : random_(seed) {}

  bool step(Queue& queue) {
    Happened pending;
    const std::uint64_t n = random_() % 90;
    if (queue.live().size() < 20) {
      const auto id = queue.take(test_message(n, random_() % 600));
      if (id.ok()) pending.emplace_back(id.value(), State::queued);
    }
    for (int i = 0; i < 2 && !queue.live().empty(); ++i) {
      const Live& live = queue.live()[random_() % queue.live().size()];
      const MessageId id = live.id;
      Standing next = in(live.state == State::sending ? State::held : State::sending);
      if (live.state != State::queued && id % 8 != 0) next = ended(State::accepted);
      if (queue.record(id, next) == Status::ok) pending.emplace_back(id, next.state);
    }
    if (queue.commit() != Status::ok) return false;
    happened.insert(happened.end(), pending.begin(), pending.end());
    return true;
  }

  Happened happened;

 private:
  std::mt19937_64 random_;
};

TEST(Queue, Events_AcrossRecycling_EachIsToldOnceAndInOrder) {
  for (const FlashGeometry geometry : {FakeFlash::file(), FakeFlash::nor()}) {
    Store store(geometry);
    Life life(5);
    std::vector<Told> told;
    std::uint64_t cursor = 0;
    while (store.queue->usage().segments_recycled < 60) {
      ASSERT_TRUE(life.step(*store.queue));
      const std::vector<Told> fresh = follow(*store.queue, cursor);
      told.insert(told.end(), fresh.begin(), fresh.end());
    }
    EXPECT_EQ(without_numbers(told), life.happened);
    for (std::size_t i = 1; i < told.size(); ++i) ASSERT_LT(told[i - 1].event, told[i].event);
  }
}

TEST(Queue, Events_ReadMuchLater_AreThoseThatWereTold) {
  Store store;
  Life life(6);
  for (int i = 0; i < 300; ++i) ASSERT_TRUE(life.step(*store.queue));
  std::uint64_t cursor = store.queue->newest_event();
  const std::uint64_t from = cursor;
  std::vector<Told> told;
  for (int i = 0; i < 8; ++i) {
    ASSERT_TRUE(life.step(*store.queue));
    const std::vector<Told> fresh = follow(*store.queue, cursor);
    told.insert(told.end(), fresh.begin(), fresh.end());
  }
  store.restart();
  for (std::size_t i = 0; i < told.size(); ++i) {
    cursor = i == 0 ? from : told[i - 1].event;
    EXPECT_EQ(follow(*store.queue, cursor), std::vector<Told>(told.begin() + i, told.end()));
  }
}

TEST(Queue, Events_OfAFullRegion_AreReadWithFewReadsEach) {
  for (const FlashGeometry geometry : {FakeFlash::file(64), FakeFlash::nor(64)}) {
    Store store(geometry);
    Life life(9);
    while (store.queue->usage().segments_recycled == 0) ASSERT_TRUE(life.step(*store.queue));
    std::uint64_t cursor = 0;
    for (bool gap = true; gap;) {  // until the oldest that is left
      const std::uint64_t from = cursor += kEventsPerCommit;
      follow(*store.queue, cursor, gap);
      cursor = from;
    }
    const std::uint64_t before = store.flash.bytes_read();
    const std::size_t count = follow(*store.queue, cursor).size();
    EXPECT_GT(count, 500u);
    EXPECT_LT(store.flash.bytes_read() - before, count * 2 * limits::commit_bytes_max);
  }
}

TEST(Queue, Events_NoLongerInTheLog_AreAGapAndNotSilence) {
  Store store;
  Life life(7);
  while (store.queue->usage().segments_recycled == 0) ASSERT_TRUE(life.step(*store.queue));
  std::uint64_t cursor = 0;
  bool gap = false;
  EXPECT_TRUE(follow(*store.queue, cursor, gap).empty());
  EXPECT_TRUE(gap);
  cursor = store.queue->newest_event();
  const std::size_t before = life.happened.size();
  ASSERT_TRUE(life.step(*store.queue));
  EXPECT_EQ(without_numbers(follow(*store.queue, cursor)),
            Happened(life.happened.begin() + before, life.happened.end()));
}

// What is erased is written anew without it, and that has happened before. Nobody has this number.
TEST(Queue, Events_WhileANumberIsErased_TellNothingAgain_AndWhoeverIsBehindOfAGap) {
  for (const FlashGeometry geometry : {FakeFlash::file(), FakeFlash::nor()}) {
    Store store(geometry);
    Life life(10);
    for (int i = 0; i < 200; ++i) ASSERT_TRUE(life.step(*store.queue));
    std::uint64_t cursor = store.queue->newest_event(), behind = cursor - 20 * kEventsPerCommit;
    ASSERT_TRUE(store.queue->begin_erasing("120255501", {}));
    while (store.queue->erase_some() == Status::ok) {
      EXPECT_TRUE(follow(*store.queue, cursor).empty());
    }
    bool gap = false;
    EXPECT_TRUE(follow(*store.queue, behind, gap).empty());
    EXPECT_TRUE(gap);
    const std::size_t before = life.happened.size();
    ASSERT_TRUE(life.step(*store.queue));
    EXPECT_EQ(without_numbers(follow(*store.queue, cursor)),
              Happened(life.happened.begin() + before, life.happened.end()));
  }
}

TEST(Queue, Events_OfABlock_AreNone) {
  Store store;
  std::uint64_t cursor = store.queue->newest_event();
  ASSERT_EQ(store.queue->set_blocked("12025550199", true), Status::ok);
  ASSERT_EQ(store.queue->commit(), Status::ok);
  ASSERT_NE(cursor, store.queue->newest_event());
  EXPECT_TRUE(follow(*store.queue, cursor).empty());
}

TEST(Queue, Events_BehindTheNewest_AreOfAnotherStoreAndAGap) {
  Store store;
  store.take_one(1);
  std::uint64_t cursor = store.queue->newest_event() + 1;
  bool gap = false;
  EXPECT_TRUE(follow(*store.queue, cursor, gap).empty());
  EXPECT_TRUE(gap);
}

TEST(Queue, Events_LostToDamage_AreAGap) {
  Store store;
  store.take_one(1);
  const std::uint32_t bad = store.queue->find(store.take_one(2))->message_at;
  store.take_one(3);
  store.flash.rot(bad);
  store.restart();
  std::uint64_t cursor = 0;
  bool gap = false;
  EXPECT_EQ(without_numbers(follow(*store.queue, cursor, gap)), (Happened{{1, State::queued}}));
  EXPECT_TRUE(gap);
}

TEST(Queue, Events_NotYetDurable_HaveNotHappened) {
  Store store;
  std::uint64_t cursor = 0;
  ASSERT_TRUE(store.queue->take(Store::message(1, 50)).ok());
  EXPECT_TRUE(follow(*store.queue, cursor).empty());
  store.flash.fail_next_sync();
  ASSERT_EQ(store.queue->commit(), Status::io);
  EXPECT_TRUE(follow(*store.queue, cursor).empty()) << "the bytes are there, but not promised";
}

TEST(Queue, Events_OfWhatRecoveryMade_AreToldOnceWhenTheyAreDurable) {
  Store store;
  const MessageId id = store.take_one(1);
  ASSERT_EQ(store.queue->record(id, in(State::sending)), Status::ok);
  ASSERT_EQ(store.queue->commit(), Status::ok);
  std::uint64_t cursor = store.queue->newest_event();
  store.clock.reboot();
  store.restart();
  EXPECT_TRUE(follow(*store.queue, cursor).empty()) << "a look writes nothing";
  ASSERT_EQ(store.queue->record_doubts(), Status::ok);
  EXPECT_TRUE(follow(*store.queue, cursor).empty());
  ASSERT_EQ(store.queue->commit(), Status::ok);
  EXPECT_EQ(without_numbers(follow(*store.queue, cursor)), (Happened{{id, State::uncertain}}));
  store.restart();
  ASSERT_EQ(store.queue->record_doubts(), Status::ok);
  EXPECT_FALSE(store.queue->pending());
}

TEST(Queue, Events_WhenSomethingElseIsWrittenFirst_TellTheDoubtBeforeIt) {
  Store store;
  const MessageId id = store.take_one(1);
  ASSERT_EQ(store.queue->record(id, in(State::sending)), Status::ok);
  ASSERT_EQ(store.queue->commit(), Status::ok);
  std::uint64_t cursor = store.queue->newest_event();
  store.restart();
  ASSERT_EQ(store.queue->record(id, ended(State::dropped)), Status::ok);
  ASSERT_EQ(store.queue->commit(), Status::ok);
  EXPECT_EQ(without_numbers(follow(*store.queue, cursor)),
            (Happened{{id, State::uncertain}, {id, State::dropped}}));
}

TEST(Queue, Doubt_WhenItIsRecorded_KeepsTheTimeOfItsSending) {
  Store store;
  const MessageId id = store.take_one(1);
  ASSERT_EQ(store.queue->record(id, in(State::sending)), Status::ok);
  ASSERT_EQ(store.queue->commit(), Status::ok);
  store.clock.advance(7_min);
  for (int i = 0; i < 2; ++i) {
    store.restart();
    const Live& live = *store.queue->find(id);
    EXPECT_EQ(store.queue->age_of_change(live, store.clock.now()).ms, (7_min).ms);
    ASSERT_EQ(store.queue->record_doubts(), Status::ok);
    ASSERT_EQ(store.queue->commit(), Status::ok);
  }
}

// What followed the events up to a cut goes on behind it: each message ends up as the queue has it.
void go_on_after(const FakeFlash& left, const std::vector<Told>& told) {
  Store store(left);
  // Those told last are still there, and still the same.
  const std::size_t back = std::min<std::size_t>(told.size(), 6);
  std::vector<Told> again;
  std::uint64_t cursor = back == 0 ? 0 : told[told.size() - back].event;
  if (back != 0) again.push_back(told[told.size() - back]);
  ASSERT_EQ(store.queue->record_doubts(), Status::ok);
  ASSERT_EQ(store.queue->commit(), Status::ok);
  bool gap = false;
  const std::vector<Told> rest = follow(*store.queue, cursor, gap);
  ASSERT_FALSE(gap);
  again.insert(again.end(), rest.begin(), rest.end());
  ASSERT_GE(again.size(), back);
  ASSERT_TRUE(std::equal(told.end() - static_cast<std::ptrdiff_t>(back), told.end(), again.begin()))
      << "what was told is gone";
  std::map<MessageId, State> states;
  for (const Told& one : told) states[one.id] = one.state;
  for (std::size_t i = back; i < again.size(); ++i) {
    ASSERT_TRUE(told.empty() || again[i].event > told.back().event) << "told twice";
    states[again[i].id] = again[i].state;
  }
  for (const Live& live : store.queue->live()) {
    ASSERT_TRUE(states.count(live.id));
    ASSERT_EQ(states[live.id], live.state) << "message " << live.id;
    states.erase(live.id);
  }
  for (const auto& [id, state] : states) ASSERT_EQ(state, State::accepted) << "message " << id;
}

TEST(Queue, Events_PowerCutAtAnyOperation_AreNeitherLostNorTwice) {
  for (const FlashGeometry geometry : {FakeFlash::file(), FakeFlash::nor()}) {
    for (const auto fate : {FakeFlash::Fate::by_seed, FakeFlash::Fate::all_torn}) {
      Store store(geometry);
      Life life(8 + static_cast<std::uint64_t>(fate));
      std::vector<Told> told;
      std::uint64_t cursor = 0, operation = 0;
      store.flash.in_operation = [&] {
        if (testing::Test::HasFatalFailure() || !store.flash.has_volatile()) return;
        go_on_after(store.flash.after_cut(++operation, fate), told);
      };
      while (store.queue->usage().segments_recycled < 5) {
        ASSERT_TRUE(life.step(*store.queue));
        if (testing::Test::HasFatalFailure()) return;
        const std::vector<Told> fresh = follow(*store.queue, cursor);
        told.insert(told.end(), fresh.begin(), fresh.end());
      }
      EXPECT_GT(operation, 100u);
    }
  }
}

}  // namespace
}  // namespace fieldpost
