// What the queue gives back: messages in progress whole, and the history of those that ended.
#include "agent/queue/queue.h"

namespace fieldpost {

Status Queue::read(MessageId id, Message& message, Standing& standing) {
  const Live* live = find(id);
  if (live == nullptr) return Status::not_found;
  standing = Standing{};  // also for who goes on with a message that cannot be read
  TRY(load_message(*live, message));
  RecordView record;
  if (live->standing_in_pending) {
    const RecordKind kind = live->ends_in_pending ? RecordKind::ended : RecordKind::standing;
    if (!pending_record(id, kind, record)) return Status::corrupt;
    TRY(read_standing(record.body, standing));
  } else if (live->standing_bytes != 0) {
    TRY(load_record(live->standing_at, live->standing_bytes, id, record));
    TRY(read_standing(record.body, standing));
  }
  standing.ended = live->ends_in_pending;
  // A recovery may have learned more than the record says: `sending` is `uncertain` after a crash.
  standing.state = live->state;
  standing.reason = live->reason;
  standing.attempts = live->attempts;
  return Status::ok;
}

Status Queue::load_message(const Live& live, Message& message) {
  RecordView record;
  if (live.new_in_pending) {
    if (!pending_record(live.id, RecordKind::message, record)) return Status::corrupt;
  } else {
    TRY(load_record(live.message_at, live.message_bytes, live.id, record));
  }
  return read_message(record.body, message);
}

Status Queue::load_record(std::uint32_t at, std::uint16_t bytes, MessageId id, RecordView& record) {
  if (bytes == 0) return Status::corrupt;
  std::span<const std::byte> whole;
  TRY(reader_.view(at / geometry_.segment_bytes, at % geometry_.segment_bytes, bytes, whole));
  RecordReader reader(whole);
  if (reader.next(record) == Status::ok && id_of(record) == id) return Status::ok;
  Live* const live = entry(id);
  if (live == nullptr || !live->counted_corrupt) ++corrupt_units_;
  if (live != nullptr) live->counted_corrupt = true;  // however often it is looked at
  return Status::corrupt;
}

// The newest of its kind.
bool Queue::pending_record(MessageId id, RecordKind kind, RecordView& record) const {
  bool found = false;
  RecordReader records(pending_records(), RecordReader::Sums::known_right);
  for (RecordView next; records.next(next) == Status::ok;) {
    if (next.kind != kind || id_of(next) != id) continue;
    record = next;
    found = true;
  }
  return found;
}

Status Queue::next_ended(std::uint64_t& cursor, Message& message, Standing& standing) {
  for (RecordView record;;) {
    TRY(next_record(RecordKind::ended, cursor, record));
    if (read_ended(record.body, message, standing) == Status::ok) return Status::ok;
  }
}

Status Queue::find_text(MessageId id, Message& message) {
  std::uint64_t cursor = 0;
  for (RecordView record;;) {
    TRY(next_record(RecordKind::message, cursor, record));
    if (id_of(record) == id) return read_message(record.body, message);
  }
}

bool Queue::next_true_commit(std::uint32_t run, std::uint32_t offset, CommitView& commit) {
  while (reader_.next_commit(segment_of(run), lap_of(run), offset, commit) == Status::ok) {
    offset = stepped_over_.past_torn(commit.segment, commit.lap, commit.offset);
    if (offset != commit.offset) continue;
    if (!stepped_over_.hides(commit.number)) return true;
    offset = commit.end;
  }
  return false;
}

Status Queue::next_record(RecordKind kind, std::uint64_t& cursor, RecordView& record) {
  // A cursor is the run, counted from 1, and the offset in its segment.
  auto run = static_cast<std::uint32_t>(cursor >> 32);
  auto from = static_cast<std::uint32_t>(cursor);
  if (run == 0 || run - 1 < tail_run_) {
    run = tail_run_;
    from = 0;
  } else {
    --run;
  }
  for (; run <= head_run_; ++run, from = 0) {
    // Where the last call stopped, so that a segment of small commits is not walked again for each.
    std::uint32_t offset = history_run_ == run && history_at_ <= from ? history_at_ : 0;
    CommitView commit;
    while (next_true_commit(run, offset, commit)) {
      offset = commit.end;
      if (commit.end <= from) continue;
      RecordReader records(commit.body, RecordReader::Sums::known_right);
      while (records.next(record) == Status::ok) {
        const auto at = commit.body_at + static_cast<std::uint32_t>(record.at);
        const bool copied = kind == RecordKind::ended && record.kind == RecordKind::history &&
                            run - commit.reach < tail_run_;
        if (at < from || (record.kind != kind && !copied)) continue;
        history_run_ = run;
        history_at_ = commit.offset;
        cursor = std::uint64_t{run + 1} << 32 | (at + record.whole.size());
        return Status::ok;
      }
    }
  }
  return Status::not_found;
}

QueueUsage Queue::usage() const {
  return {.region_bytes = geometry_.bytes(),
          .used_bytes = live_bytes_,
          .room_bytes = capacity_bytes(),
          .bytes_written = bytes_written_,
          .syncs = syncs_,
          .segments_recycled = segments_recycled_,
          .begun_least = lap_of(head_run_ + 1),
          .begun_most = lap_of(head_run_) + 1,
          .torn_units = torn_units_,
          .corrupt_units = corrupt_units_,
          .live = live_count_,
          .live_max = messages_max_,
          .failed = failed_};
}

}  // namespace fieldpost
