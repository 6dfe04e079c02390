#include "agent/queue/blocked.h"

#include "agent/base/bytes.h"
#include "agent/queue/queue.h"
#include "agent/queue/record_writer.h"

namespace fieldpost {

std::uint32_t BlockedNumbers::find(std::uint64_t hash) const {
  std::uint32_t i = 0;
  while (i < count_ && hashes_[i] != hash) ++i;
  return i;
}

bool BlockedNumbers::set(std::uint64_t hash, bool on, std::uint32_t at) {
  const std::uint32_t i = find(hash);
  const bool known = i != count_;
  if (on) {
    if (!known && count_ == hashes_.size()) return false;
    if (!known) ++count_;
    hashes_[i] = hash;
    at_[i] = at;
  } else if (known) {
    --count_;
    hashes_[i] = hashes_[count_];
    at_[i] = at_[count_];
  }
  return true;
}

void BlockedNumbers::place(std::uint64_t hash, std::uint32_t at) {
  if (const std::uint32_t i = find(hash); i != count_) at_[i] = at;
}

// --- What the queue makes of it ------------------------------------------------------------------

std::uint64_t Queue::number_hash(std::string_view number) const {
  auto hash = load_le<std::uint64_t>(std::span(store_id_).first<8>());
  mix(hash, number);
  return hash;
}

bool Queue::is_blocked(std::string_view number) const {
  return blocked_.count() != 0 && blocked_.has(number_hash(number));
}

Status Queue::set_blocked(std::string_view number, bool on) {
  TRY(begin());
  const std::uint64_t hash = number_hash(number);
  if (blocked_.has(hash) == on) return Status::ok;
  if (!blocked_.set(hash, on, 0)) return Status::full;
  while (!added(write_blocked(room(), hash, on))) TRY(make_room());
  return Status::ok;
}

void Queue::replay_blocked(const RecordView& record, std::uint32_t at) {
  std::uint64_t hash = 0;
  bool on = false;
  if (read_blocked(record.body, hash, on) != Status::ok || !blocked_.set(hash, on, at)) {
    ++corrupt_units_;
  }
}

// As copy_from_tail().
void Queue::copy_blocked(std::size_t pending_max) {
  for (std::uint32_t i = 0; i < blocked_.count(); ++i) {
    if (!in_tail(blocked_.at(i), kBlockedRecordBytes)) continue;
    pending_bytes_ += write_blocked(room_until(pending_max), blocked_.hash(i), true);
  }
}

}  // namespace fieldpost
