// Power is cut at every write, erase and sync of a history that goes round the region, and what a
// recovery then finds is held against what had been acknowledged.
#include <gtest/gtest.h>

#include <map>
#include <optional>
#include <random>
#include <vector>

#include "tests/agent/queue/store.h"

namespace fieldpost {
namespace {

// What the test knows of one message: `known` was acknowledged, one of `pending` may have become
// durable besides.
struct Fact {
  State state = State::queued;
  bool ended = false;
};
struct Track {
  std::uint64_t content = 0;  // test_message of it
  std::optional<Fact> known;
  std::vector<Fact> pending;
};
using Tracks = std::map<MessageId, Track>;

State as_recovered(State state) { return state == State::sending ? State::uncertain : state; }

// Takes, starts, outcomes and ends, at random, and commits as the keeper does.
class History {
 public:
  History(Store& store, std::uint64_t seed) : store_(store), random_(seed) {}
  History(Store& store, std::uint64_t seed, const Tracks& known)
      : tracks(known), store_(store), random_(seed) {}

  void step() {
    const int takes = static_cast<int>(random_() % 3);
    for (int i = 0; i < takes && store_.queue->live().size() < 24; ++i) take();
    for (int i = 0; i < 2; ++i) change();
    if (store_.queue->commit() != Status::ok) return;
    for (auto& [id, track] : tracks) {
      if (!track.pending.empty()) track.known = track.pending.back();
      track.pending.clear();
    }
  }

  Tracks tracks;

 private:
  void take() {
    const std::uint64_t content = random_() % 1000;
    const std::size_t size = random_() % 8 == 0 ? random_() % 3900 : random_() % 400;
    const auto id = store_.queue->take(test_message(content, size));
    if (id.ok()) tracks[id.value()] = {content, std::nullopt, {Fact{}}};
  }

  void change() {
    if (store_.queue->live().empty()) return;
    const Live live = store_.queue->live()[random_() % store_.queue->live().size()];
    Standing next;
    switch (live.state) {
      case State::queued: next.state = random_() % 8 == 0 ? State::held : State::sending; break;
      case State::sending: next.state = random_() % 3 == 0 ? State::queued : State::accepted; break;
      default: next.state = random_() % 2 == 0 ? State::dropped : State::queued; break;
    }
    next.ended = next.state == State::accepted || next.state == State::dropped;
    next.attempts = static_cast<std::uint16_t>(random_());
    const std::string detail(random_() % 200, 'd');
    ASSERT_EQ(next.detail.assign(detail), Status::ok);
    if (store_.queue->record(live.id, next) != Status::ok) return;
    tracks[live.id].pending.push_back({next.state, next.ended});
  }

  Store& store_;
  std::mt19937_64 random_;
};

bool allows(const Track& track, const std::optional<State>& found) {
  const auto fits = [&found](const Fact& fact) {
    return fact.ended ? !found : found == as_recovered(fact.state);
  };
  if (!track.known && !found) return true;  // never acknowledged
  if (track.known && fits(*track.known)) return true;
  return std::any_of(track.pending.begin(), track.pending.end(), fits);
}

// Holds what the store has against what is allowed, and leaves in `tracks` what is true from now.
void check(Store& store, Tracks& tracks) {
  ASSERT_EQ(store.report.corrupt_units, 0u);
  ASSERT_EQ(store.report.lost, 0u);
  MessageId last = 0;
  for (const Live& live : store.queue->live()) {
    ASSERT_GT(live.id, last) << "doubled";
    last = live.id;
    ASSERT_TRUE(tracks.count(live.id)) << live.id << " was never taken";
    Message message;
    Standing standing;
    ASSERT_EQ(store.queue->read(live.id, message, standing), Status::ok);
    const std::string key = "visit-" + std::to_string(tracks[live.id].content);
    ASSERT_EQ(message.key.view(), key);
    ASSERT_EQ(standing.attempts, live.attempts);
  }
  for (auto track = tracks.begin(); track != tracks.end();) {
    const Live* live = store.queue->find(track->first);
    std::optional<State> found;
    if (live != nullptr) found = live->state;
    ASSERT_TRUE(allows(track->second, found))
        << "message " << track->first << " is "
        << (found ? to_text(*found) : std::string_view("gone"));
    if (!found) {
      track = tracks.erase(track);
      continue;
    }
    track->second.known = Fact{*found, false};
    track->second.pending.clear();
    ++track;
  }
}

bool same_live(const Queue& a, const Queue& b) {
  return std::equal(a.live().begin(), a.live().end(), b.live().begin(), b.live().end(),
                    [](const Live& x, const Live& y) {
                      return x.id == y.id && x.state == y.state && x.reason == y.reason &&
                             x.message_at == y.message_at && x.standing_at == y.standing_at;
                    });
}

// One crash: recovers what it left, twice, and goes on from there.
void survive(const FakeFlash& left, Tracks tracks, std::uint64_t seed, int depth,
             std::uint64_t& states) {
  ++states;
  Store store(left);
  if (testing::Test::HasFatalFailure()) return;
  check(store, tracks);
  if (testing::Test::HasFatalFailure()) return;
  const auto first = std::move(store.queue);
  store.restart();
  ASSERT_TRUE(same_live(*first, *store.queue)) << "a second recovery finds something else";

  History history(store, seed, tracks);
  std::uint64_t operation = 0;
  if (depth > 0) {
    store.flash.in_operation = [&] {
      if (testing::Test::HasFatalFailure() || !store.flash.has_volatile()) return;
      ++operation;
      survive(store.flash.after_cut(seed * 31 + operation), history.tracks, seed + operation,
              depth - 1, states);
    };
  }
  for (int i = 0; i < 2; ++i) history.step();
  store.flash.in_operation = nullptr;
  ASSERT_FALSE(store.queue->failed()) << "no room for what was promised";
  if (testing::Test::HasFatalFailure()) return;
  store.restart();
  ASSERT_EQ(store.report.torn_units, 0u)
      << "what one recovery stepped over, the next took for torn";
  check(store, history.tracks);
}

// One in `nested` crashes is followed by another in each operation of what comes after it.
std::uint64_t cut_everywhere(FlashGeometry geometry, std::uint64_t seed, FakeFlash::Fate fate,
                             int steps, std::uint64_t nested) {
  Store store(geometry);
  History history(store, seed);
  std::uint64_t operation = 0, states = 0;
  store.flash.in_operation = [&] {
    if (testing::Test::HasFatalFailure() || !store.flash.has_volatile()) return;
    ++operation;
    survive(store.flash.after_cut(seed * 1000 + operation, fate), history.tracks, seed + operation,
            operation % nested == 0 ? 1 : 0, states);
    if (testing::Test::HasFatalFailure()) {
      ADD_FAILURE() << "seed " << seed << ", operation " << operation << ", fate "
                    << static_cast<int>(fate);
    }
  };
  for (int i = 0; i < steps && !testing::Test::HasFatalFailure(); ++i) history.step();
  EXPECT_GT(store.queue->usage().segments_recycled, 2u) << "the history was too short";
  return states;
}

TEST(Queue, File_PowerCutAtAnyOperation_KeepsEveryPromisedMessage) {
  std::uint64_t states = 0;
  for (const auto fate : {FakeFlash::Fate::by_seed, FakeFlash::Fate::all_torn,
                          FakeFlash::Fate::all_lost, FakeFlash::Fate::all_kept}) {
    states += cut_everywhere(FakeFlash::file(), 1 + static_cast<std::uint64_t>(fate), fate, 90, 8);
  }
  RecordProperty("states", std::to_string(states));
}

TEST(Queue, Nor_PowerCutAtAnyOperation_KeepsEveryPromisedMessage) {
  std::uint64_t states = 0;
  for (const auto fate : {FakeFlash::Fate::by_seed, FakeFlash::Fate::all_torn}) {
    states +=
        cut_everywhere(FakeFlash::nor(), 11 + static_cast<std::uint64_t>(fate), fate, 320, 64);
  }
  RecordProperty("states", std::to_string(states));
}

TEST(Queue, Open_PowerCutWhileTheStoreIsMade_MakesItNextTime) {
  for (const FlashGeometry geometry : {FakeFlash::file(), FakeFlash::nor()}) {
    for (std::uint64_t cut = 0; cut < 4; ++cut) {
      for (std::uint64_t seed = 0; seed < 20; ++seed) {
        FakeFlash flash(geometry);
        flash.cut_power_after(cut);
        FakeClock clock;
        RecoveryReport report;
        const auto queue = std::make_unique<Queue>(flash, clock, 100);
        const Status status = queue->open(kTestStoreId, report);
        if (status == Status::ok) break;
        Store store(flash.after_cut(seed));
        store.take_one(1);
        store.restart();
        EXPECT_EQ(store.queue->live().size(), 1u);
      }
    }
  }
}

}  // namespace
}  // namespace fieldpost
