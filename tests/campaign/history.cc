#include "tests/campaign/history.h"

#include <array>
#include <span>

namespace fieldpost::campaign {
namespace {

constexpr std::array kCharacters = {
    Character{"quiet", 1, 2, 4, 200, 40, 1},
    Character{"busy", 3, 4, 24, 400, 200, 0},
    Character{"long texts", 2, 3, 16, 3900, 256, 0},
    Character{"storm of retries", 1, 12, 12, 300, 256, 0},
    Character{"full", 12, 10, 4096, 1500, 256, 0},
    Character{"full of short ones", 30, 24, 4096, 60, 20, 0},
};

// What may come next, each as likely as it stands here.
struct Step {
  State state;
  bool ended;
};
constexpr Step kFromQueued[] = {{State::sending, false}, {State::sending, false},
                                {State::sending, false}, {State::sending, false},
                                {State::held, false},    {State::expired, true},
                                {State::dropped, true},  {State::superseded, true}};
constexpr Step kFromSending[] = {{State::accepted, false},  {State::accepted, true},
                                 {State::queued, false},    {State::held, false},
                                 {State::uncertain, false}, {State::failed, true}};
constexpr Step kFromUncertain[] = {
    {State::queued, false}, {State::held, false}, {State::accepted, false}, {State::dropped, true}};
constexpr Step kFromHeld[] = {
    {State::queued, false}, {State::expired, true}, {State::dropped, true}};
constexpr Step kFromAccepted[] = {
    {State::sent, false}, {State::delivered, true}, {State::failed, true}, {State::accepted, true}};
constexpr Step kFromSent[] = {{State::sent, false}, {State::delivered, true}, {State::read, true}};

std::span<const Step> steps_from(State state) {
  switch (state) {
    case State::queued: return kFromQueued;
    case State::sending: return kFromSending;
    case State::uncertain: return kFromUncertain;
    case State::held: return kFromHeld;
    case State::accepted: return kFromAccepted;
    case State::sent:
    case State::delivered:
    case State::read:
    case State::failed:
    case State::expired:
    case State::superseded:
    case State::dropped: break;
  }
  return kFromSent;
}

// What no message can cost more than.
constexpr std::uint64_t kChargeMax =
    kMessageRecordBytesMax + kMessageRecordBytesMax / 2 + kStandingRecordBytesMax;

}  // namespace

const Character& character_of(std::uint64_t seed) { return kCharacters[seed % kCharacters.size()]; }

History::History(Queue& queue, Model& model, std::uint64_t seed)
    : queue_(queue), model_(model), character_(character_of(seed)), random_(seed) {}

bool History::step() {
  const auto live = static_cast<std::uint32_t>(queue_.live().size());
  if (live > character_.live_max * 3 / 4) filling_ = false;
  if (live < 4) filling_ = true;
  std::uint32_t takes = below(character_.takes + 1);
  if (!filling_) takes /= 4;
  for (std::uint32_t i = 0; i < takes; ++i) {
    if (queue_.live().size() < character_.live_max) take();
    if (character_.commits_often != 0 && !commit()) return false;
  }
  const std::uint32_t changes = below(character_.changes + 1);
  for (std::uint32_t i = 0; i < changes; ++i) {
    change();
    if (character_.commits_often != 0 && !commit()) return false;
  }
  if (below(16) == 0) block();
  return commit() && (below(64) != 0 || erase());
}

// What is told of one number, or of long ago.
bool History::erase() {
  const std::string number = below(2) == 0 ? number_of(below(kNumbers)) : "";
  if (below(2) == 0 && queue_.leave_old_head({}) != Status::ok) return false;
  if (!commit()) return false;
  bool more = queue_.begin_erasing(number, Duration{below(20) * 1000ull});
  while (more) {
    const Status status = queue_.erase_some();
    more = status == Status::ok;
    if (status == Status::io && queue_.failed()) return false;
  }
  return true;
}

void History::block() {
  const std::uint32_t number = below(kNumbers);
  const bool on = below(2) == 0;
  model_.block(number, on);
  if (queue_.set_blocked(number_of(number), on) == Status::ok || queue_.failed()) return;
  wrong_ = "a number could not be blocked";
}

bool History::drain() {
  while (!queue_.live().empty() && wrong_.empty() && !queue_.failed()) {
    const Live live = queue_.live().front();
    const Live* before = queue_.find(live.id);
    Standing next;
    next.state = State::failed;
    next.ended = true;
    change(*before, next);
    if (!commit()) return false;
  }
  return wrong_.empty() && !queue_.failed();
}

void History::take() {
  const std::uint32_t bytes =
      below(4) == 0 ? below(character_.value_bytes) : below(character_.value_bytes / 4 + 1);
  const Content content{below(1'000'000), bytes};
  const auto id = queue_.take(message_of(content));
  if (id.ok()) {
    if (model_.knows(id.value())) wrong_ = "id " + std::to_string(id.value()) + " was given twice";
    model_.take(id.value(), content);
    return;
  }
  if (queue_.failed()) return;
  const QueueUsage usage = queue_.usage();
  const bool full =
      usage.live == usage.live_max || usage.used_bytes + kChargeMax > usage.room_bytes;
  if (id.status() != Status::full || !full) wrong_ = "a take was refused, and there was room";
  filling_ = false;
}

void History::change() {
  if (queue_.live().empty()) return;
  const Live live = queue_.live()[below(static_cast<std::uint32_t>(queue_.live().size()))];
  if (live.ends_in_pending) return;
  const auto steps = steps_from(live.state);
  const Step step = steps[below(static_cast<std::uint32_t>(steps.size()))];
  Standing next;
  next.state = step.state;
  next.ended = step.ended;
  change(live, next);
}

void History::change(const Live& live, Standing next) {
  next.attempts = static_cast<std::uint16_t>(live.attempts + 1);
  if (next.state == State::uncertain) next.reason = Reason::maybe_sent;
  const std::string detail(below(character_.detail_bytes + 1), 'd');
  if (next.detail.assign(detail) != Status::ok) wrong_ = "the detail is too long";
  const MessageId id = live.id;
  model_.record(id, {next.state, next.ended});
  const Status status = queue_.record(id, next);
  if (status == Status::ok || queue_.failed()) return;
  wrong_ = "the outcome of message " + std::to_string(id) + " was refused";
}

bool History::commit() {
  const bool pending = queue_.pending();
  if (queue_.commit() != Status::ok) return false;
  if (pending) model_.acknowledge();
  return wrong_.empty();
}

}  // namespace fieldpost::campaign
