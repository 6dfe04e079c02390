// How the queue forgets: what it told of one number, or long ago, leaves the region's bytes, too.
//
// A segment is given up as in recycling, and then blanked. What is in progress in it is copied
// forward, and of what has ended the end, where it is to stay, as `history`. Such copies count once
// the segment that they are of, the oldest of the log when they were written, is no longer part of
// it; so a power cut never shows one end twice, or none. Texts of what has ended are not copied: a
// message that stood behind its own end would be sent again.
//
// One step is one segment: in between, everything else goes on.
#include <algorithm>

#include "agent/base/bytes.h"
#include "agent/queue/queue.h"
#include "agent/queue/record_writer.h"

namespace fieldpost {

// Of the segment that is being written: what it tells, and what of it is history. A few ordinary
// records beside that end with it: else it would last as long as they.
void Queue::note_told(std::uint32_t segment, RecordKind kind, Moment moment) {
  head_tells_ = true;
  if (kind == RecordKind::history) {
    tells_history_ = true;
  } else if (tells_history_) {
    return;
  }
  Moment& told = told_[segment];
  if (told.empty() || time_.is_later(moment, told)) told = moment;
}

// `hidden`: what it is a copy of is still there itself. In the counts it stands twice then, until that
// has gone.
void Queue::replay_history(const RecordView& record, std::uint32_t segment, bool hidden) {
  Standing standing;
  if (read_ended(record.body, scratch_, standing) != Status::ok || scratch_.id >= kIdMax) {
    ++corrupt_units_;
    return;
  }
  next_id_ = std::max(next_id_, scratch_.id + 1);
  ++ended_counts_[static_cast<std::size_t>(standing.state)];
  note_told(segment, record.kind, time_.moment_of(standing.changed));
  if (hidden) {
    copied_until_ = scratch_.id;
  } else {
    note_send(State::queued, standing, text_hash(scratch_.to.view()));
  }
}

// What lies in free segments, and behind the newest commit, is older than the log.
void Queue::assume_remains() {
  Moment oldest = time_.moment_of(clock_.stamp());
  for (std::uint32_t run = tail_run_; run <= head_run_; ++run) {
    if (told_[segment_of(run)].empty()) continue;
    oldest = told_[segment_of(run)];
    break;
  }
  for (std::uint32_t run = head_run_; run < tail_run_ + geometry_.segments; ++run) {
    if (told_[segment_of(run)].empty()) told_[segment_of(run)] = oldest;
  }
}

bool Queue::is_due(Moment told) const {
  if (told.empty()) return false;
  return !erasing_.number.empty() || time_.age_of(told, clock_.now()) >= erasing_.older;
}

bool Queue::begin_erasing(std::string_view number, Duration older) {
  MUST(erasing_.number.assign(number));
  erasing_.older = older;
  erasing_.stage = Erasing::Stage::none;
  for (std::uint32_t segment = 0; segment < geometry_.segments; ++segment) {
    if (is_due(told_[segment])) erasing_.stage = Erasing::Stage::ground;
  }
  return erasing();
}

bool Queue::tells_of_anybody() const {
  return std::ranges::any_of(told_, [](Moment told) { return !told.empty(); });
}

Status Queue::leave_old_head(Duration age) {
  if (!head_tells_ || time_.age_of(head_since_, clock_.now()) < age) return Status::ok;
  TRY(begin());  // what a crash kept from making room may need the rest of this segment for it
  head_left_ = true;
  return mark();
}

Status Queue::erase_some() {
  const Status status = erase_step();
  if (status != Status::ok) erasing_.stage = Erasing::Stage::none;
  return status;
}

Status Queue::erase_step() {
  if (!erasing()) return Status::not_found;
  TRY(begin());
  TRY(commit());
  for (std::uint32_t run = head_run_ + 1; run < durable_tail_run_ + geometry_.segments; ++run) {
    if (is_due(told_[segment_of(run)])) return blank(segment_of(run));
  }
  if (erasing_.stage == Erasing::Stage::ground) {
    erasing_.stage = Erasing::Stage::log;
    erasing_.until_run = head_run_;
    // Segments are as old as they stand there; but for those of a rewriting that was cut off.
    while (erasing_.until_run > tail_run_ && !is_due(told_[segment_of(erasing_.until_run)])) {
      --erasing_.until_run;
    }
    if (!is_due(told_[segment_of(erasing_.until_run)])) return Status::not_found;
    if (erasing_.until_run != head_run_) return Status::ok;
    head_left_ = true;
  } else if (tail_run_ > erasing_.until_run) {
    if (durable_tail_run_ == tail_run_) return Status::not_found;
  } else if (tail_run_ != head_run_) {
    return renew_tail();
  } else {
    head_left_ = true;  // it could not be left before: nothing had been written into it
  }
  TRY(mark());
  return commit();
}

Status Queue::blank(std::uint32_t segment) {
  bool written = false;
  Status status = blank_from(segment, 0, written);
  if (written && status == Status::ok) {
    status = flash_.sync();
    ++syncs_;
  }
  if (status != Status::ok) {
    commit_failed();
    return Status::io;
  }
  told_[segment] = {};
  return status;
}

// To the end of the segment; durable with the next sync. What is blank is left alone.
Status Queue::blank_from(std::uint32_t segment, std::uint32_t offset, bool& written) {
  const std::array<std::byte, kUnitBytesMax> zeros{};
  for (; offset < geometry_.segment_bytes; offset += kUnitBytesMax) {
    const std::uint32_t bytes = std::min(geometry_.segment_bytes - offset, kUnitBytesMax);
    if (reader_.check_blank(segment, offset, bytes) == Status::ok) continue;
    written = true;
    reader_.forget();
    if (geometry_.erase_first) return flash_.erase(segment);
    TRY(flash_.write(segment, offset, std::span(zeros).first(bytes)));
    bytes_written_ += bytes;
  }
  return Status::ok;
}

// REQUIRES: nothing is pending, and the tail is not the head.
Status Queue::renew_tail() {
  keeps_tail_ = true;
  Status status =
      is_due(told_[segment_of(tail_run_)]) && erasing_.number.empty() ? Status::ok : copy_history();
  if (status == Status::ok) status = commit();
  while (status == Status::ok && !tail_is_dead()) {
    copy_from_tail(copies_end());
    if (pending_bytes_ == 0) copy_from_tail(kPendingBytesMax);
    status = pending_bytes_ == 0 ? Status::io : write_all();
  }
  keeps_tail_ = false;
  if (status == Status::ok) release_tail();
  return status;
}

// Into a segment of its own, so that it keeps its age; as far as there is room for it.
Status Queue::copy_history() {
  Standing standing;
  std::uint64_t cursor = 0;
  bool copied = false, passes_over = copied_until_ != 0;  // what was copied before a cut
  for (RecordView record;;) {
    if (room_until(copies_end()).size() < kEndedRecordBytesMax) {
      if (pending_bytes_ == 0) head_left_ = true;  // its rest is too short
      TRY(commit());
    }
    const bool leaves = !copied && !told_[segment_of(head_run_)].empty();
    const bool opens = leaves || !fits_in_head() || head_at_ == geometry_.segment_bytes;
    if (opens && pending_bytes_ == 0 && free_segments() <= kFreeAlways) return Status::ok;
    if (next_record(RecordKind::ended, cursor, record) != Status::ok ||
        static_cast<std::uint32_t>(cursor >> 32) != tail_run_ + 1) {
      return Status::ok;
    }
    if (passes_over) {
      passes_over = id_of(record) != copied_until_;
      continue;
    }
    if (read_ended(record.body, scratch_, standing) != Status::ok ||
        scratch_.to == erasing_.number.view()) {
      continue;
    }
    head_left_ = head_left_ || leaves;
    copied = true;
    pending_bytes_ += write_history(room(), record.body);
  }
}

}  // namespace fieldpost
