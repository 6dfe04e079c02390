// What is told of a number, or was told long ago, leaves the region's bytes; all else stays.
#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <vector>

#include "tests/agent/queue/store.h"

namespace fieldpost {
namespace {

constexpr std::string_view kHers = "4930123456789", kHerText = "the canary's own text";

Message hers() {
  Message m = test_message(1, 60);
  EXPECT_EQ(m.to.assign(kHers), Status::ok);
  EXPECT_EQ(m.key.assign("visit-of-4930123456789"), Status::ok);
  EXPECT_EQ(m.values.add(kHerText), Status::ok);
  return m;
}

bool holds_hers(const FakeFlash& flash) { return holds(flash, kHers) || holds(flash, kHerText); }

MessageId take(Store& store, const Message& message) {
  const auto id = store.queue->take(message);
  EXPECT_TRUE(id.ok());
  EXPECT_EQ(store.queue->commit(), Status::ok);
  return id.ok() ? id.value() : 0;
}
void end(Store& store, MessageId id, State state = State::accepted) {
  ASSERT_EQ(store.queue->record(id, ended(state)), Status::ok);
  ASSERT_EQ(store.queue->commit(), Status::ok);
}

std::vector<MessageId> history(Store& store) {
  std::vector<MessageId> ids;
  Message message;
  Standing standing;
  for (std::uint64_t cursor = 0;
       store.queue->next_ended(cursor, message, standing) == Status::ok;) {
    ids.push_back(message.id);
  }
  return ids;
}

// Whether any event that the log still holds is about her.
bool events_show_hers(Store& store) {
  Message message;
  Standing standing;
  Stamp when;
  std::uint64_t cursor = 0;
  for (;;) {
    const Status status = store.queue->next_event(cursor, message, standing, when);
    if (status == Status::not_found) return false;
    if (status != Status::ok) {
      cursor += kEventsPerCommit;  // until the oldest that is left
    } else if (message.to == kHers) {
      return true;
    }
  }
}

// Every message of hers ends; some of the others wait. The region has been gone round.
struct Lived {
  std::vector<MessageId> hers, others, waiting;
};
Lived live(Store& store, int messages) {
  Lived lived;
  for (int i = 0; i < messages; ++i) {
    const bool is_hers = i % 5 == 2;
    const MessageId id =
        take(store, is_hers ? hers() : test_message(static_cast<std::uint64_t>(i), 40));
    if (i % 7 == 3 && !is_hers && lived.waiting.size() < 12) {
      lived.waiting.push_back(id);
    } else {
      end(store, id, i % 2 == 0 ? State::accepted : State::failed);
      (is_hers ? lived.hers : lived.others).push_back(id);
    }
  }
  return lived;
}

Status erase(Store& store, std::string_view number, Duration older = {}) {
  if (!store.queue->begin_erasing(number, older)) return Status::not_found;
  Status status = Status::ok;
  while (status == Status::ok) status = store.queue->erase_some();
  return status;
}

void expect_waiting(Store& store, const Lived& lived) {
  ASSERT_EQ(store.queue->live().size(), lived.waiting.size());
  for (const MessageId id : lived.waiting) {
    Message message;
    Standing standing;
    ASSERT_EQ(store.queue->read(id, message, standing), Status::ok);
    EXPECT_EQ(standing.state, State::queued);
    EXPECT_EQ(message.values.count(), 2u);
  }
}

TEST(Queue, Erase_ANumber_LeavesNothingOfItInTheRegion_AndAllElseAsItWas) {
  for (const FlashGeometry geometry : {FakeFlash::file(), FakeFlash::nor()}) {
    for (const int messages : {1, 9, 25, 400}) {
      SCOPED_TRACE(testing::Message() << messages << ", unit " << geometry.write_unit);
      Store store(geometry);
      const Lived lived = live(store, messages);
      ASSERT_EQ(store.queue->set_blocked(kHers, true), Status::ok);
      ASSERT_EQ(store.queue->commit(), Status::ok);
      std::vector<MessageId> before = history(store);
      std::erase_if(before, [&lived](MessageId id) { return std::ranges::count(lived.hers, id); });
      const Same same = store.queue->same_as(hers());
      if (messages == 1) continue;
      ASSERT_TRUE(holds_hers(store.flash) && events_show_hers(store));
      ASSERT_EQ(erase(store, kHers), Status::not_found);
      EXPECT_FALSE(holds_hers(store.flash) || events_show_hers(store));
      for (const bool restarted : {false, true}) {
        if (restarted) store.restart();
        EXPECT_EQ(store.report.corrupt_units, 0u);
        EXPECT_EQ(history(store), before);
        expect_waiting(store, lived);
        EXPECT_TRUE(store.queue->is_blocked(kHers));
        EXPECT_EQ(store.queue->same_as(hers()).id, same.id) << "its key is known yet";
        std::uint32_t counted = 0;
        for (const std::uint32_t count : store.queue->ended_counts()) counted += count;
        EXPECT_EQ(counted, before.size());
      }
      // It goes on, and can be done again.
      const Lived more = live(store, 30);
      ASSERT_EQ(erase(store, kHers), Status::not_found);
      EXPECT_FALSE(holds_hers(store.flash));
      EXPECT_EQ(store.queue->live().size(), lived.waiting.size() + more.waiting.size());
    }
  }
}

TEST(Queue, Erase_WhileOthersAreTakenAndEnd_LeavesNothingOfIt) {
  for (const FlashGeometry geometry : {FakeFlash::file(), FakeFlash::nor()}) {
    Store store(geometry);
    const Lived lived = live(store, 300);
    ASSERT_TRUE(store.queue->begin_erasing(kHers, {}));
    std::vector<MessageId> fresh;
    for (Status status = Status::ok; status == Status::ok; status = store.queue->erase_some()) {
      fresh.push_back(store.take_one(static_cast<int>(fresh.size()), 300));
      end(store, fresh.back());
    }
    EXPECT_FALSE(holds_hers(store.flash));
    expect_waiting(store, lived);
    const std::vector<MessageId> told = history(store);
    for (const MessageId id : told) EXPECT_EQ(std::ranges::count(told, id), 1);
    EXPECT_EQ(told.back(), fresh.back());
  }
}

TEST(Queue, Erase_PowerCutAtAnyWrite_LosesNothing_AndDoneAgainItIsDone) {
  for (const FlashGeometry geometry : {FakeFlash::file(32), FakeFlash::nor()}) {
    Store before(geometry);
    const Lived lived = live(before, 40);
    std::vector<MessageId> expected = history(before);
    std::erase_if(expected, [&lived](MessageId id) { return std::ranges::count(lived.hers, id); });
    for (std::uint64_t cut = 0;; ++cut) {
      SCOPED_TRACE(testing::Message() << "cut " << cut << ", unit " << geometry.write_unit);
      Store store(before.flash);
      store.flash.cut_power_after(cut);
      const bool finished = erase(store, kHers) == Status::not_found;
      Store after(store.flash.after_cut(cut));
      ASSERT_EQ(after.report.corrupt_units, 0u);
      expect_waiting(after, lived);
      std::vector<MessageId> told = history(after);
      std::erase_if(told, [&lived](MessageId id) { return std::ranges::count(lived.hers, id); });
      std::ranges::sort(told);
      std::vector<MessageId> wanted = expected;
      std::ranges::sort(wanted);
      ASSERT_EQ(told, wanted) << "an end is told twice, or no more";
      ASSERT_EQ(erase(after, kHers), Status::not_found);
      ASSERT_FALSE(holds_hers(after.flash));
      told = history(after);
      std::ranges::sort(told);
      ASSERT_EQ(told, wanted);
      expect_waiting(after, lived);
      if (testing::Test::HasFailure() || finished) break;
    }
  }
}

constexpr Duration kMonth{30 * 86'400'000ull};

void advance_days(Store& store, int days, Duration older = kMonth) {
  for (int day = 0; day < days; ++day) {
    store.clock.advance(24_h);
    ASSERT_EQ(store.queue->leave_old_head(24_h), Status::ok);
    ASSERT_EQ(store.queue->commit(), Status::ok);
    ASSERT_EQ(erase(store, "", older), Status::not_found);
  }
}

TEST(Queue, Erase_WhatIsOld_LeavesTheRegion_WhatIsYoungStays) {
  for (const FlashGeometry geometry : {FakeFlash::file(64), FakeFlash::nor(64)}) {
    Store store(geometry);
    const Lived lived = live(store, 60);
    advance_days(store, 25);
    EXPECT_TRUE(holds_hers(store.flash));
    const MessageId young = store.take_one(7, 200);
    end(store, young);
    advance_days(store, 8);
    EXPECT_FALSE(holds_hers(store.flash));
    EXPECT_EQ(history(store), std::vector<MessageId>{young});
    expect_waiting(store, lived);
    advance_days(store, 30);
    EXPECT_TRUE(history(store).empty());
    expect_waiting(store, lived);
  }
}

TEST(Queue, Erase_WhereAllIsErased_WritesNoMore) {
  for (const FlashGeometry geometry : {FakeFlash::file(), FakeFlash::nor()}) {
    Store store(geometry);
    for (int i = 0; i < 90; ++i) end(store, store.take_one(i));
    advance_days(store, 33);
    EXPECT_TRUE(history(store).empty());
    for (const bool restarted : {false, true}) {
      if (restarted) {  // what is free is assumed to hold remains: that is looked at, once
        store.restart();
        advance_days(store, 33);
      }
      const std::uint64_t done = store.flash.writes();
      advance_days(store, 100);
      EXPECT_EQ(store.flash.writes(), done);
    }
  }
}

TEST(Queue, Erase_AsManyWritesADay_AsThereIsToErase) {
  Store store(FakeFlash::file(64));
  for (int day = 0; day < 80; ++day) {
    const std::uint64_t before = store.flash.syncs();
    for (int i = 0; i < 3; ++i) end(store, store.take_one(i));
    const std::uint64_t own = store.flash.syncs() - before;
    EXPECT_EQ(own, 6u);
    advance_days(store, 1);
    EXPECT_LE(store.flash.syncs() - before, own + 6);
  }
  const std::vector<MessageId> told = history(store);
  EXPECT_GE(told.size(), 3 * 29u);
  EXPECT_LE(told.size(), 3 * 33u);
}

TEST(Queue, Erase_WithoutAClock_CountsTheTimeThatBootsWereSeenToRun) {
  Store store;
  store.clock.unset_wall();
  live(store, 20);
  for (int boot = 0; boot < 40; ++boot) {
    store.clock.reboot();
    store.restart();
    store.clock.advance(20_h);
    ASSERT_EQ(store.queue->mark(), Status::ok);
    ASSERT_EQ(store.queue->leave_old_head(24_h), Status::ok);
    ASSERT_EQ(store.queue->commit(), Status::ok);
    ASSERT_EQ(erase(store, "", kMonth), Status::not_found);
    EXPECT_TRUE(boot > 30 || holds_hers(store.flash)) << "not a month yet";
  }
  EXPECT_FALSE(holds_hers(store.flash));
}

TEST(Queue, Erase_WhatCannotBeProvedOld_Stays) {
  Store store;
  store.clock.unset_wall();
  live(store, 20);
  for (int boot = 0; boot < 40; ++boot) {  // off for a day each time, and nobody knows
    store.clock.reboot();
    store.restart();
    ASSERT_EQ(erase(store, "", kMonth), Status::not_found);
  }
  EXPECT_TRUE(holds_hers(store.flash));
}

TEST(Queue, Erase_HistoryThatAnotherErasingCopied_KeepsItsAge) {
  Store store;
  const MessageId old = store.take_one(3);
  end(store, old);
  advance_days(store, 20);
  const Lived lived = live(store, 20);
  ASSERT_EQ(erase(store, kHers), Status::not_found);
  EXPECT_EQ(std::ranges::count(history(store), old), 1);
  advance_days(store, 12);
  store.restart();
  EXPECT_EQ(std::ranges::count(history(store), old), 0);
  EXPECT_EQ(history(store).size(), lived.others.size());
}

}  // namespace
}  // namespace fieldpost
