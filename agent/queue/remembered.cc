#include "agent/queue/remembered.h"

#include <algorithm>

#include "agent/base/bytes.h"
#include "agent/queue/queue.h"
#include "agent/queue/record_writer.h"

namespace fieldpost {

void mix(std::uint64_t& hash, std::string_view text) {
  const auto byte = [&hash](std::size_t value) {
    hash = (hash ^ (value & 0xff)) * 0x100000001b3;
    hash ^= hash >> 29;
  };
  byte(text.size());
  byte(text.size() >> 8);
  for (const char c : text) byte(static_cast<unsigned char>(c));
}

std::uint32_t Remembered::before(MessageId id) const {
  std::uint32_t low = 0;
  for (std::uint32_t high = count_; low < high;) {
    const std::uint32_t middle = (low + high) / 2;
    if ((*this)[middle].id < id) {
      low = middle + 1;
    } else {
      high = middle;
    }
  }
  return low;
}

Known* Remembered::find(MessageId id) const {
  const std::uint32_t at = before(id);
  return at < count_ && (*this)[at].id == id ? &(*this)[at] : nullptr;
}

Known* Remembered::add(const Known& known) {
  std::uint32_t at = before(known.id);
  if (count_ == most_) {
    if (at == 0) return nullptr;
    ++first_;
    --count_;
    --at;
  }
  for (std::uint32_t i = count_++; i > at; --i) (*this)[i] = (*this)[i - 1];
  return &((*this)[at] = known);
}

// --- What the queue makes of it ------------------------------------------------------------------

// The store's own number goes in first: nobody who does not know it can make two keys look equal.
Known Queue::known_as(const Message& message) const {
  const auto start = load_le<std::uint64_t>(std::span(store_id_).first<8>());
  Known known;
  known.name = known.content = start;
  for (const auto text : {message.source.view(), message.key.view()}) mix(known.name, text);
  for (const auto text : {message.scenario.view(), message.to.view(), message.language.view(),
                          message.topic.view()}) {
    mix(known.content, text);
  }
  for (std::size_t i = 0; i < message.values.count(); ++i) mix(known.content, message.values[i]);
  return known;
}

Same Queue::same_as(const Message& message) const {
  const bool has_key = !message.key.empty();
  const Remembered& among = has_key ? keys_ : recent_;
  const Known wanted = known_as(message);
  const std::uint64_t now_s = clock_.now().ms / 1000;
  for (std::uint32_t i = among.count(); i-- > 0;) {
    const Known& one = among[i];
    if (one.name != wanted.name) continue;
    const bool says_the_same = one.content == wanted.content;
    const Live* const live = find(one.id);
    const State state = live != nullptr ? live->state : one.state;
    if (has_key || (says_the_same && now_s < one.at && state != State::superseded)) {
      return {one.id, state, !says_the_same};
    }
  }
  return {};
}

// Until when in this boot what was created then, and has no key, is the same message; 0: not now.
std::uint32_t Queue::counts_until(const Stamp& created) const {
  const Stamp now = clock_.stamp();
  const std::uint64_t age_ms = age_at_least(created, now).ms;
  if (age_ms >= remembering_.same_within.ms) return 0;
  return static_cast<std::uint32_t>((now.at.ms + remembering_.same_within.ms - age_ms + 999) /
                                    1000);
}

void Queue::remember(const Message& message, MessageId id, const Stamp& created) {
  const bool has_key = !message.key.empty();
  const std::uint32_t until = has_key ? 0 : counts_until(created);
  if (!has_key && (until == 0 || recent_.find(id) != nullptr)) return;
  Known known = known_as(message);
  known.id = id;
  known.at = until;
  (has_key ? keys_ : recent_).add(known);
}

void Queue::note_end(MessageId id, State state) {
  for (const Remembered* among : {&keys_, &recent_}) {
    if (Known* const known = among->find(id)) known->state = state;
  }
}

void Queue::replay_key(const RecordView& record, std::uint32_t at) {
  Known known;
  if (read_key(record.body, known) != Status::ok || known.id == 0 || known.id >= kIdMax) {
    ++corrupt_units_;
    return;
  }
  next_id_ = std::max(next_id_, known.id + 1);
  known.at = at;
  if (Known* const copied = keys_.find(known.id)) {
    *copied = known;
  } else {
    keys_.add(known);
  }
}

// As copy_from_tail(), from the oldest segments, between so many and so many behind the tail. What its
// message has come to goes along: the record of its end may lie in a segment that is given up, or in
// this very commit.
void Queue::copy_keys(std::uint32_t from, std::uint32_t to, std::size_t pending_max) {
  for (std::uint32_t i = 0; i < keys_.count(); ++i) {
    Known known = keys_[i];
    const std::uint32_t segment = known.at / geometry_.segment_bytes;
    const std::uint32_t behind_tail =
        (segment + geometry_.segments - segment_of(tail_run_)) % geometry_.segments;
    if (known.at == 0 || behind_tail < from || behind_tail > to) continue;
    const Live* const live = find(known.id);
    if (live != nullptr && live->ends_in_pending) known.state = live->state;
    pending_bytes_ += write_key(room_until(pending_max), known);
  }
}

}  // namespace fieldpost
