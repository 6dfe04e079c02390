// What memory holds of a message in progress; its texts stay on flash.
#pragma once

#include <cstdint>
#include <string_view>

#include "agent/base/time.h"
#include "agent/message/message.h"
#include "agent/queue/store_time.h"
#include "config/limits.h"

namespace fieldpost {

// The number under which Live knows a phone or a scenario.
std::uint32_t text_hash(std::string_view text);

// Of text_hash of the id that 1MSG gave a message, Live has room for so much; of its source's, too.
inline constexpr std::uint32_t kSentAsBits = 0xff'ffff;
inline constexpr std::uint32_t kSourceBits = 0xffff;

// Ids that a store could not reach by counting; only forged bytes hold them.
inline constexpr MessageId kIdMax = MessageId{1} << 48;

// One message in progress.
struct Live {
  MessageId id : 48 = 0;
  MessageId source : 16 = 0;    // text_hash of who handed it in, kSourceBits
  Instant next_attempt;         // in memory only; 0 = at once
  std::uint32_t recipient = 0;  // text_hash of the phone
  std::uint32_t scenario = 0;   // text_hash of the scenario's id
  std::uint16_t attempts = 0;
  State state = State::queued;
  Reason reason = Reason::none;

  // The queue's own: where its newest records begin (bytes into the region), and what is durable.
  std::uint16_t message_bytes = 0;  // 0 = no such record
  std::uint16_t standing_bytes = 0;
  std::uint32_t message_at = 0;
  std::uint32_t standing_at = 0;
  Moment expires;  // the end of its ttl
  Moment since;    // queued: not before then; else when it became what it is
  std::uint16_t kept_attempts = 0;
  State kept_state = State::queued;
  Reason kept_reason = Reason::none;
  bool new_in_pending : 1 = false;       // its take waits in the pending commit
  bool standing_in_pending : 1 = false;  // a change of it does
  bool ends_in_pending : 1 = false;      // its end does
  bool in_doubt : 1 = false;             // what recovery made of it has no record yet
  bool counted_corrupt : 1 = false;      // in corrupt_units
  bool since_is_wall : 1 = false;        // it is wall time, counted from kWallBegins
  std::uint32_t sent_as : 24 = 0;        // text_hash of the id that 1MSG gave it, kSentAsBits
};
static_assert(sizeof(Live) <= limits::queue_entry_bytes);

}  // namespace fieldpost
