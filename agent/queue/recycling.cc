// How the queue gets segments back: what is in progress in the oldest one is copied forward, and
// the next commit says that the log begins one segment later. History in it is forgotten then.
//
// Copies ride along in the room that a commit leaves in its last unit, from the moment that few
// segments are free: mostly they cost neither a write nor a sync.
#include <algorithm>
#include <cstring>

#include "agent/queue/queue.h"
#include "agent/queue/record_writer.h"

namespace fieldpost {
namespace {

// How far a commit is filled up with copies: on a file its unit, on NOR as much.
constexpr std::size_t kRideAlongBytes = kUnitBytesMax;

}  // namespace

std::uint32_t Queue::free_segments() const {
  return geometry_.segments - (head_run_ - tail_run_ + 1);
}

// Segments that no durable commit needs any more: only these may be written over.
std::uint32_t Queue::openable_segments() const {
  return geometry_.segments - (head_run_ - durable_tail_run_ + 1);
}

// Where the oldest segments are full of what is in progress, recycling them gives nothing back, and
// the outcomes that are written meanwhile need room too: a fifth of each, and the ends of commits.
// So the more is in progress, the earlier it begins.
std::uint32_t Queue::free_wanted() const {
  return kFreeAlways + 1 +
         (live_bytes_ + key_bytes() + blocked_.count() * std::uint32_t{kBlockedRecordBytes}) /
             geometry_.segment_bytes / 4;
}

// What may be in progress at once: with free_wanted() beside it, a quarter of the rest is left to
// the ends of commits and of segments. Keys outlive their messages, and take from it what they need
// to be carried on; for blocked numbers that is kept free from the start, for they are always taken.
std::uint32_t Queue::capacity_bytes() const {
  return (geometry_.segments - kFreeAlways - 2) * geometry_.segment_bytes / 8 * 5 - key_bytes() -
         std::uint32_t{limits::blocked_max * kBlockedRecordBytes};
}

Status Queue::open_next_segment() {
  if (openable_segments() == 0) return Status::full;
  bool written = false;
  // What an earlier lap left there would stay as long as the segment.
  if (!geometry_.erase_first) TRY(blank_from(segment_of(head_run_), head_at_, written));
  ++head_run_;
  head_at_ = 0;
  head_begun_ = head_left_ = head_tells_ = tells_history_ = false;
  head_since_ = time_.moment_of(clock_.stamp());
  reader_.forget();
  if (!geometry_.erase_first) return Status::ok;
  told_[segment_of(head_run_)] = {};
  return flash_.erase(segment_of(head_run_));
}

// Before a commit is written: fills what its last unit leaves. Half-way down to kFreeAlways it takes
// along all it can, for records that are longer than what units leave; and where it will open the
// last segment but kFreeAlways, because one has to go now and this saves a sync.
void Queue::copy_along() {
  const bool opens = !fits_in_head();
  const std::uint32_t hurry = (kFreeAlways + free_wanted()) / 2;
  if (free_segments() < hurry + (opens ? 1 : 0)) {
    copy_from_tail(copies_end());
    return;
  }
  const std::size_t overhead = overhead_bytes(opens || !head_begun_);
  const std::size_t bytes = overhead + pending_bytes_;
  const std::size_t filled = (bytes + kRideAlongBytes - 1) / kRideAlongBytes * kRideAlongBytes;
  copy_from_tail(std::min(filled - overhead, copies_end()));
}

// So many bytes may be pending after copying: copies never make a commit leave the rest of a
// segment behind.
std::size_t Queue::copies_end() const {
  const bool opens = !fits_in_head() || head_at_ == geometry_.segment_bytes;
  const std::size_t room = geometry_.segment_bytes - (opens ? 0 : head_at_);
  const std::size_t overhead = overhead_bytes(opens || !head_begun_);
  return std::min(room - std::min(room, overhead), kPendingBytesMax);
}

// Copies what is in progress in the oldest segment until the pending records are `pending_max`
// bytes. What does not fit is passed over: something smaller may.
void Queue::copy_from_tail(std::size_t pending_max) {
  write_doubts(pending_max);
  const std::size_t copies_from = pending_bytes_;
  copy_live(pending_max);
  copied_bytes_ = pending_bytes_ - copies_from;
}

void Queue::copy_live(std::size_t pending_max) {
  copy_keys(0, 0, pending_max);
  copy_blocked(pending_max);
  if (pause_in_tail()) pending_bytes_ += write_setting(room_until(pending_max), kSettingPaused, 1);
  for (std::uint32_t i = tail_cursor_; i < live_count_; ++i) {
    Live& live = index_[i];
    if (live.ends_in_pending) continue;  // dead with this very commit
    if (in_tail(live.message_at, live.message_bytes) && !live.new_in_pending) {
      copy_record(live, RecordKind::message, pending_max);
    }
    // A standing copied behind a newer one in the same commit would win.
    if (live.standing_in_pending) continue;
    if (in_tail(live.standing_at, live.standing_bytes)) {
      copy_record(live, RecordKind::standing, pending_max);
    }
  }
  // Keys are small and lie everywhere: what this commit leaves of its last unit takes those of the
  // oldest quarter along, so that the next segments are not copied from for a few of them each.
  if (pending_bytes_ == 0) return;
  const std::size_t overhead = overhead_bytes(!fits_in_head() || !head_begun_);
  const std::size_t bytes = overhead + pending_bytes_;
  const std::size_t filled = (bytes + kRideAlongBytes - 1) / kRideAlongBytes * kRideAlongBytes;
  copy_keys(1, (head_run_ - tail_run_) / 4, std::min(filled - overhead, pending_max));
}

void Queue::copy_record(Live& live, RecordKind kind, std::size_t pending_max) {
  const bool message = kind == RecordKind::message;
  const std::uint16_t bytes = message ? live.message_bytes : live.standing_bytes;
  if (bytes > pending_max - std::min(pending_max, pending_bytes_)) return;
  RecordView record;
  switch (load_record(message ? live.message_at : live.standing_at, bytes, live.id, record)) {
    case Status::ok:
      std::memcpy(buffer_.data() + kFrontBytes + pending_bytes_, record.whole.data(), bytes);
      pending_bytes_ += bytes;
      return;
    case Status::corrupt:
      // The bytes are gone. The state is still known here, and is what must not be forgotten:
      // a message that looks queued again would be sent again.
      if (message) {
        live_bytes_ -= charge(live.message_bytes) - charge(0);
        live.message_bytes = 0;
      } else {
        live.standing_bytes = 0;
        write_from_memory(live, pending_max);
      }
      return;
    case Status::full:
    case Status::not_found:
    case Status::timeout:
    case Status::io:
    case Status::torn:
    case Status::invalid:
    case Status::newer: return;  // the device may do better next time; the segment waits
  }
}

// What recovery made of messages becomes durable, as it stands in memory: what their records say is
// older. Once: the next recovery reads it, and finds no doubt. `doubts_` stays where room is short.
void Queue::write_doubts(std::size_t pending_max) {
  if (!doubts_) return;
  doubts_ = false;
  for (Live& live : std::span(index_.data(), live_count_)) {
    if (!live.in_doubt || live.standing_in_pending) continue;
    const std::size_t before = pending_bytes_;
    Standing standing;
    if (read(live.id, scratch_, standing) == Status::ok && !standing.changed.empty()) {
      // Its patience counts from when it was sent.
      pending_bytes_ +=
          write_standing(room_until(pending_max), live.id, standing.changed, standing);
    } else {
      write_from_memory(live, pending_max);
    }
    live.standing_in_pending = pending_bytes_ != before;
    doubts_ = doubts_ || !live.standing_in_pending;
  }
}

void Queue::write_from_memory(Live& live, std::size_t pending_max) {
  Standing standing;
  standing.state = live.state;
  standing.reason = live.reason;
  standing.attempts = live.attempts;
  pending_bytes_ += write_standing(room_until(pending_max), live.id, clock_.stamp(), standing);
}

// No record lies at 0: a header does. What waits in the pending commit lies nowhere yet.
bool Queue::in_tail(std::uint32_t at, std::uint16_t bytes) const {
  return bytes != 0 && at != 0 && at / geometry_.segment_bytes == segment_of(tail_run_);
}

// REQUIRES: nothing is pending.
bool Queue::tail_is_dead() {
  for (; tail_cursor_ < live_count_; ++tail_cursor_) {
    const Live& live = index_[tail_cursor_];
    if (live.in_doubt || in_tail(live.message_at, live.message_bytes) ||
        in_tail(live.standing_at, live.standing_bytes)) {
      return false;
    }
  }
  if (pause_in_tail()) return false;
  for (std::uint32_t i = 0; i < blocked_.count(); ++i) {
    if (in_tail(blocked_.at(i), kBlockedRecordBytes)) return false;
  }
  for (std::uint32_t i = 0; i < keys_.count(); ++i) {
    if (in_tail(keys_[i].at, kKeyRecordBytes)) return false;
  }
  return true;
}

// History is kept until its segment is wanted, and no longer.
void Queue::release_dead_tail() {
  // What is being written anew has room for what is to stay, as long as that is not needed otherwise.
  const std::uint32_t wanted = erasing() ? kFreeAlways : free_wanted();
  while (!keeps_tail_ && free_segments() < wanted && tail_run_ < head_run_ && tail_is_dead()) {
    release_tail();
  }
}

void Queue::release_tail() {
  forget_history_of_tail();
  ++tail_run_;
  ++segments_recycled_;
  tail_cursor_ = 0;
  copied_until_ = 0;
}

void Queue::forget_history_of_tail() {
  CommitView commit;
  for (std::uint32_t offset = 0; next_true_commit(tail_run_, offset, commit); offset = commit.end) {
    RecordReader records(commit.body, RecordReader::Sums::known_right);
    for (RecordView record; records.next(record) == Status::ok;) {
      const bool of_end = record.kind == RecordKind::ended || record.kind == RecordKind::history;
      if (!of_end || record.body.size() < kStandingFixedBytes) continue;
      const auto state = static_cast<std::size_t>(record.body[kStandingStateAt]);
      if (state < kStates && ended_counts_[state] > 0) --ended_counts_[state];
    }
  }
}

}  // namespace fieldpost
