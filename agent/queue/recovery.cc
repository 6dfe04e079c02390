// What open() does with a region, whatever is on it.
//
//   survey   looks at every unit: which commit is the newest, and what do commits name as skipped?
//   replay   goes through the log that the newest commit describes, oldest first
//   find_tip decides where the next commit goes
//   settle   draws the consequences: what was being sent is uncertain
//
// Nothing is written: a recovery that is cut off, or comes twice, finds the same again.
#include <algorithm>
#include <bit>

#include "agent/queue/queue.h"

namespace fieldpost {
namespace {

// Stretches named as skipped that one survey can keep in mind. More of them in one log than this
// means hundreds of power cuts; the oldest are then forgotten, and what they cover is bad anyway.
constexpr std::size_t kNamedMax = 64;

// A torn commit, and the unit that it was to blank behind itself.
constexpr std::uint32_t kTornBytesMax = limits::commit_bytes_max + kUnitBytesMax;

// Ids that a store could not reach by counting; only forged bytes hold them.
constexpr MessageId kIdMax = MessageId{1} << 62;

}  // namespace

struct Queue::Survey {
  bool any = false;
  std::uint64_t number = 0;  // of the newest commit
  std::uint64_t run = 0;     // its segment
  std::uint32_t end = 0;     // the unit behind it
  std::uint32_t reach = 0;

  std::array<Skipped, kNamedMax> named{};
  std::size_t named_count = 0;  // ever; the place of the next is this modulo kNamedMax

  void name(const Skipped& skipped) { named[named_count++ % kNamedMax] = skipped; }

  std::span<const Skipped> names() const {
    return {named.data(), std::min(named_count, kNamedMax)};
  }
  // The end of the torn stretch that the offset lies in; the offset where it lies in none.
  std::uint32_t past_torn(std::uint32_t segment, std::uint32_t lap, std::uint32_t offset) const {
    for (const Skipped& s : names()) {
      if (s.cause == SkipCause::torn && s.segment == segment && s.lap == lap &&
          offset >= s.offset && offset - s.offset < s.bytes) {
        return s.offset + s.bytes;
      }
    }
    return offset;
  }
  bool gap_is_named(std::uint64_t first_number) const {
    return std::any_of(names().begin(), names().end(), [first_number](const Skipped& s) {
      return s.cause == SkipCause::corrupt && s.first_number == first_number;
    });
  }
};

Status Queue::open(std::span<const std::byte, kStoreIdBytes> fresh_store_id,
                   RecoveryReport& report) {
  report = RecoveryReport{};
  if (!geometry_is_usable()) {
    report.trouble = "its size or its segments are none that a queue can use";
    return Status::invalid;
  }
  // After SIGKILL the cache may hold what was never synced: reading it and believing it would
  // promise what the next power cut takes away.
  if (flash_.sync() != Status::ok) {
    report.trouble = "the device cannot sync";
    return Status::io;
  }
  ++syncs_;

  Survey found;
  TRY(survey(found, report));
  if (!found.any) {
    std::copy(fresh_store_id.begin(), fresh_store_id.end(), store_id_.begin());
    return start_fresh(report);
  }
  TRY(replay(found, report));
  find_tip(found, report);
  settle(report);
  return Status::ok;
}

bool Queue::geometry_is_usable() const {
  const FlashGeometry& g = geometry_;
  return std::has_single_bit(g.write_unit) && g.write_unit <= kUnitBytesMax &&
         g.segment_bytes >= limits::commit_bytes_max &&
         g.segment_bytes % reader_.unit_bytes() == 0 && g.segments >= limits::segments_min &&
         g.segments <= limits::segments_max && g.bytes() <= UINT32_MAX;
}

Status Queue::survey(Survey& found, RecoveryReport& report) {
  for (std::uint32_t segment = 0; segment < geometry_.segments; ++segment) {
    std::uint32_t offset = 0;
    while (offset < geometry_.segment_bytes) {
      CommitView commit;
      if (reader_.commit_at(segment, offset, commit) != Status::ok) {
        offset += reader_.unit_bytes();
        continue;
      }
      offset = commit.end;
      if (commit.version != kFormatVersion) {
        report.trouble = "a newer program wrote it";
        return Status::newer;
      }
      RecordReader records(commit.body, RecordReader::Sums::known_right);
      for (RecordView record; records.next(record) == Status::ok;) {
        if (record.kind == RecordKind::store) TRY(check_store(record, report));
        Skipped skipped;
        if (record.kind == RecordKind::skipped &&
            read_skipped(record.body, skipped) == Status::ok) {
          found.name(skipped);
        }
      }
      // Of two with one number the one behind is true: it was written after the other had been
      // taken for torn.
      const std::uint64_t run = std::uint64_t{commit.lap} * geometry_.segments + segment;
      if (!found.any || commit.number > found.number ||
          (commit.number == found.number && run >= found.run)) {
        found.any = true;
        found.number = commit.number;
        found.run = run;
        found.end = commit.end;
        found.reach = commit.reach;
      }
    }
  }
  return Status::ok;
}

Status Queue::check_store(const RecordView& record, RecoveryReport& report) {
  StoreFacts facts;
  if (read_store(record.body, facts) != Status::ok) return Status::ok;  // counted by replay
  if (facts.incompatible_flags != 0) {
    report.trouble = "a newer program wrote it";
    return Status::newer;
  }
  if (facts.segment_bytes != geometry_.segment_bytes || facts.segments != geometry_.segments ||
      facts.write_unit != geometry_.write_unit || facts.erase_first != geometry_.erase_first) {
    report.trouble = "it was made for a device of another size or kind";
    return Status::invalid;
  }
  store_id_ = facts.id;
  compatible_flags_ = facts.compatible_flags;
  if (facts.next_id < kIdMax) next_id_ = std::max(next_id_, facts.next_id);
  return Status::ok;
}

// A region without a commit is ours to begin on only where it is blank, or where all that stands in
// it can be the rest of a first commit that was cut off.
Status Queue::start_fresh(RecoveryReport& report) {
  for (std::uint32_t segment = 0; segment < geometry_.segments; ++segment) {
    const std::uint32_t first_commit = reader_.round_up(kFrontBytes);
    const std::uint32_t from = segment == 0 ? first_commit : 0;
    std::span<const std::byte> readable;
    if (reader_.view(segment, 0, first_commit, readable) != Status::ok) {
      report.trouble = "it cannot be read";
      return Status::io;
    }
    const Result<bool> blank = reader_.is_blank(segment, from, geometry_.segment_bytes - from);
    if (!blank.ok()) {
      report.trouble = "it cannot be read";
      return Status::io;
    }
    if (!blank.value()) {
      report.trouble = "it holds something, and that is no queue of ours (or damaged beyond use)";
      return Status::corrupt;
    }
  }
  report.created = true;
  next_number_ = 1;
  const Status status = geometry_.erase_first ? flash_.erase(0) : Status::ok;
  if (status != Status::ok || write_commit() != Status::ok) {
    commit_failed();
    report.trouble = "it cannot be written";
    return Status::io;
  }
  return Status::ok;
}

Status Queue::replay(const Survey& found, RecoveryReport& report) {
  head_run_ = found.run;
  tail_run_ = durable_tail_run_ = found.run - found.reach;
  next_number_ = 0;
  for (std::uint64_t run = tail_run_; run <= head_run_; ++run) {
    const std::uint32_t segment = segment_of(run), lap = lap_of(run);
    CommitView commit;
    std::uint32_t offset = 0;
    while (reader_.next_commit(segment, lap, offset, commit) == Status::ok) {
      offset = found.past_torn(segment, lap, commit.offset);
      if (offset != commit.offset) continue;
      offset = commit.end;
      if (commit.number < next_number_ || commit.number > found.number) continue;
      const bool first = next_number_ == 0;
      if (first ? run != tail_run_ || found.past_torn(segment, lap, 0) != commit.offset
                : commit.number != next_number_) {
        note_gap(found, commit, report);
      }
      TRY(replay_commit(commit, report));
      next_number_ = commit.number + 1;
    }
  }
  if (next_number_ != found.number + 1) {
    report.trouble = "the device reads now this, now that";
    return Status::io;
  }
  return Status::ok;
}

Status Queue::replay_commit(const CommitView& commit, RecoveryReport& report) {
  const std::uint32_t base = commit.segment * geometry_.segment_bytes + commit.body_at;
  RecordReader records(commit.body, RecordReader::Sums::known_right);
  Status status = Status::ok;
  for (RecordView record; (status = records.next(record)) == Status::ok;) {
    const MessageId id = id_of(record);
    const auto at = base + static_cast<std::uint32_t>(record.at);
    switch (record.kind) {
      case RecordKind::message:
      case RecordKind::standing:
      case RecordKind::ended: replay_message(record, id, at, report); continue;
      case RecordKind::store:
      case RecordKind::skipped:
      case RecordKind::mark: continue;
      case RecordKind::key:
      case RecordKind::blocked:
      case RecordKind::setting: break;
    }
    // This program would lose it at the next recycling, so it may not go on.
    report.trouble = "a newer program wrote it";
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
    if (live != nullptr) remove_entry(live);
    return;
  }
  if (live == nullptr) live = add_entry(id);
  if (live == nullptr) {  // more than can be in progress at once: only damage does that
    ++report.lost;
    return;
  }
  const auto bytes = static_cast<std::uint16_t>(record.whole.size());
  if (record.kind == RecordKind::message) {
    live->message_at = at;
    live->message_bytes = bytes;
    live->recipient = text_hash(scratch_.to.view());
    live->scenario = text_hash(scratch_.scenario.view());
    return;
  }
  live->standing_at = at;
  live->standing_bytes = bytes;
  live->state = standing.state;
  live->reason = standing.reason;
  live->attempts = standing.attempts;
  live->in_doubt = false;
}

// Commits are missing before this one, and they had been synced: a message that looks queued may
// have been sent by what they said.
void Queue::note_gap(const Survey& found, const CommitView& behind, RecoveryReport& report) {
  const bool first = next_number_ == 0;
  const std::uint64_t first_number = first ? behind.number - 1 : next_number_;
  const std::uint64_t numbers = behind.number - first_number;
  const auto count = static_cast<std::uint32_t>(std::min<std::uint64_t>(numbers, UINT16_MAX));
  corrupt_units_ += count;
  if (!found.gap_is_named(first_number)) {
    report.corrupt_units += count;
    note_unnamed({.cause = SkipCause::corrupt,
                  .segment = behind.segment,
                  .lap = behind.lap,
                  .offset = behind.offset,
                  .bytes = 0,
                  .first_number = first_number,
                  .numbers = numbers});
  }
  for (Live& live : std::span(index_.data(), live_count_)) live.in_doubt = true;
}

// Behind the newest commit: what is not free was being written when power went.
void Queue::find_tip(const Survey& found, RecoveryReport& report) {
  head_begun_ = true;
  head_at_ = torn_until(head_run_, found.end);
  std::uint32_t from = found.end;
  // The cut commit may have been the first of the next segment. Where segments are erased first,
  // whatever is there goes then.
  if (head_at_ == found.end && !geometry_.erase_first && openable_segments() > 0) {
    const std::uint32_t until = torn_until(head_run_ + 1, 0);
    if (until != 0) {
      ++head_run_;
      head_at_ = until;
      head_begun_ = false;
      from = 0;
    }
  }
  if (head_at_ == from) return;
  const std::uint32_t bytes = head_at_ - from;
  report.torn_units = torn_units_ = bytes / reader_.unit_bytes();
  note_unnamed({.cause = SkipCause::torn,
                .segment = segment_of(head_run_),
                .lap = lap_of(head_run_),
                .offset = from,
                .bytes = bytes,
                .first_number = next_number_,
                .numbers = 0});
}

// The end of what is torn from `offset` on; `offset` itself where nothing is.
std::uint32_t Queue::torn_until(std::uint64_t run, std::uint32_t offset) {
  const std::uint32_t segment = segment_of(run), unit = reader_.unit_bytes();
  std::uint32_t until = offset;
  if (geometry_.erase_first) {
    // A byte that is not blank cannot be written again, wherever it is.
    for (std::uint32_t at = offset; at < geometry_.segment_bytes; at += unit) {
      const Result<bool> blank = reader_.is_blank(segment, at, unit);
      if (!blank.ok() || !blank.value()) until = at + unit;
    }
    return until;
  }
  const std::uint32_t last =
      std::min(geometry_.segment_bytes, reader_.round_up(offset + kTornBytesMax));
  while (until < last && !reader_.unit_is_free(segment, lap_of(run), until)) until += unit;
  return until;
}

// What there is no room to name is found again by the next recovery.
void Queue::note_unnamed(const Skipped& skipped) {
  if (unnamed_count_ == unnamed_.size()) --unnamed_count_;
  unnamed_[unnamed_count_++] = skipped;
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
      // Lasting without a record: until there is another, the next recovery finds the same.
      live.state = State::uncertain;
      live.reason = Reason::maybe_sent;
      live.in_doubt = false;
      ++report.were_sending;
    } else if (live.in_doubt && live.state == State::queued) {
      live.state = State::uncertain;
      live.reason = Reason::maybe_sent;
      ++report.in_doubt;
    } else {
      live.in_doubt = false;
    }
    keep(live);
    live_bytes_ += charge(live.message_bytes);
    index_[kept++] = live;
  }
  live_count_ = report.live = kept;
}

}  // namespace fieldpost
