#include "tests/bench/years.h"

#include "tests/bench/letter.h"
#include "tests/fakes/unpacked.h"

namespace fieldpost::bench {
namespace {

constexpr StoreId kStoreId = {std::byte{0x11}, std::byte{0x22}};

// More than a region of 1 MiB has room for, so that it is full now and then.
constexpr std::uint32_t kBacklogMax = 600;

// So many wait for a person: they are copied forward lap by lap.
constexpr std::uint32_t kHeldMax = 24;

}  // namespace

Years::Years(const FlashGeometry& geometry, std::uint64_t seed) : flash_(geometry), random_(seed) {
  open();
}

std::string Years::live_a_day() {
  switch (below(8)) {
    case 0: one_at_a_time(1 + below(200), false); break;
    case 1:
    case 2:
    case 3: one_at_a_time(1 + below(400), true); break;
    default: away(1 + below(kBacklogMax)); break;
  }
  if (below(4) == 0) lose_power();
  const Wear wear = flash_.segments();
  if (wear.spread() > 2) {
    fail("a segment was begun " + std::to_string(wear.most) + " times, another " +
         std::to_string(wear.least) + " times");
  }
  if (!flash_.misuse().empty()) fail(flash_.misuse());
  return wrong_;
}

std::string Years::retire() {
  drain();
  while (held_ > 0 && wrong_.empty()) decide_on_a_held_one();
  commit();
  if (!queue_->live().empty() || !tracks_.empty()) fail("something is still in progress");
  if (ended_ != taken_) {
    fail(std::to_string(taken_) + " were taken and " + std::to_string(ended_) + " have ended");
  }
  if (queue_->usage().corrupt_units != 0) fail("the queue has met damage");
  return wrong_;
}

void Years::one_at_a_time(std::uint32_t letters, bool connection_is_kept) {
  for (; letters > 0 && wrong_.empty(); --letters) {
    take();
    if (!connection_is_kept) commit();  // the connection is made after that
    begin();
    commit();
    answer();
    commit();
  }
}

// The network is away: messages come in and wait. Then they all leave, and more come in.
void Years::away(std::uint32_t letters) {
  bool room = true;
  while (letters > 0 && room && wrong_.empty()) {
    for (std::uint32_t together = 1 + below(8); together > 0 && letters > 0 && room; --together) {
      room = take();
      --letters;
    }
    commit();
  }
  begin();
  commit();
  while (out_ != 0 && wrong_.empty()) {
    answer();
    if (below(4) == 0) take();
    begin();
    commit();
  }
}

void Years::drain() {
  do {
    begin();
    commit();
    answer();
    commit();
  } while (queue_->live().size() > held_ && wrong_.empty());
}

// False: the queue is full.
bool Years::take() {
  const auto id = queue_->take(letter(taken_));
  if (id.status() == Status::full && queue_->live().size() > 100) return false;
  if (!id.ok()) {
    fail("a message was refused, and there was room");
    return false;
  }
  tracks_[id.value()] = {taken_++, State::queued};
  return true;
}

// The first in line leaves. What was taken is read back here, so each message is compared once.
void Years::begin() {
  Message message;
  Standing standing;
  for (const Live& live : queue_->live()) {
    if (live.state != State::queued) continue;
    const MessageId id = live.id;
    if (queue_->read(id, message, standing) != Status::ok) {
      fail("message " + std::to_string(id) + " cannot be read");
    } else if (const std::string wrong = check_letter(message, tracks_[id].number);
               !wrong.empty()) {
      fail(wrong);
    }
    standing.state = State::sending;
    ++standing.attempts;
    change(id, standing);
    out_ = id;
    return;
  }
}

void Years::answer() {
  if (out_ == 0) return;
  clock_.advance(300_ms);
  const std::uint32_t luck = below(1000);
  Standing standing = accepted(clock_.stamp());
  if (luck < 10) {  // the connection broke before a byte had left
    standing = Standing{};
  } else if (luck < 14) {
    standing = Standing{};
    standing.state = luck < 12 ? State::held : State::uncertain;
    standing.reason = luck < 12 ? Reason::template_unknown : Reason::maybe_sent;
    MUST(standing.detail.assign("(#132001) Template name does not exist in the translation"));
  }
  change(out_, standing);
  out_ = 0;
  if (standing.state == State::held || standing.state == State::uncertain) ++held_;
  if (held_ > kHeldMax) decide_on_a_held_one();
}

void Years::decide_on_a_held_one() {
  for (const auto& [id, track] : tracks_) {
    if (track.state != State::held && track.state != State::uncertain) continue;
    Standing standing;
    standing.state = State::dropped;
    standing.ended = true;
    --held_;
    change(id, standing);
    return;
  }
  fail("nobody waits for a person");
}

void Years::change(MessageId id, const Standing& standing) {
  if (queue_->record(id, standing) != Status::ok) {
    fail("the outcome of message " + std::to_string(id) + " was refused");
  }
  tracks_[id].state = standing.state;
  if (standing.ended) {
    tracks_.erase(id);
    ++ended_;
  }
}

void Years::commit() {
  if (queue_->pending()) ++commits_;
  if (queue_->commit() != Status::ok) fail("the store has failed");
}

// While one message is out and another, of which nobody was told, waits for its commit. In the very
// commit that begins a segment it would begin that a second time: one more each time this happens.
void Years::lose_power() {
  take();
  begin();
  commit();
  const auto untold = queue_->take(letter(taken_));
  if (!untold.ok() && untold.status() != Status::full) fail("a message was refused");
  flash_.lose_power(random_());
  ++power_cuts_;
  open();
  if (out_ != 0) tracks_[out_].state = State::uncertain;
  compare();
  answer();  // somebody has looked what became of it
  commit();
}

void Years::open() {
  queue_ = std::make_unique<Queue>(flash_, clock_, limits::queue_messages_max);
  RecoveryReport report;
  if (queue_->open(kStoreId, report) != Status::ok) fail("the store " + unpacked(report.trouble));
  if (report.torn_units != 0 || report.corrupt_units != 0 || report.lost != 0) {
    fail("a recovery found damage");
  }
}

// All that was promised is there, and nothing else.
void Years::compare() {
  if (queue_->live().size() != tracks_.size()) fail("something is missing, or too much");
  Message message;
  Standing standing;
  for (const auto& [id, track] : tracks_) {
    const Live* live = queue_->find(id);
    if (live == nullptr || live->state != track.state) {
      fail("message " + std::to_string(id) + " is gone or stands otherwise");
    } else if (queue_->read(id, message, standing) != Status::ok) {
      fail("message " + std::to_string(id) + " cannot be read");
    } else if (const std::string wrong = check_letter(message, track.number); !wrong.empty()) {
      fail(wrong);
    }
  }
}

void Years::fail(const std::string& what) {
  if (wrong_.empty()) wrong_ = what + ", after " + std::to_string(taken_) + " messages";
}

}  // namespace fieldpost::bench
