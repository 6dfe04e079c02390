// Requests that may come again, with what they were answered (RFC 7252, 4.2, 4.5).
//
// Who gets no acknowledgment sends the same datagram again, up to EXCHANGE_LIFETIME after the first.
// It is answered as the first was; the work is done once. What comes with the number of another
// request and is not that request (a device that has started anew, and counts from the same number)
// is a new one.
//
// Nothing is forgotten before its time: where there is no room, what is new is turned away.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "agent/base/fixed_text.h"
#include "agent/base/time.h"
#include "agent/base/untouched.h"
#include "config/coap_limits.h"
#include "platform/libcoap/answer.h"

namespace fieldpost {

inline constexpr Duration kExchangeLifetime = 247_s;  // RFC 7252, 4.8.2

// Where a datagram came from: address and port, as bytes.
using Endpoint = FixedText<32>;

struct DatagramName {
  Endpoint from;
  std::uint16_t message_id = 0;
  std::uint32_t sum = 0;     // of what is the same each time it is sent
  std::uint16_t device = 0;  // who has to share the room
};

class Repeats {
 public:
  Repeats() = default;
  Repeats(const Repeats&) = delete;
  Repeats& operator=(const Repeats&) = delete;

  // The request and what is known of its answer; valid until the next add().
  class Known {
   public:
    bool answered() const { return code_ != 0; }
    CoapAnswer answer() const;
    bool ends_blocks() const { return ends_blocks_; }
    std::uint32_t block_1() const { return block_1_; }

   private:
    friend class Repeats;

    DatagramName name_;
    Instant since_;
    std::uint8_t code_ = 0;  // 0: it is under way
    bool ends_blocks_ = false;
    std::uint32_t block_1_ = 0;  // the option, where it was the last block
    std::uint32_t max_age_s_ = 0;
    MessageId created_ = 0;
    FixedText<limits::coap_answer_bytes_max> body_;
  };

  // nullptr: it was not here before.
  const Known* find(const DatagramName&, Instant now);

  // Remembers one that was not.
  //   full: no room for anybody; timeout: the device has its share. wait() says until when.
  Status add(const DatagramName&, Instant now);
  void set_block_1(const DatagramName&, std::uint32_t option);
  // What it is answered; a body that is too long is left out when it is answered again.
  void set_answer(const DatagramName&, const CoapAnswer&);

  // Until the next one is forgotten, of the device or of all; in whole seconds, at least one.
  std::uint32_t wait_s(std::uint16_t device, bool of_all, Instant now) const;

 private:
  static constexpr std::size_t kMax = limits::coap_repeats_max;

  Known& at(std::size_t i) { return table_[(first_ + i) % kMax]; }
  const Known& at(std::size_t i) const { return table_[(first_ + i) % kMax]; }
  Known* look(const DatagramName&);
  void forget(Instant now);

  // In order of time, as a ring.
  std::size_t first_ = 0, count_ = 0;
  Untouched<Known, kMax> table_;
};

}  // namespace fieldpost
