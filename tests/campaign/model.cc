#include "tests/campaign/model.h"

#include <algorithm>

#include "tests/campaign/recovery.h"

namespace fieldpost::campaign {
namespace {

// How a recovery shows what was known: power went while the request was in flight.
State as_recovered(State state) { return state == State::sending ? State::uncertain : state; }

std::string about(MessageId id, const std::string& what) {
  return "message " + std::to_string(id) + " " + what;
}

std::string name(State state) { return std::string(to_text(state)); }

// So many ended messages are remembered: more than any region here holds in progress.
constexpr std::size_t kEndedMax = 2048;

}  // namespace

std::string number_of(std::uint32_t number) {
  return "120255501" + std::to_string(10 + number % 90);
}

Message message_of(Content content) {
  Message m;
  const std::string number = std::to_string(content.number);
  const auto put = [](auto& field, const std::string& text) {
    if (field.assign(text) != Status::ok) std::abort();
  };
  put(m.scenario, "service-changed");
  put(m.to, number_of(content.number));
  put(m.template_name, "service_changed");
  put(m.template_namespace, "namespace-1");
  put(m.language, "en");
  put(m.key, "visit-" + number);
  put(m.source, "kiosk");
  const char letter = static_cast<char>('a' + content.number % 26);
  if (m.values.add(std::string(content.value_bytes, letter)) != Status::ok) std::abort();
  m.ttl = 8_h;
  return m;
}

void Model::take(MessageId id, Content content) {
  tracks_[id] = {content, std::nullopt, {Fact{}}, false, false};
}

void Model::record(MessageId id, Fact fact) { tracks_[id].pending.push_back(fact); }

void Model::block(std::uint32_t number, bool on) { maybe_blocked_[number] = on; }

void Model::acknowledge() {
  before_ = nullptr;
  for (const auto& [number, on] : maybe_blocked_) blocked_[number] = on;
  maybe_blocked_.clear();
  for (auto at = tracks_.begin(); at != tracks_.end();) {
    Track& track = at->second;
    if (track.hidden) {
      ++at;
      continue;
    }
    if (!track.known) keep_key(at->first, track.content);
    if (!track.pending.empty()) {
      track.known = track.pending.back();
      track.doubted = false;
    }
    track.pending.clear();
    if (!track.known->ended) {
      ++at;
      continue;
    }
    ended_[at->first] = track.known->state;
    at = tracks_.erase(at);
  }
  while (ended_.size() > kEndedMax) ended_.erase(ended_.begin());
}

void Model::keep_key(MessageId id, Content content) {
  keys_[id] = content;
  if (keys_.size() > kKeys) keys_.erase(keys_.begin());
}

// Each key that was promised, but for those that takes of the last commit may have displaced.
std::string Model::settle_keys(const Queue& queue) {
  if (damaged_) {
    keys_.clear();
    return {};
  }
  std::map<MessageId, Content> maybe;
  for (const auto& [id, track] : tracks_) {
    if (!track.known) maybe[id] = track.content;
  }
  std::size_t displaced = keys_.size() + maybe.size();
  displaced -= std::min<std::size_t>(displaced, kKeys);
  for (const auto& [id, content] : keys_) {
    if (displaced != 0) {
      --displaced;
      continue;
    }
    const Same same = queue.same_as(message_of(content));
    if (same.id < id) return about(id, "is not known by its key");
    if (same.id > id) continue;  // the key was used once more
    if (same.conflict) return about(id, "is known by its key as something else");
    const auto ended = ended_.find(id);
    if (ended != ended_.end() && same.state != ended->second) {
      return about(id, "ended as " + name(ended->second) + ", its key says " + name(same.state));
    }
  }
  // Used once more by a later one, it takes its place among the newest all the same.
  for (const auto& [id, content] : maybe) {
    if (queue.same_as(message_of(content)).id >= id) keep_key(id, content);
  }
  return {};
}

std::string Model::settle_blocked(const Queue& queue) {
  for (std::uint32_t number = 0; number < kNumbers; ++number) {
    const bool found = queue.is_blocked(number_of(number));
    const auto maybe = maybe_blocked_.find(number);
    const bool may_be = damaged_ || (maybe != maybe_blocked_.end() && maybe->second == found);
    if (found != blocked_[number] && !may_be) {
      return number_of(number) + (found ? " is blocked, and was not" : " is no longer blocked");
    }
    blocked_[number] = found;
  }
  maybe_blocked_.clear();
  return {};
}

bool Model::knows(MessageId id) const {
  const auto track = tracks_.find(id);
  return (track != tracks_.end() && track->second.known) || ended_.count(id) != 0;
}

bool Model::allows(const Track& track, State found) const {
  const auto fits = [found](const Fact& fact) {
    return !fact.ended && as_recovered(fact.state) == found;
  };
  if (track.known && fits(*track.known)) return true;
  if (std::any_of(track.pending.begin(), track.pending.end(), fits)) return true;
  return damaged_ && (found != State::queued || track.doubted);
}

bool Model::may_be_gone(const Track& track) const {
  if (!track.known) return true;
  if (loss_counted_) return true;
  return std::any_of(track.pending.begin(), track.pending.end(),
                     [](const Fact& fact) { return fact.ended; });
}

// A key that only the hidden tip has is there again, though its message's id may be another's by now:
// what is known since could seem to explain what is found.
bool Model::tip_is_back(const Queue& queue) const {
  for (const auto& [id, track] : before_->tracks_) {
    const auto now = tracks_.find(id);
    const bool still_waits =
        now != tracks_.end() && now->second.content.number == track.content.number;
    if (track.known || still_waits) continue;
    if (queue.same_as(message_of(track.content)).id == id) return true;
  }
  return false;
}

std::string Model::settle(Queue& queue, const RecoveryReport& report) {
  const std::shared_ptr<const Model> before = before_;
  if (before != nullptr && tip_is_back(queue)) *this = *before;
  const std::string wrong = settle_as_known(queue, report);
  if (wrong.empty() || before == nullptr) return wrong;
  *this = *before;
  const std::string wrong_before = settle_as_known(queue, report);
  return wrong_before.empty() ? wrong_before : wrong + "; before: " + wrong_before;
}

std::string Model::settle_as_known(Queue& queue, const RecoveryReport& report) {
  const std::uint64_t counted =
      report.corrupt_units + report.lost + report.in_doubt + queue.usage().corrupt_units;
  if (!damaged_ && counted != 0) return "damage was reported, and there was none";
  loss_counted_ |= damaged_ && counted != 0;
  if (const std::string wrong = settle_keys(queue); !wrong.empty()) return wrong;
  if (const std::string wrong = settle_blocked(queue); !wrong.empty()) return wrong;

  MessageId last = 0;
  for (const Live& live : queue.live()) {
    if (live.id <= last) return about(live.id, "is there twice");
    last = live.id;
    if (const std::string wrong = settle_live(queue, live); !wrong.empty()) return wrong;
  }
  if (const std::string wrong = settle_gone(queue); !wrong.empty()) return wrong;
  return check_history(queue);
}

std::string Model::settle_live(Queue& queue, const Live& live) {
  auto at = tracks_.find(live.id);
  if (at == tracks_.end()) {
    const auto ended = ended_.find(live.id);
    if (ended == ended_.end() && !damaged_) return about(live.id, "was never taken");
    if (!damaged_ || live.state == State::queued) {
      return about(live.id, "had ended, and is " + name(live.state) + " again");
    }
    ended_.erase(live.id);  // the damage took its end: it waits for a person now
    at = tracks_.emplace(live.id, Track{}).first;
  } else if (!allows(at->second, live.state)) {
    const auto& known = at->second.known;
    return about(live.id, "is " + name(live.state) + ", and was acknowledged as " +
                              (known ? name(known->state) : std::string("nothing")));
  }
  Message message;
  Standing standing;
  const Status read = queue.read(live.id, message, standing);
  if (read != Status::ok && !damaged_) return about(live.id, "cannot be read");
  if (read == Status::ok && !damaged_) {
    const Message wanted = message_of(at->second.content);
    if (message.key.view() != wanted.key.view() || message.to.view() != wanted.to.view() ||
        message.values[0] != wanted.values[0]) {
      return about(live.id, "has the texts of another");
    }
    if (standing.state != live.state || standing.attempts != live.attempts) {
      return about(live.id, "has two states");
    }
  }
  Track& track = at->second;
  const auto queued = [](const Fact& fact) { return fact.state == State::queued; };
  const bool may_be_queued = (track.known && queued(*track.known)) ||
                             std::any_of(track.pending.begin(), track.pending.end(), queued);
  track.doubted |= damaged_ && may_be_queued && live.state != State::queued;
  track.known = Fact{live.state, false};
  track.pending.clear();
  track.hidden = false;
  return {};
}

std::string Model::settle_gone(const Queue& queue) {
  for (auto at = tracks_.begin(); at != tracks_.end();) {
    if (queue.find(at->first) != nullptr) {
      ++at;
      continue;
    }
    Track& track = at->second;
    if (!may_be_gone(track)) {
      return about(at->first, "is gone, and was acknowledged as " + name(track.known->state));
    }
    if (track.known && damaged_) {
      track.hidden = true;
      ++at;
      continue;
    }
    if (track.known) ended_[at->first] = track.pending.back().state;
    at = tracks_.erase(at);
  }
  return {};
}

// No message is in progress and in history, or in history twice.
std::string Model::check_history(Queue& queue) const {
  std::map<MessageId, int> seen;
  std::uint64_t cursor = 0;
  Message message;
  Standing standing;
  while (queue.next_ended(cursor, message, standing) == Status::ok) {
    if (damaged_) continue;
    if (queue.find(message.id) != nullptr) return about(message.id, "has ended and has not");
    if (++seen[message.id] > 1) return about(message.id, "has ended twice");
    const auto ended = ended_.find(message.id);
    if (ended != ended_.end() && ended->second != standing.state) {
      return about(message.id,
                   "ended as " + name(standing.state) + ", acknowledged as " + name(ended->second));
    }
  }
  return {};
}

}  // namespace fieldpost::campaign
