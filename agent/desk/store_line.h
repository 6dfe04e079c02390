// The region itself as JSON: the objects of `store verify`, `store export` and `store salvage`.
#pragma once

#include <cstdint>
#include <span>

#include "agent/base/text_writer.h"
#include "agent/message/message.h"
#include "config/limits.h"

namespace fieldpost {

// What `store verify` found.
struct StoreReport {
  std::span<const std::byte> id;
  std::uint32_t version = 0;  // of the format
  std::uint64_t size_bytes = 0;
  std::uint32_t segment_bytes = 0;
  std::uint32_t write_unit = 0;
  std::uint32_t laps = 0;        // how often each segment has been begun anew, give or take one
  std::uint32_t live = 0;        // messages on their way,
  std::uint32_t unreadable = 0;  // and those among them whose text does not check out
  std::uint32_t ended = 0;
  std::uint32_t torn_units = 0;     // cut by power loss; nothing promised was in them
  std::uint32_t corrupt_units = 0;  // damage
  std::uint32_t lost = 0;           // messages of which it left too little
  std::uint32_t in_doubt = 0;       // messages of which it may hide that they were sent

  bool ok() const { return unreadable + corrupt_units + lost + in_doubt == 0; }
};

// Each is one object and a line end.
void put_store_report(TextWriter& out, const StoreReport& report);

// The members of what 1MSG is asked for; those that went with the flash are left out.
void put_request(TextWriter& out, const Message& message);

// All that a message says, numbers and texts in the clear, and what became of it. Either may be
// missing; `commit` is left out where it is 0.
void put_record(TextWriter& out, MessageId id, const Message* message, const Standing* standing,
                std::uint64_t commit);

// What put_record() takes at most. No control character gets past the intake; the words of a peer
// may be nothing but.
inline constexpr std::size_t kRecordBytesMax =
    768 + 3 * limits::fields_max + 6 * limits::detail_bytes_max +
    2 * (limits::values_bytes_max + limits::scenario_id_bytes_max +
         limits::template_name_bytes_max + limits::namespace_bytes_max + limits::key_bytes_max +
         limits::topic_bytes_max + limits::operator_bytes_max + limits::source_bytes_max +
         limits::message_id_bytes_max);
static_assert(kRecordBytesMax <= limits::local_answer_bytes_max);

}  // namespace fieldpost
