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

#include "agent/queue/survey.h"

namespace fieldpost {
namespace {

// A torn commit, and the unit that it was to blank behind itself.
constexpr std::uint32_t kTornBytesMax = limits::commit_bytes_max + kUnitBytesMax;

}  // namespace

Status Queue::open(std::span<const std::byte, kStoreIdBytes> fresh_store_id,
                   RecoveryReport& report) {
  report = RecoveryReport{};
  if (!geometry_is_usable()) {
    report.trouble = "its size or its segments are none that a queue can use"_packed;
    return Status::invalid;
  }
  // The cache may hold what was never synced, or could not be: believing it would promise what the
  // next power cut takes away.
  if (flash_.refresh() != Status::ok) {
    report.trouble = "the device cannot sync"_packed;
    return Status::io;
  }
  ++syncs_;

  Survey found;
  TRY(survey(found, report));
  if (!found.any) {
    std::copy(fresh_store_id.begin(), fresh_store_id.end(), store_id_.begin());
    return start_fresh(report);
  }
  version_ = found.version;
  TRY(replay(found, report));
  find_tip(found, report);
  settle(report);
  look_at_clock();
  assume_remains();
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
      if (commit.version > kFormatVersion) {
        report.trouble = "a newer program wrote it"_packed;
        return Status::newer;
      }
      RecordReader records(commit.body, RecordReader::Sums::known_right);
      for (RecordView record; records.next(record) == Status::ok;) {
        if (record.kind == RecordKind::store) TRY(check_store(record, report));
        Skipped skipped;
        if (record.kind == RecordKind::skipped &&
            read_skipped(record.body, skipped) == Status::ok) {
          stepped_over_.name(skipped);
        }
      }
      // Of two with one number the one behind is true: it was written after the other had been
      // taken for torn.
      const std::uint32_t run = commit.lap * geometry_.segments + segment;
      if (!found.any || commit.number > found.number ||
          (commit.number == found.number && run >= found.run)) {
        found.any = true;
        found.number = commit.number;
        found.version = commit.version;
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
    report.trouble = "a newer program wrote it"_packed;
    return Status::newer;
  }
  if (facts.segment_bytes != geometry_.segment_bytes || facts.segments != geometry_.segments ||
      facts.write_unit != geometry_.write_unit || facts.erase_first != geometry_.erase_first) {
    report.trouble = "it was made for a device of another size or kind"_packed;
    return Status::invalid;
  }
  store_id_ = facts.id;
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
    Status blank = reader_.view(segment, 0, first_commit, readable);
    if (blank == Status::ok) {
      blank = reader_.check_blank(segment, from, geometry_.segment_bytes - from);
    }
    if (blank == Status::corrupt) {
      report.trouble =
          "it holds something, and that is no queue of ours (or damaged beyond use)"_packed;
      return blank;
    }
    if (blank != Status::ok) {
      report.trouble = "it cannot be read"_packed;
      return Status::io;
    }
  }
  report.created = true;
  next_number_ = 1;
  const Status status = geometry_.erase_first ? flash_.erase(0) : Status::ok;
  if (status != Status::ok || write_commit() != Status::ok) {
    commit_failed();
    report.trouble = "it cannot be written"_packed;
    return Status::io;
  }
  return Status::ok;
}

// Behind the newest commit: what is not free was being written when power went.
void Queue::find_tip(const Survey& found, RecoveryReport& report) {
  head_begun_ = true;
  head_at_ = found.end;
  step_over(torn_until(head_run_, head_at_), report);
  // The cut commit may have been the first of the next segment. To go on before it would be to
  // lose what goes on, should it read well one day.
  const std::uint32_t next = head_run_ + 1;
  if (openable_segments() == 0 || reader_.unit_is_free(segment_of(next), lap_of(next), 0)) return;
  if (geometry_.erase_first) {
    head_at_ = geometry_.segment_bytes;  // whatever is there goes when the next commit opens it
    return;
  }
  ++head_run_;
  head_at_ = 0;
  head_begun_ = false;
  step_over(torn_until(head_run_, 0), report);
}

void Queue::step_over(std::uint32_t until, RecoveryReport& report) {
  if (until == head_at_) return;
  const std::uint32_t bytes = until - head_at_;
  report.torn_units = torn_units_ += bytes / reader_.unit_bytes();
  // What is stepped over is taken from the commits that make room: where there is little, and it
  // can be, it is written over.
  if (!geometry_.erase_first && openable_segments() < kFreeAlways) return;
  note_unnamed({.cause = SkipCause::torn,
                .segment = segment_of(head_run_),
                .lap = lap_of(head_run_),
                .offset = head_at_,
                .bytes = bytes,
                .first_number = next_number_,
                .numbers = 0});
  head_at_ = until;
}

// The end of what is torn from `offset` on; `offset` itself where nothing is.
std::uint32_t Queue::torn_until(std::uint32_t run, std::uint32_t offset) {
  const std::uint32_t segment = segment_of(run), unit = reader_.unit_bytes();
  std::uint32_t until = offset;
  if (geometry_.erase_first) {
    // A byte that is not blank cannot be written again, wherever it is.
    for (std::uint32_t at = offset; at < geometry_.segment_bytes; at += unit) {
      if (reader_.check_blank(segment, at, unit) != Status::ok) until = at + unit;
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
  stepped_over_.name(skipped);
}

}  // namespace fieldpost
