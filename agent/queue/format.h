// The bytes of the queue's region, version 1.
//
// The region is a ring of segments. The log fills one segment after the other; the oldest one is
// recycled: what is in progress in it is copied forward first. A segment is a run of commits, each
// at the start of a unit, a unit being the device's write unit, but at least 64 bytes. Integers are
// little-endian.
//
// A commit:
//
//   at  bytes  field
//    0    4    magic         0x9d3c51e7, random: tells a commit from erased or foreign bytes
//    4    4    crc32c        of every byte from 8 to the end of the body
//    8    1    version       1
//    9    1    reserved      0
//   10    2    header_bytes  64: where the body begins
//   12    4    body_bytes    records, back to back
//   16    8    number        grows by one per commit, for the life of the store
//   24    4    lap           how often this segment has been recycled
//   28    4    segment       which one it was written into
//   32    4    reach         so many segments before this one still belong to the log
//   36    4    copied_bytes  so many at the end of the body are no news: copies of older records that
//                            recycling carries forward, and the names of what was stepped over
//   40    8    boot          when: a number of the boot,
//   48    8    boot_ms       the time since it, suspend included,
//   56    8    wall_s        and seconds since 1970, 0 where nobody had set the clock
//   64    n    body
//
// The first sixteen bytes keep their place and meaning in every version, so that an old program
// knows a newer commit for what it is. From the end of the body to the end of the unit: 0, or 0xff
// where the device erases first.
//
// A record:
//
//    0    1    kind          see RecordKind
//    1    1    reserved      0
//    2    2    body_bytes
//    4    4    crc32c        of bytes 0 to 3 and the body: a record is read, and copied forward,
//                            without the rest of its commit; it keeps the sum it was born with
//    8    n    body
//
// A text is its length in two bytes and its UTF-8; a stamp is boot, boot_ms and wall_s as above.
// Bytes behind the last field that a reader knows are left alone, and copied.
//
//   store     first in every segment: store id (16), compatible flags (4), incompatible flags (4),
//             segment_bytes (4), segments (4), write_unit (4), erase_first (1), reserved (3),
//             next message id (8)
//   message   id (8), created (stamp), ttl_ms (8), not_before (8: seconds since 1970, or, up to ten
//             years of them, since it was created), retry_of (8), on_uncertain (1),
//             values (1: how many), reserved (2); texts: scenario, to, language, key, topic,
//             operator, source, template, namespace, each value
//   standing  id (8), state (1), reason (1), attempts (2), code (4), changed (stamp),
//             accepted_at (stamp), delivered_at (stamp); texts: message_id, detail
//   ended     a standing, and then a message without template, namespace and values: it stands by
//             itself, for the message's own record may be gone before it
//   skipped   cause (1), reserved (3), segment (4), lap (4), offset (4), bytes (4), reserved (4),
//             first number (8), numbers (8)
//   key       hash of source and key (8), hash of the content (8), id (8), state (1): as what the
//             message ended, until then `uncertain`; reserved (3). The same key is the same message
//   history   as `ended`, and a copy of one, from the segment with which the log began when this was
//             written: it counts once that is no part of the log any more. Nothing else is told of
//             its message any more
//   mark      nothing: a commit for the sake of its time
//   blocked   hash of a number (8), 0 or 1 (1), reserved (3): 1 = who has it gets no messages
//   setting   which (2), value (8): what a person switched, to stay so across boots. 1 = sending is
//             paused; another one is of a newer program
//
// Invariants
//   - A commit never spans segments, so one segment can be recycled whole.
//   - The log is what the commit with the highest number says: its segment and `reach` before it.
//     All else in the region is free, whatever it holds.
//   - A commit counts once sync() has returned; complete but unacknowledged counts too.
//   - Only one commit at a time is not yet synced. So numbers without a gap prove that nothing
//     promised was in the stretch between two commits; a gap proves that something was.
//   - What happened is what lies before those: a `message`, `standing` or `ended` there is one event.
//     Its number is the commit's number * 256 + how many of them stand before it in that commit.
//   - For one message the last standing in the log wins; `ended` is the last there will be. The
//     message record itself never changes: its copies are equal.
//   - Where bytes are not erased, what follows the newest commit is blank or begins with an older
//     commit's header: a commit blanks the remains that it would leave directly behind it.
//
// A unit that fails its check is `torn` if no valid commit has a higher number: power loss hurts
// only what was being written. Else it is `corrupt`. The first commit after a recovery names what
// was stepped over (`skipped`), so that it stays stepped over even if it reads well one day. For
// what is corrupt the numbers count, from 0 where the log begins with damage.
//
// A kind or an incompatible flag that a program does not know makes the store `newer` to it. A
// compatible flag that it does not know it keeps.
// A program reads every version up to its own, and goes on writing the one of the newest commit until
// it is told to upgrade: the program before an update can then take the store back.
//
// The values below are on devices in the field. Add; never renumber.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

#include "config/limits.h"

namespace fieldpost {

inline constexpr std::uint32_t kCommitMagic = 0x9d3c51e7;
inline constexpr std::uint8_t kFormatVersion = 1;

inline constexpr std::size_t kMagicAt = 0, kCrcAt = 4, kVersionAt = 8, kHeaderBytesAt = 10,
                             kBodyBytesAt = 12, kNumberAt = 16, kLapAt = 24, kSegmentAt = 28,
                             kReachAt = 32, kCopiedBytesAt = 36, kBootAt = 40, kBootMsAt = 48,
                             kWallAt = 56, kBodyAt = 64;
static_assert(kBodyAt == 4 + 4 + 1 + 1 + 2 + 4 + 8 + 4 + 4 + 4 + 4 + 8 + 8 + 8);

inline constexpr std::size_t kRecordKindAt = 0, kRecordBytesAt = 2, kRecordCrcAt = 4,
                             kRecordBodyAt = 8;

inline constexpr std::size_t kStandingStateAt = 8;  // in the body of a standing, ended or history

enum class RecordKind : std::uint8_t {
  store = 1,
  message = 2,
  standing = 3,
  ended = 4,
  skipped = 5,
  key = 6,
  mark = 7,
  blocked = 8,
  setting = 9,
  history = 10,
};

enum class SkipCause : std::uint8_t { torn = 1, corrupt = 2 };

// Where units are smaller, a recovery that looks for the next commit behind damage would have to
// try every byte; and NOR with its own error correction wants whole lines of 16 or 32 bytes.
inline constexpr std::uint32_t kUnitBytesMin = 64;
inline constexpr std::uint32_t kUnitBytesMax = 4096;

inline constexpr std::size_t kStoreIdBytes = 16;
using StoreId = std::array<std::byte, kStoreIdBytes>;

inline constexpr std::size_t kStampBytes = 24;
inline constexpr std::size_t kStoreRecordBytes = kRecordBodyAt + kStoreIdBytes + 5 * 4 + 4 + 8;
inline constexpr std::size_t kSkippedRecordBytes = kRecordBodyAt + 6 * 4 + 2 * 8;

inline constexpr std::uint16_t kSettingPaused = 1;
inline constexpr std::size_t kSettingRecordBytes = kRecordBodyAt + 2 + 8;

inline constexpr std::size_t kBlockedRecordBytes = kRecordBodyAt + 8 + 4;

inline constexpr std::size_t kKeyRecordBytes = kRecordBodyAt + 3 * 8 + 4;
inline constexpr std::size_t kKeyIdAt = 16;  // in its body

inline constexpr std::size_t kMessageFixedBytes = 8 + kStampBytes + 3 * 8 + 4;
inline constexpr std::size_t kStandingFixedBytes = 8 + 8 + 3 * kStampBytes;
inline constexpr std::size_t kBriefTextsBytesMax =  // scenario to source
    7 * 2 + limits::scenario_id_bytes_max + limits::phone_digits_max + limits::language_bytes_max +
    limits::key_bytes_max + limits::topic_bytes_max + limits::operator_bytes_max +
    limits::source_bytes_max;
inline constexpr std::size_t kMessageRecordBytesMax =
    kRecordBodyAt + kMessageFixedBytes + kBriefTextsBytesMax + 2 * 2 +
    limits::template_name_bytes_max + limits::namespace_bytes_max + 2 * limits::fields_max +
    limits::values_bytes_max;
inline constexpr std::size_t kStandingRecordBytesMax = kRecordBodyAt + kStandingFixedBytes + 2 * 2 +
                                                       limits::message_id_bytes_max +
                                                       limits::detail_bytes_max;
inline constexpr std::size_t kEndedRecordBytesMax =
    kStandingRecordBytesMax + kMessageFixedBytes + kBriefTextsBytesMax + 2 * 2;

// What may stand before the records of a commit: its header, and the store record.
inline constexpr std::size_t kFrontBytes = kBodyAt + kStoreRecordBytes;

// One commit names at most so many stretches; recovery finds at most one that is torn.
inline constexpr std::size_t kSkippedPerCommitMax = 8;

// Records that may wait for one commit.
inline constexpr std::size_t kPendingBytesMax =
    limits::commit_bytes_max - kFrontBytes - kSkippedPerCommitMax * kSkippedRecordBytes;
static_assert(kMessageRecordBytesMax + kKeyRecordBytes <= kPendingBytesMax);
static_assert(kEndedRecordBytesMax <= kPendingBytesMax);

// No commit has room for more.
inline constexpr std::uint64_t kEventsPerCommit = 256;
static_assert(limits::commit_bytes_max / (kRecordBodyAt + kMessageFixedBytes) < kEventsPerCommit &&
              limits::commit_bytes_max / (kRecordBodyAt + kStandingFixedBytes) < kEventsPerCommit);

// Segments that are free whenever a commit has returned, besides the one being written.
inline constexpr std::uint32_t kFreeAlways = 2;

}  // namespace fieldpost
