// What happened, told in its order: the log is its own list of events, for as long as it holds them.
#include <algorithm>

#include "agent/queue/queue.h"

namespace fieldpost {
namespace {

// Who reads on begins where the last call stopped, or not far behind; anyone else is looked for.
constexpr std::uint64_t kNear = 32;
// Ended messages to pass over in search of one.
constexpr int kEndedLookedAtMax = 512;

}  // namespace

Status Queue::next_event(std::uint64_t& cursor, Message& message, Standing& standing, Stamp& when) {
  if (cursor == newest_event()) return Status::not_found;
  if (cursor > newest_event()) return Status::corrupt;  // of another store
  // The number that comes next without a gap; the first commit of a store has 1.
  std::uint64_t expected = std::max<std::uint64_t>((cursor + 1) / kEventsPerCommit, 1);
  CommitView commit;
  std::uint32_t run = events_run_, offset = events_at_;
  if (run < tail_run_ || expected - events_number_ > kNear) {
    offset = 0;
    run = head_run_;
    while (run > tail_run_ && !(next_true_commit(run, 0, commit) && commit.number <= expected)) {
      --run;
    }
  }
  for (; run <= head_run_; ++run, offset = 0) {
    for (; next_true_commit(run, offset, commit); offset = commit.end) {
      if (commit.number < expected) continue;
      if (commit.number > expected) return Status::corrupt;
      if (commit.number == next_number_) break;  // its sync failed
      events_run_ = run;
      events_at_ = commit.offset;
      events_number_ = expected;
      std::uint64_t event = expected++ * kEventsPerCommit;
      RecordReader records(commit.news, RecordReader::Sums::known_right);
      for (RecordView record; records.next(record) == Status::ok;) {
        if (record.kind != RecordKind::message && record.kind != RecordKind::standing &&
            record.kind != RecordKind::ended) {
          continue;
        }
        if (event++ <= cursor) continue;
        when = commit.stamp;
        TRY(read_event(record, message, standing));
        cursor = event - 1;
        return Status::ok;
      }
    }
  }
  if (expected != next_number_) return Status::corrupt;
  cursor = newest_event();
  return Status::not_found;
}

// `record`: of the commit at events_at_.
Status Queue::read_event(const RecordView& record, Message& message, Standing& standing) {
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
      history_run_ = events_run_;
      history_at_ = events_at_;
      std::uint64_t place = std::uint64_t{events_run_ + 1} << 32 | events_at_;
      RecordView end;
      for (int left = kEndedLookedAtMax;
           left > 0 && next_record(RecordKind::ended, place, end) == Status::ok; --left) {
        if (id_of(end) == id) return read_ended(end.body, message, last);
      }
    }
  }
  // Its text is damaged, or what it ended as; or that is far away.
  message = Message{};
  message.id = id;
  return Status::ok;
}

}  // namespace fieldpost
