// The queue on flash: what was taken is kept, with what became of it, through any power cut.
//
// One log of commits on one region (format.h). Everything that happens goes into the pending commit
// and becomes durable together, by one write and one sync. Messages in progress have an entry in
// memory; their texts, and the history of those that ended, stay on flash. README.md tells what a
// crash leaves at each step.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

#include "agent/base/packed_text.h"
#include "agent/base/status.h"
#include "agent/base/time.h"
#include "agent/base/untouched.h"
#include "agent/message/message.h"
#include "agent/port/clock.h"
#include "agent/port/flash.h"
#include "agent/queue/blocked.h"
#include "agent/queue/erasing.h"
#include "agent/queue/format.h"
#include "agent/queue/live.h"
#include "agent/queue/log_reader.h"
#include "agent/queue/record_reader.h"
#include "agent/queue/remembered.h"
#include "agent/queue/sends.h"
#include "agent/queue/stepped_over.h"
#include "agent/queue/store_time.h"
#include "config/limits.h"

namespace fieldpost {

struct RecoveryReport {
  bool created = false;             // the region was blank
  std::uint32_t torn_units = 0;     // cut by power loss; nothing promised was in them
  std::uint32_t corrupt_units = 0;  // lost commits, or units that held some, not reported before
  std::uint32_t live = 0;
  std::uint32_t were_sending = 0;  // now uncertain
  std::uint32_t lost = 0;          // messages of which only the standing was left: dropped
  std::uint32_t in_doubt = 0;      // queued ones made uncertain: damage may hide that they left
  PackedText trouble = ""_packed;  // why open() refused, to stand behind "PATH: "
};

struct QueueUsage {
  std::uint64_t region_bytes = 0;
  std::uint64_t used_bytes = 0;         // what is in progress, packed, with room for its outcomes
  std::uint64_t room_bytes = 0;         // how far used_bytes may grow before take() says full
  std::uint64_t bytes_written = 0;      // since open()
  std::uint64_t syncs = 0;              // since open()
  std::uint32_t segments_recycled = 0;  // since open()
  std::uint32_t begun_least = 0;        // the wear: how often a segment has been begun, for life
  std::uint32_t begun_most = 0;
  std::uint32_t torn_units = 0;     // found by open()
  std::uint32_t corrupt_units = 0;  // in the log now, reported before or not; and bad reads since
  std::uint32_t live = 0;
  std::uint32_t live_max = 0;
  bool failed = false;
};

class Queue {
 public:
  Queue(Flash& flash, const Clock& clock, std::uint32_t messages_max,
        const Remembering& remembering = {});
  Queue(const Queue&) = delete;
  Queue& operator=(const Queue&) = delete;

  // Recovers what the region holds, or, where every byte of it is blank, makes a new store with
  // `fresh_store_id`. Called once, before anything else. Never blanks what it does not know:
  // where it refuses, the report's `trouble` says why.
  //   io: the device failed.   corrupt: the region holds something, and no commit of ours.
  //   newer: a newer program wrote it.   invalid: its geometry is another one, or none we can use.
  Status open(std::span<const std::byte, kStoreIdBytes> fresh_store_id, RecoveryReport& report);

  // Puts a message into the pending commit and gives it its id; `created` is stamped on flash. It
  // stands in live() at once and is ours once commit() says ok; its key is remembered with it.
  //   full: no room for it and for its outcome.   invalid: a text beyond its bound.
  //   io: the store has failed.
  // A pending commit without room is committed first; the same holds for record().
  Result<MessageId> take(const Message& message);

  // What a message that is handed in is to those taken before. An answer on the strength of it waits
  // for the next commit(), too: what was taken before may be pending still.
  Same same_as(const Message& message) const;

  // Puts a change of state into the pending commit; `changed` is stamped here. One that has ended
  // leaves live() when commit() says ok; its record then says by itself what a person wants to
  // see later.
  //   not_found: no such message in progress.   invalid: a text beyond its bound.
  //   io: the store has failed.
  Status record(MessageId id, const Standing& standing);

  // Whether a person has paused sending. Put into the pending commit; it stays so across boots.
  //   io: the store has failed.
  Status set_paused(bool on);
  bool paused() const { return paused_; }

  // Whether a number, as it would be sent to, gets no messages. Put into the pending commit; it stays
  // so across boots. Nothing is put where it is so already.
  //   full: limits::blocked_max are blocked.   io: the store has failed.
  Status set_blocked(std::string_view number, bool on);
  bool is_blocked(std::string_view number) const;
  std::uint32_t blocked_count() const { return blocked_.count(); }

  // --- erasing.cc: what is told of one number, or long ago, leaves the region's bytes
  // Begins to erase all that is told of a number, which nothing in progress may be for; where that is
  // empty, what was told longer ago than `older`, as far as clocks can prove it. False: there is
  // nothing to erase.
  bool begin_erasing(std::string_view number, Duration older);
  bool tells_of_anybody() const;
  bool erasing() const { return erasing_.stage != Erasing::Stage::none; }
  // Goes on with it, for as long as one segment takes. Cut off, it can be begun again.
  //   not_found: nothing is left to erase.   io: the store has failed, or could not be read.
  Status erase_some();
  // Makes the next commit begin a segment where the one being written was begun longer ago and tells
  // of messages: each is erased as a whole.
  //   io: the store has failed.
  Status leave_old_head(Duration age);

  // The version in which the store is written: the one in which it was found, so that the program
  // before an update can take it back.
  std::uint8_t version() const { return version_; }
  // From now on the newest that this program knows; durable with ok. An older program will refuse it.
  //   io: the store has failed.
  Status upgrade();

  // One write, one sync: everything pending is durable. Nothing to do when nothing is pending.
  // Where a segment is needed, what is still in progress in the oldest one is copied forward,
  // mostly in the room that the last unit has left.
  //   io: the store has failed. Nothing pending counts, and every later take, record and commit
  //   answers io: what the failed sync held may be lost or kept, only a recovery can tell.
  Status commit();
  bool pending() const { return pending_bytes_ != 0; }

  std::span<const Live> live() const { return {index_.data(), live_count_}; }  // by id
  const Live* find(MessageId id) const;
  void set_next_attempt(MessageId id, Instant at);

  // --- dating.cc: ages that are right without a clock (store_time.h)
  // Learns what the clock says now; what follows is answered by it.
  void look_at_clock();
  Instant expires_at(const Live& live) const;  // kNever without a ttl
  // So long after its last change of state; before this boot where that had been.
  Instant after_change(const Live& live, Duration wait) const;
  // How long ago that was, in an earlier boot too, as far as clocks can prove it.
  Duration age_of_change(const Live& live, Instant now) const {
    return time_.age_of(live.since, now);
  }
  // When `not_before` lets it go, as well as the wall clock lets us know it; kNever: it does not.
  Instant not_before(const Live& live, const Stamp& now) const;
  // So long after the count-th newest send to a recipient; before now where that is not known.
  Instant after_send(std::uint32_t recipient, std::uint32_t count, Duration wait) const;
  // For the sake of its time alone: a commit an hour after the last.
  //   io: the store has failed.
  Status mark();
  Instant committed_at() const { return committed_at_; }

  // What recovery made of messages (`sending` is `uncertain` after a crash) is put into the pending
  // commit, once. Whatever is put there first does the same; who only looks need not.
  //   io: the store has failed.
  Status record_doubts();

  // --- events.cc: what happened, in its order
  // The next take or change of state behind the event `cursor`, one a call, and when it became
  // durable. What is pending has not happened yet.
  //   not_found: nothing is newer; `cursor` is newest_event() then.
  //   corrupt: some of what follows `cursor` is no longer in the log, or is damaged.
  Status next_event(std::uint64_t& cursor, Message& message, Standing& standing, Stamp& when);
  // Behind all that is durable: where who wants what comes from now on begins.
  std::uint64_t newest_event() const { return next_number_ * kEventsPerCommit - 1; }

  // The whole of a message in progress, read back from flash or from the pending commit.
  //   not_found: no such message in progress.   io: the device failed.
  //   corrupt: its bytes no longer check out; counted.
  Status read(MessageId id, Message& message, Standing& standing);

  // Messages that have ended and that the log still holds, in the order in which they ended, one
  // a call. `cursor` 0 starts; it stays good while the log moves on. Of the message, the template
  // and the values are empty: they went with its flash.
  //   not_found: no more that can be read.
  Status next_ended(std::uint64_t& cursor, Message& message, Standing& standing);
  // The whole of a message that has ended, for as long as the log still holds its text.
  //   not_found: it does not.   io: the device failed.
  Status find_text(MessageId id, Message& message);
  const std::array<std::uint32_t, kStates>& ended_counts() const { return ended_counts_; }

  QueueUsage usage() const;
  // Of usage().used_bytes, those for this one.
  static std::uint32_t used_by(const Live& live) { return charge(live.message_bytes); }
  std::uint32_t segments() const { return geometry_.segments; }
  const StoreId& store_id() const { return store_id_; }
  bool failed() const { return failed_; }

 private:
  // --- queue.cc
  Live* entry(MessageId id);
  Live* add_entry(MessageId id);
  void remove_entry(Live* entry);
  static void keep(Live& live);
  // What an entry may come to need. A long record leaves the end of a commit empty more often.
  static std::uint32_t charge(std::uint32_t message_bytes) {
    return message_bytes + (message_bytes > 1024 ? message_bytes / 2 : 0) +
           std::uint32_t{kStandingRecordBytesMax};
  }
  std::span<std::byte> room() { return room_until(kPendingBytesMax); }
  std::span<std::byte> room_until(std::size_t pending_max);
  Status begin();
  // Of what has been written into room(), so much; false: it had no room there.
  bool added(std::size_t bytes) {
    pending_bytes_ += bytes;
    return bytes != 0;
  }
  Status make_room();
  std::size_t write_change(MessageId id, const Standing& standing);
  Status write_all();
  Status write_commit();
  void write_header(std::span<std::byte> commit);
  std::size_t overhead_bytes(bool begins_segment) const;
  bool fits_in_head() const;
  std::span<const std::byte> pending_records() const;
  void index_committed(std::uint32_t first_at);
  void commit_failed();

  // --- dating.cc
  void note_time(const Stamp& stamp);
  void date(Live& live, const Message& message, const Stamp& created) const;
  void date_change(Live& live, const Stamp& changed) const;
  void note_send(State before, const Standing& now, std::uint32_t recipient);

  // --- remembered.cc
  Known known_as(const Message& message) const;
  std::uint32_t counts_until(const Stamp& created) const;
  void remember(const Message& message, MessageId id, const Stamp& created);
  void note_end(MessageId id, State state);
  void replay_key(const RecordView& record, std::uint32_t at);
  void copy_keys(std::uint32_t from, std::uint32_t to, std::size_t pending_max);
  std::uint32_t key_bytes() const { return keys_.count() * std::uint32_t{kKeyRecordBytes}; }

  // --- blocked.cc
  std::uint64_t number_hash(std::string_view number) const;
  void replay_blocked(const RecordView& record, std::uint32_t at);
  void copy_blocked(std::size_t pending_max);

  // --- erasing.cc
  void note_told(std::uint32_t segment, RecordKind kind, Moment moment);
  void replay_history(const RecordView& record, std::uint32_t segment, bool hidden);
  void assume_remains();
  bool is_due(Moment told) const;
  Status erase_step();
  Status blank(std::uint32_t segment);
  Status blank_from(std::uint32_t segment, std::uint32_t offset, bool& written);
  Status renew_tail();
  Status copy_history();

  // --- reading.cc
  Status load_message(const Live& live, Message& message);
  Status load_record(std::uint32_t at, std::uint16_t bytes, MessageId id, RecordView& record);
  // The next commit in the log's segment `run` that no recovery has stepped over. False: none.
  bool next_true_commit(std::uint32_t run, std::uint32_t offset, CommitView& commit);
  // The next record of a kind behind `cursor`, which is 0 at the start. A history is an end that was
  // copied.
  Status next_record(RecordKind kind, std::uint64_t& cursor, RecordView& record);
  bool pending_record(MessageId id, RecordKind kind, RecordView& record) const;

  // --- events.cc
  Status read_event(const RecordView& record, Message& message, Standing& standing);

  // --- recovery.cc
  struct Survey;
  bool geometry_is_usable() const;
  Status survey(Survey& found, RecoveryReport& report);
  Status check_store(const RecordView& record, RecoveryReport& report);
  Status start_fresh(RecoveryReport& report);
  void find_tip(const Survey& found, RecoveryReport& report);
  void step_over(std::uint32_t until, RecoveryReport& report);
  std::uint32_t torn_until(std::uint32_t run, std::uint32_t offset);
  void note_unnamed(const Skipped& skipped);

  // --- replay.cc
  Status replay(const Survey& found, RecoveryReport& report);
  Status replay_commit(const CommitView& commit, RecoveryReport& report);
  void replay_message(const RecordView& record, MessageId id, std::uint32_t at,
                      RecoveryReport& report);
  void note_gap(const CommitView& behind, RecoveryReport& report);
  void settle(RecoveryReport& report);

  // --- recycling.cc
  std::uint32_t free_segments() const;
  std::uint32_t openable_segments() const;
  std::uint32_t free_wanted() const;
  std::uint32_t capacity_bytes() const;
  Status open_next_segment();
  void copy_along();
  std::size_t copies_end() const;
  void copy_from_tail(std::size_t pending_max);
  void copy_live(std::size_t pending_max);
  void write_doubts(std::size_t pending_max);
  void copy_record(Live& live, RecordKind kind, std::size_t pending_max);
  void write_from_memory(Live& live, std::size_t pending_max);
  bool in_tail(std::uint32_t at, std::uint16_t bytes) const;
  bool tail_is_dead();
  bool pause_in_tail() const { return paused_ && in_tail(paused_at_, kSettingRecordBytes); }
  void release_dead_tail();
  void release_tail();
  void forget_history_of_tail();

  std::uint32_t segment_of(std::uint32_t run) const { return run % geometry_.segments; }
  std::uint32_t lap_of(std::uint32_t run) const { return run / geometry_.segments; }

  Flash& flash_;
  const Clock& clock_;
  const std::uint32_t messages_max_;
  const Remembering remembering_;
  FlashGeometry geometry_;

  StoreId store_id_{};
  std::uint8_t version_ = kFormatVersion;
  std::uint32_t compatible_flags_ = 0;
  MessageId next_id_ = 1;
  std::uint64_t next_number_ = 1;

  // Segments are counted for the life of the store: run = lap * segments + segment. 32 bits of them
  // are 64 TiB at least.
  std::uint32_t tail_run_ = 0;          // the oldest that belongs to the log
  std::uint32_t durable_tail_run_ = 0;  // as the newest durable commit says
  std::uint32_t head_run_ = 0;          // the one being written
  std::uint32_t head_at_ = 0;           // where its next commit begins
  bool head_begun_ = false;             // it has its store record
  bool head_left_ = false;              // the next commit begins another, whatever it has left
  bool head_tells_ = false;             // it holds what is told of messages
  bool tells_history_ = false;          // and copies of what has ended
  bool keeps_tail_ = false;             // its history is being copied

  bool failed_ = false;
  bool paused_ = false;
  std::uint32_t paused_at_ = 0;     // where the record of that begins; 0 = in the pending commit
  bool gap_replayed_ = false;       // damage lies before what replay() is looking at
  MessageId next_replayed_id_ = 1;  // and every id below had been given by then
  bool doubts_ = false;             // some are in_doubt
  std::size_t pending_bytes_ = 0;   // records at buffer_[kFrontBytes]
  std::size_t copied_bytes_ = 0;    // of them, those at the end that are no news
  std::uint32_t live_count_ = 0;
  std::uint32_t live_bytes_ = 0;   // charged: each message's record and a standing of any size
  std::uint32_t tail_cursor_ = 0;  // entries before it have nothing in the tail segment

  Instant committed_at_;
  StoreTime time_;
  Moment head_since_;
  MessageId copied_until_ = 0;  // of the history of the tail: the last that has a copy
  Erasing erasing_;

  std::uint32_t history_run_ = 0;  // where next_record() stopped
  std::uint32_t history_at_ = 0;
  std::uint32_t events_run_ = 0;  // the newest commit that next_event() has looked into
  std::uint32_t events_at_ = 0;
  std::uint64_t events_number_ = 0;

  std::uint64_t bytes_written_ = 0;
  std::uint64_t syncs_ = 0;
  std::uint32_t segments_recycled_ = 0;
  std::uint32_t torn_units_ = 0;
  std::uint32_t corrupt_units_ = 0;

  // What is large comes last: what is near the front of an object is reached with less code.
  std::array<std::uint32_t, kStates> ended_counts_{};
  SteppedOver stepped_over_;
  std::size_t unnamed_count_ = 0;
  std::array<Skipped, kSkippedPerCommitMax> unnamed_{};  // for the next commit to name
  Sends sends_;
  Message scratch_;
  LogReader reader_;
  std::array<std::byte, kFrontBytes + limits::commit_bytes_max + kUnitBytesMax> buffer_{};
  Untouched<Live, limits::queue_messages_max> index_;  // the first live_count_
  Untouched<Known, limits::keys_max> key_slots_;
  Untouched<Known, limits::recent_max> recent_slots_;
  Remembered keys_;    // what has a key
  Remembered recent_;  // what has none
  BlockedNumbers blocked_;
  // When the newest was told of what a segment holds, or may hold still; none: it tells of nobody.
  std::array<Moment, limits::segments_max> told_{};
};

}  // namespace fieldpost
