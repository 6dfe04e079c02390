#include "agent/queue/queue.h"

#include <algorithm>
#include <cstring>

#include "agent/base/bytes.h"
#include "agent/base/crc32c.h"
#include "agent/queue/record_writer.h"

namespace fieldpost {
namespace {

void put32(std::span<std::byte> header, std::size_t at, std::uint32_t value) {
  store_le<std::uint32_t>(header.subspan(at).first<4>(), value);
}
void put64(std::span<std::byte> header, std::size_t at, std::uint64_t value) {
  store_le<std::uint64_t>(header.subspan(at).first<8>(), value);
}

}  // namespace

std::uint32_t text_hash(std::string_view text) {
  std::uint32_t hash = 2166136261;  // FNV-1a: short, and even over digits
  for (const char c : text) hash = (hash ^ static_cast<unsigned char>(c)) * 16777619;
  return hash;
}

Queue::Queue(Flash& flash, const Clock& clock, std::uint32_t messages_max,
             const Remembering& remembering)
    : flash_(flash),
      clock_(clock),
      messages_max_(std::min<std::uint32_t>(messages_max, limits::queue_messages_max)),
      remembering_(remembering),
      geometry_(flash.geometry()),
      reader_(flash),
      keys_(key_slots_.data(), limits::keys_max, remembering.keys),
      recent_(recent_slots_.data(), limits::recent_max, limits::recent_max) {}

// --- What is in progress -------------------------------------------------------------------------

const Live* Queue::find(MessageId id) const {
  const auto end = index_.begin() + live_count_;
  const auto at = std::lower_bound(
      index_.begin(), end, id, [](const Live& live, MessageId wanted) { return live.id < wanted; });
  return at != end && at->id == id ? &*at : nullptr;
}

Live* Queue::entry(MessageId id) { return const_cast<Live*>(find(id)); }

// nullptr: the index is full.
Live* Queue::add_entry(MessageId id) {
  if (live_count_ == index_.size()) return nullptr;
  std::size_t at = live_count_;  // ids grow: the end, but where a recovery finds them out of order
  while (at > 0 && index_[at - 1].id > id) {
    index_[at] = index_[at - 1];
    --at;
  }
  ++live_count_;
  index_[at] = Live{};
  index_[at].id = id & (kIdMax - 1);
  return &index_[at];
}

void Queue::remove_entry(Live* entry) {
  live_bytes_ -= charge(entry->message_bytes);
  const auto at = static_cast<std::uint32_t>(entry - index_.data());
  std::move(index_.begin() + at + 1, index_.begin() + live_count_, index_.begin() + at);
  --live_count_;
  if (at < tail_cursor_) --tail_cursor_;
}

void Queue::set_next_attempt(MessageId id, Instant at) {
  if (Live* live = entry(id)) live->next_attempt = at;
}

// --- Into the pending commit ---------------------------------------------------------------------

Result<MessageId> Queue::take(const Message& message) {
  TRY(begin());
  if (!message.well_formed()) return Status::invalid;
  if (live_count_ >= messages_max_) return Status::full;

  const Stamp created = clock_.stamp();
  std::size_t bytes = 0, key_bytes = 0;
  for (Known known = known_as(message);;) {
    known.id = next_id_;
    bytes = write_message(room(), next_id_, created, message);
    if (message.key.empty() && bytes != 0) break;
    key_bytes = bytes == 0 ? 0 : write_key(room().subspan(bytes), known);
    if (key_bytes != 0) break;
    TRY(make_room());
  }
  const auto charged = charge(static_cast<std::uint32_t>(bytes));
  if (live_bytes_ + charged > capacity_bytes()) return Status::full;

  Live* live = add_entry(next_id_);
  ASSERT(live != nullptr);
  live->recipient = text_hash(message.to.view());
  live->scenario = text_hash(message.scenario.view());
  live->source = text_hash(message.source.view()) & kSourceBits;
  live->message_bytes = static_cast<std::uint16_t>(bytes);
  note_time(created);
  date(*live, message, created);
  live->new_in_pending = true;
  live_bytes_ += charged;
  pending_bytes_ += bytes + key_bytes;
  remember(message, live->id, created);
  return next_id_++;
}

Status Queue::record(MessageId id, const Standing& standing) {
  TRY(begin());
  if (!standing.well_formed()) return Status::invalid;
  const Live* found = find(id);
  if (found == nullptr || found->ends_in_pending) return Status::not_found;

  while (!added(write_change(id, standing))) TRY(make_room());

  Live* live = entry(id);
  note_send(live->state, standing, live->recipient);
  live->state = standing.state;
  live->reason = standing.reason;
  live->attempts = standing.attempts;
  live->sent_as = text_hash(standing.message_id.view()) & kSentAsBits;
  date_change(*live, clock_.stamp());
  live->standing_in_pending = true;
  live->ends_in_pending = standing.ended;
  return Status::ok;
}

Status Queue::set_paused(bool on) {
  TRY(begin());
  while (!added(write_setting(room(), kSettingPaused, on ? 1 : 0))) TRY(make_room());
  paused_ = on;
  paused_at_ = 0;
  return Status::ok;
}

Status Queue::upgrade() {
  if (failed_) return Status::io;
  if (version_ == kFormatVersion) return Status::ok;
  version_ = kFormatVersion;
  TRY(mark());
  return commit();
}

std::size_t Queue::write_change(MessageId id, const Standing& standing) {
  const Stamp changed = clock_.stamp();
  if (!standing.ended) return write_standing(room(), id, changed, standing);
  // Where its record is damaged, history says what is left: the end itself.
  if (load_message(*find(id), scratch_) != Status::ok) scratch_ = Message{};
  scratch_.id = id;
  return write_ended(room(), changed, standing, scratch_);
}

// Before anything new goes into the pending commit. What a crash kept from making room is made up
// for first, and what recovery made of messages has happened first.
Status Queue::begin() {
  if (failed_) return Status::io;
  if (pending_bytes_ == 0) TRY(write_all());
  return record_doubts();
}

Status Queue::record_doubts() {
  while (doubts_) {
    write_doubts(kPendingBytesMax);
    if (doubts_) TRY(make_room());
  }
  return Status::ok;
}

// For a record that has no room in the pending commit: each has in an empty one.
Status Queue::make_room() {
  ASSERT(pending_bytes_ != 0);
  return commit();
}

// For records until so many bytes are pending.
std::span<std::byte> Queue::room_until(std::size_t pending_max) {
  return std::span(buffer_).subspan(kFrontBytes + pending_bytes_,
                                    pending_max - std::min(pending_max, pending_bytes_));
}

// --- Commits -------------------------------------------------------------------------------------

Status Queue::commit() {
  if (failed_) return Status::io;
  if (pending_bytes_ == 0) return Status::ok;
  if (free_segments() < free_wanted()) copy_along();
  return write_all();
}

// What is pending, and then copies, until enough is free. A crash in the midst of it leaves less
// than that; so it is called before anything new is taken on, too.
Status Queue::write_all() {
  for (;;) {
    if (pending_bytes_ == 0) {
      release_dead_tail();
      if (free_segments() >= kFreeAlways) {
        if (openable_segments() != 0) return Status::ok;
        pending_bytes_ = write_mark(room());  // what was given up is free when a commit says so
      } else {
        copy_from_tail(copies_end());
        if (pending_bytes_ == 0)
          copy_from_tail(kPendingBytesMax);  // too long for the segment's rest
        if (pending_bytes_ == 0) return Status::ok;
      }
    }
    if (write_commit() != Status::ok) {
      commit_failed();
      return Status::io;
    }
  }
}

Status Queue::write_commit() {
  if (!fits_in_head()) TRY(open_next_segment());
  for (std::size_t i = 0; i < unnamed_count_; ++i) {
    const auto rest = std::span(buffer_).subspan(kFrontBytes + pending_bytes_);
    const std::size_t bytes = write_skipped(rest, unnamed_[i]);
    pending_bytes_ += bytes;
    copied_bytes_ += bytes;
  }

  // The records stay where they are; header and store record are put in front of them.
  const std::size_t begin = head_begun_ ? kStoreRecordBytes : 0;
  const std::size_t end = kFrontBytes + pending_bytes_;
  if (!head_begun_) {
    const StoreFacts facts{store_id_,
                           compatible_flags_,
                           0,
                           geometry_.segment_bytes,
                           geometry_.segments,
                           geometry_.write_unit,
                           geometry_.erase_first,
                           next_id_};
    write_store(std::span(buffer_).subspan(kBodyAt, kStoreRecordBytes), facts);
  }
  const auto commit = std::span(buffer_).subspan(begin, end - begin);
  write_header(commit);

  std::uint32_t bytes = reader_.round_up(static_cast<std::uint32_t>(commit.size()));
  const std::uint32_t next_at = head_at_ + bytes;
  const std::uint32_t segment = segment_of(head_run_);
  if (!geometry_.erase_first && next_at < geometry_.segment_bytes &&
      !reader_.unit_is_free(segment, lap_of(head_run_), next_at)) {
    bytes += reader_.unit_bytes();  // what an older commit left there would look like damage
  }
  std::memset(buffer_.data() + end, geometry_.erase_first ? 0xff : 0, bytes - commit.size());
  reader_.forget();
  TRY(flash_.write(segment, head_at_, std::span(buffer_).subspan(begin, bytes)));
  TRY(flash_.sync());

  bytes_written_ += bytes;
  ++syncs_;
  ++next_number_;
  durable_tail_run_ = tail_run_;
  unnamed_count_ = 0;
  // The first record of the buffer lies behind whatever was put in front of it.
  index_committed(static_cast<std::uint32_t>(kFrontBytes - begin));
  head_at_ = next_at;
  head_begun_ = true;
  pending_bytes_ = copied_bytes_ = 0;
  return Status::ok;
}

void Queue::write_header(std::span<std::byte> commit) {
  const Stamp now = clock_.stamp();
  note_time(now);
  committed_at_ = now.at;
  std::memset(commit.data(), 0, kBodyAt);
  put32(commit, kMagicAt, kCommitMagic);
  commit[kVersionAt] = std::byte{version_};
  store_le<std::uint16_t>(commit.subspan<kHeaderBytesAt, 2>(), std::uint16_t{kBodyAt});
  put32(commit, kBodyBytesAt, static_cast<std::uint32_t>(commit.size() - kBodyAt));
  put64(commit, kNumberAt, next_number_);
  put32(commit, kLapAt, lap_of(head_run_));
  put32(commit, kSegmentAt, segment_of(head_run_));
  put32(commit, kReachAt, head_run_ - tail_run_);
  put32(commit, kCopiedBytesAt, static_cast<std::uint32_t>(copied_bytes_));
  put64(commit, kBootAt, now.boot);
  put64(commit, kBootMsAt, now.at.ms);
  put64(commit, kWallAt, now.wall.s);
  put32(commit, kCrcAt, crc32c(commit.subspan(kVersionAt)));
}

// What the next commit will have besides the pending records.
std::size_t Queue::overhead_bytes(bool begins_segment) const {
  return kBodyAt + (begins_segment ? kStoreRecordBytes : 0) + unnamed_count_ * kSkippedRecordBytes;
}

bool Queue::fits_in_head() const {
  if (head_left_ && head_begun_) return false;
  const std::size_t bytes = overhead_bytes(!head_begun_) + pending_bytes_;
  return reader_.round_up(static_cast<std::uint32_t>(bytes)) <= geometry_.segment_bytes - head_at_;
}

std::span<const std::byte> Queue::pending_records() const {
  return std::span<const std::byte>(buffer_).subspan(kFrontBytes, pending_bytes_);
}

// The pending commit has become durable: its records are found on flash from now on.
void Queue::index_committed(std::uint32_t first_at) {
  const std::uint32_t base = segment_of(head_run_) * geometry_.segment_bytes + head_at_ + first_at;
  const auto now = time_.moment_of(clock_.stamp());
  RecordReader records(pending_records(), RecordReader::Sums::known_right);
  for (RecordView record; records.next(record) == Status::ok;) {
    const auto at = base + static_cast<std::uint32_t>(record.at);
    const MessageId id = id_of(record);
    if (record.kind == RecordKind::setting) paused_at_ = at;
    if (record.kind == RecordKind::history) {
      replay_history(record, segment_of(head_run_), true);
      continue;
    }
    if (record.kind == RecordKind::blocked) {
      blocked_.place(id, at);
      continue;
    }
    if (record.kind == RecordKind::key) {
      if (Known* const known = keys_.find(id)) known->at = at;
      continue;
    }
    Live* live = entry(id);
    if (live == nullptr) continue;  // not of a message
    note_told(segment_of(head_run_), record.kind, now);
    if (record.kind == RecordKind::message) {
      live->message_at = at;
      live->new_in_pending = false;
    } else if (record.kind == RecordKind::standing) {
      live->standing_at = at;
      live->standing_bytes = static_cast<std::uint16_t>(record.whole.size());
      live->standing_in_pending = false;
      live->in_doubt = false;
      keep(*live);
    } else if (record.kind == RecordKind::ended) {
      ++ended_counts_[static_cast<std::size_t>(record.body[kStandingStateAt])];
      note_end(id, live->state);
      remove_entry(live);
    }
  }
}

void Queue::keep(Live& live) {
  live.kept_state = live.state;
  live.kept_reason = live.reason;
  live.kept_attempts = live.attempts;
}

void Queue::commit_failed() {
  failed_ = true;
  pending_bytes_ = 0;
  for (std::uint32_t i = live_count_; i-- > 0;) {
    Live& live = index_[i];
    live.state = live.kept_state;
    live.reason = live.kept_reason;
    live.attempts = live.kept_attempts;
    live.standing_in_pending = live.ends_in_pending = false;
    if (live.new_in_pending) remove_entry(&live);
  }
}

}  // namespace fieldpost
