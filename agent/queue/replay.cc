// The second part of a recovery: what the log says, applied in its order, and what follows from it.
#include <algorithm>

#include "agent/queue/survey.h"

namespace fieldpost {

namespace {

// Less than the reader believes: no store counts up to here, and what it would write from here on
// might be beyond what it reads. Events are told as numbers in JSON, which are whole below 2^53.
constexpr std::uint64_t kNumberTrusted = (std::uint64_t{1} << 53) / kEventsPerCommit;
constexpr std::uint32_t kRunTrusted = std::uint32_t{1} << 31;

}  // namespace

Status Queue::replay(const Survey& found, RecoveryReport& report) {
  if (found.number >= kNumberTrusted || found.run >= kRunTrusted) {
    report.trouble = "it holds what no store counts up to: bytes were forged"_packed;
    return Status::corrupt;
  }
  head_run_ = found.run;
  tail_run_ = durable_tail_run_ = found.run - found.reach;
  next_number_ = 0;
  for (std::uint32_t run = tail_run_; run <= head_run_; ++run) {
    CommitView commit;
    head_tells_ = tells_history_ = false;
    head_since_ = {};
    for (std::uint32_t offset = 0; next_true_commit(run, offset, commit); offset = commit.end) {
      if (commit.number < next_number_ || commit.number > found.number) continue;
      const bool first = next_number_ == 0;
      const bool follows = first ? (run == tail_run_ && commit.offset == 0) ||
                                       stepped_over_.begins_torn(segment_of(tail_run_),
                                                                 lap_of(tail_run_), commit.number)
                                 : commit.number == next_number_;
      if (!follows) note_gap(commit, report);
      TRY(replay_commit(commit, report));
      next_number_ = commit.number + 1;
    }
  }
  if (next_number_ != found.number + 1) {
    report.trouble = "the device reads now this, now that"_packed;
    return Status::io;
  }
  return Status::ok;
}

Status Queue::replay_commit(const CommitView& commit, RecoveryReport& report) {
  const std::uint32_t base = commit.segment * geometry_.segment_bytes + commit.body_at;
  note_time(commit.stamp);
  const Moment now = time_.moment_of(commit.stamp);
  const std::uint32_t run = commit.lap * geometry_.segments + commit.segment;
  if (head_since_.empty()) head_since_ = now;
  RecordReader records(commit.body, RecordReader::Sums::known_right);
  Status status = Status::ok;
  for (RecordView record; (status = records.next(record)) == Status::ok;) {
    const MessageId id = id_of(record);
    const auto at = base + static_cast<std::uint32_t>(record.at);
    switch (record.kind) {
      case RecordKind::message:
      case RecordKind::standing:
      case RecordKind::ended:
        note_told(commit.segment, record.kind, now);
        replay_message(record, id, at, report);
        continue;
      case RecordKind::history:
        replay_history(record, commit.segment, run - commit.reach >= tail_run_);
        continue;
      case RecordKind::key: replay_key(record, at); continue;
      case RecordKind::store: {
        StoreFacts facts;
        if (read_store(record.body, facts) != Status::ok) continue;
        compatible_flags_ = facts.compatible_flags;
        next_replayed_id_ = std::max(next_replayed_id_, facts.next_id);
        continue;
      }
      case RecordKind::skipped:
      case RecordKind::mark: continue;
      case RecordKind::setting: {
        std::uint16_t which = 0;
        std::uint64_t value = 0;
        if (read_setting(record.body, which, value) != Status::ok || which != kSettingPaused) break;
        paused_ = value != 0;
        paused_at_ = at;
        continue;
      }
      case RecordKind::blocked: replay_blocked(record, at); continue;
    }
    // This program would lose it at the next recycling, so it may not go on.
    report.trouble = "a newer program wrote it"_packed;
    return Status::newer;
  }
  // Its sum is right and its records are not: no program of ours wrote that.
  if (status == Status::corrupt) ++corrupt_units_;
  return Status::ok;
}

void Queue::replay_message(const RecordView& record, MessageId id, std::uint32_t at,
                           RecoveryReport& report) {
  Standing standing;
  const bool readable = record.kind == RecordKind::message
                            ? read_message(record.body, scratch_) == Status::ok
                        : record.kind == RecordKind::standing
                            ? read_standing(record.body, standing) == Status::ok
                            : read_ended(record.body, scratch_, standing) == Status::ok;
  if (!readable || id == 0 || id >= kIdMax) {
    ++corrupt_units_;
    return;
  }
  next_id_ = std::max(next_id_, id + 1);
  Live* live = entry(id);
  if (record.kind == RecordKind::ended) {
    ++ended_counts_[static_cast<std::size_t>(standing.state)];
    note_end(id, standing.state);
    note_send(State::queued, standing, text_hash(scratch_.to.view()));
    if (live != nullptr) remove_entry(live);
    return;
  }
  const bool is_new = live == nullptr;
  if (is_new) live = add_entry(id);
  if (live == nullptr) {  // more than can be in progress at once: only damage does that
    ++report.lost;
    return;
  }
  const auto bytes = static_cast<std::uint16_t>(record.whole.size());
  if (record.kind == RecordKind::message) {
    // A copy: the first of them is nearest to the time when it was taken.
    if (live->message_bytes == 0) date(*live, scratch_, scratch_.created);
    live->message_at = at;
    live->message_bytes = bytes;
    live->recipient = text_hash(scratch_.to.view());
    live->scenario = text_hash(scratch_.scenario.view());
    live->source = text_hash(scratch_.source.view()) & kSourceBits;
    // A copy of an older one: what had become of it may lie in the damage before.
    if (is_new && gap_replayed_ && id < next_replayed_id_) live->in_doubt = true;
    next_replayed_id_ = std::max(next_replayed_id_, id + 1);
    if (scratch_.key.empty()) remember(scratch_, id, scratch_.created);
    return;
  }
  live->standing_at = at;
  live->standing_bytes = bytes;
  live->state = standing.state;
  live->reason = standing.reason;
  live->attempts = standing.attempts;
  live->sent_as = text_hash(standing.message_id.view()) & kSentAsBits;
  date_change(*live, standing.changed);
  live->in_doubt = false;
}

// Commits are missing before this one, and they had been synced: a message that looks queued may
// have been sent by what they said.
void Queue::note_gap(const CommitView& behind, RecoveryReport& report) {
  // Before the first of the log, nobody can say how many are missing.
  const bool first = next_number_ == 0;
  const std::uint64_t numbers = behind.number - next_number_;
  const auto count =
      first ? 1 : static_cast<std::uint32_t>(std::min<std::uint64_t>(numbers, UINT16_MAX));
  corrupt_units_ += count;
  const bool named =
      stepped_over_.hides(behind.number - 1) && (first || stepped_over_.hides(next_number_));
  if (!named) {
    report.corrupt_units += count;
    note_unnamed({.cause = SkipCause::corrupt,
                  .segment = behind.segment,
                  .lap = behind.lap,
                  .offset = behind.offset,
                  .bytes = 0,
                  .first_number = next_number_,
                  .numbers = numbers});
  }
  gap_replayed_ = true;
  for (Live& live : std::span(index_.data(), live_count_)) live.in_doubt = true;
}

void Queue::settle(RecoveryReport& report) {
  live_bytes_ = 0;
  std::uint32_t kept = 0;
  for (std::uint32_t i = 0; i < live_count_; ++i) {
    Live& live = index_[i];
    if (live.message_bytes == 0) {  // the damage took its texts: nothing is left to send
      ++report.lost;
      continue;
    }
    if (live.state == State::sending) {
      // Without a record until something else is written: the next recovery finds the same.
      live.state = State::uncertain;
      live.reason = Reason::maybe_sent;
      live.in_doubt = true;
      ++report.were_sending;
    } else if (live.in_doubt && live.state == State::queued) {
      live.state = State::uncertain;
      live.reason = Reason::maybe_sent;
      ++report.in_doubt;
    } else {
      live.in_doubt = false;
    }
    // Without a record it was not sent, as far as anybody knows, and `since` is its not_before.
    if ((live.state == State::uncertain || live.state >= State::accepted) &&
        live.standing_bytes != 0) {
      sends_.add(live.recipient, live.since);
    }
    doubts_ = doubts_ || live.in_doubt;
    keep(live);
    live_bytes_ += charge(live.message_bytes);
    index_[kept++] = live;
  }
  live_count_ = report.live = kept;
}

}  // namespace fieldpost
