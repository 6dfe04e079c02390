// A message: what was taken from an app, bound when it was taken, and never changed after.
// A standing: what has become of it so far; the only part that moves.
#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <string_view>

#include "agent/base/fixed_text.h"
#include "agent/base/time.h"
#include "agent/message/state.h"
#include "config/limits.h"

namespace fieldpost {

using MessageId = std::uint64_t;  // grows by one per message for the life of the store; 0 = none

// The values of a template's variables in order, back to back in one block.
class Values {
 public:
  // Adds one at the end.
  //   full: more than limits::fields_max, or together longer than limits::values_bytes_max.
  Status add(std::string_view value);
  void clear() { count_ = 0; }

  std::size_t count() const { return count_; }
  std::string_view operator[](std::size_t i) const;
  bool well_formed() const;

 private:
  std::uint16_t count_ = 0;
  std::array<std::uint16_t, limits::fields_max> ends_{};  // of each value in bytes_
  std::array<char, limits::values_bytes_max> bytes_{};
};

// The scenario's answer to "the customer may already have it": decided when taken.
enum class OnUncertain : std::uint8_t { hold = 0, resend = 1 };

// A `not_before` up to here counts seconds from the taking; later ones are wall time.
inline constexpr std::uint64_t kNotBeforeWaitMax = 3650ull * 86'400;

struct Message {
  MessageId id = 0;  // given by the queue
  Stamp created;     // given by the queue
  FixedText<limits::scenario_id_bytes_max> scenario;
  FixedText<limits::phone_digits_max> to;
  FixedText<limits::template_name_bytes_max> template_name;
  FixedText<limits::namespace_bytes_max> template_namespace;
  FixedText<limits::language_bytes_max> language;
  Values values;
  FixedText<limits::key_bytes_max> key;
  FixedText<limits::topic_bytes_max> topic;
  FixedText<limits::operator_bytes_max> operator_name;
  FixedText<limits::source_bytes_max> source;
  Duration ttl;         // 0 = none
  UnixTime not_before;  // 0 = at once; up to kNotBeforeWaitMax so many seconds after `created`
  MessageId retry_of = 0;
  OnUncertain on_uncertain = OnUncertain::hold;

  bool well_formed() const;  // every length within its bound
};

struct Standing {
  State state = State::queued;
  Reason reason = Reason::none;
  // Nothing will change it by itself any more: it leaves the index and stays as history.
  bool ended = false;
  std::uint16_t attempts = 0;  // sends begun, its own faults only
  std::int32_t code = 0;       // the API's, 0 = none
  Stamp changed;               // given by the queue
  Stamp accepted_at;
  Stamp delivered_at;
  FixedText<limits::message_id_bytes_max> message_id;
  FixedText<limits::detail_bytes_max> detail;

  bool well_formed() const;
};

}  // namespace fieldpost
