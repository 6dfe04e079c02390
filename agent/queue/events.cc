// What happened, told in its order: the log is its own list of events, for as long as it holds them.
#include <algorithm>

#include "agent/queue/queue.h"

namespace fieldpost {

Status Queue::next_event(std::uint64_t& cursor, Message& message, Standing& standing, Stamp& when) {
  if (cursor == newest_event()) return Status::not_found;
  if (cursor > newest_event()) return Status::corrupt;  // of another store
  // The number that comes next without a gap; the first commit of a store has 1.
  std::uint64_t expected = std::max<std::uint64_t>((cursor + 1) / kEventsPerCommit, 1);
  CommitView commit;
  std::uint32_t run = head_run_;
  while (run > tail_run_ && !(next_true_commit(run, 0, commit) && commit.number <= expected)) --run;
  for (; run <= head_run_; ++run) {
    for (std::uint32_t offset = 0; next_true_commit(run, offset, commit); offset = commit.end) {
      if (commit.number < expected) continue;
      if (commit.number > expected) return Status::corrupt;
      if (commit.number == next_number_) break;  // its sync failed
      std::uint64_t event = expected++ * kEventsPerCommit;
      RecordReader records(commit.news, RecordReader::Sums::known_right);
      for (RecordView record; records.next(record) == Status::ok;) {
        if (record.kind != RecordKind::message && record.kind != RecordKind::standing &&
            record.kind != RecordKind::ended) {
          continue;
        }
        if (event++ <= cursor) continue;
        cursor = event - 1;
        when = commit.stamp;
        return read_event(record, std::uint64_t{run + 1} << 32 | commit.body_at, message, standing);
      }
    }
  }
  if (expected != next_number_) return Status::corrupt;
  cursor = newest_event();
  return Status::not_found;
}

// `place`: the cursor of next_record() at which its commit begins.
Status Queue::read_event(const RecordView& record, std::uint64_t place, Message& message,
                         Standing& standing) {
  const MessageId id = id_of(record);
  standing = Standing{};
  if (record.kind == RecordKind::message) return read_message(record.body, message);
  if (record.kind == RecordKind::ended) return read_ended(record.body, message, standing);
  const Status readable = read_standing(record.body, standing);
  if (readable == Status::ok) {
    if (const Live* const live = find(id)) {
      if (load_message(*live, message) == Status::ok) return Status::ok;
    } else {
      // Its end is not far, mostly, and tells of what it was.
      Standing last;
      for (RecordView end; next_record(RecordKind::ended, place, end) == Status::ok;) {
        if (id_of(end) == id) return read_ended(end.body, message, last);
      }
    }
  }
  // Its text is damaged, or what it ended as.
  message = Message{};
  message.id = id;
  return Status::ok;
}

}  // namespace fieldpost
