// Reads the records of format.h. Every length is checked against the bytes that are there: any
// bytes at all may be handed in.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

#include "agent/base/status.h"
#include "agent/message/message.h"
#include "agent/queue/format.h"
#include "agent/queue/remembered.h"

namespace fieldpost {

struct RecordView {
  RecordKind kind = RecordKind::mark;
  std::span<const std::byte> body;
  std::span<const std::byte> whole;
  std::size_t at = 0;  // within the bytes it was read from
};

// Walks records that lie back to back.
class RecordReader {
 public:
  // Sums are left unchecked for the body of a commit whose own sum has just been found right.
  enum class Sums : bool { check, known_right };
  explicit RecordReader(std::span<const std::byte> records, Sums sums = Sums::check)
      : records_(records), sums_(sums) {}

  //   not_found: no more.   corrupt: what follows is not a record.
  Status next(RecordView& record);

 private:
  std::span<const std::byte> records_;
  Sums sums_;
  std::size_t at_ = 0;
};

// What a store record says.
struct StoreFacts {
  StoreId id{};
  std::uint32_t compatible_flags = 0;
  std::uint32_t incompatible_flags = 0;
  std::uint32_t segment_bytes = 0;
  std::uint32_t segments = 0;
  std::uint32_t write_unit = 0;
  bool erase_first = false;
  MessageId next_id = 0;
};

// A stretch that a recovery stepped over: for `torn` where it lies, for `corrupt` also which
// commits are missing.
struct Skipped {
  SkipCause cause = SkipCause::torn;
  std::uint32_t segment = 0;
  std::uint32_t lap = 0;
  std::uint32_t offset = 0;
  std::uint32_t bytes = 0;
  std::uint64_t first_number = 0;
  std::uint64_t numbers = 0;
};

// Each reads the body of a record of its kind.
//   corrupt: the body is too short, or a field holds what no writer puts there.
Status read_store(std::span<const std::byte> body, StoreFacts& out);
Status read_message(std::span<const std::byte> body, Message& out);
Status read_standing(std::span<const std::byte> body, Standing& out);
Status read_ended(std::span<const std::byte> body, Message& out, Standing& standing);
Status read_skipped(std::span<const std::byte> body, Skipped& out);
Status read_setting(std::span<const std::byte> body, std::uint16_t& which, std::uint64_t& value);
Status read_blocked(std::span<const std::byte> body, std::uint64_t& number_hash, bool& on);
Status read_key(std::span<const std::byte> body, Known& out);

// The id in a message, standing, ended or key record, the hash in a blocked one; 0 where there is
// none.
MessageId id_of(const RecordView& record);

}  // namespace fieldpost
