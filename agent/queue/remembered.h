// What was taken not long ago, so that a message that is handed in again is known for what it is:
// the same one, and not another.
//
//   With a key   the same key from the same source is the same message, for as long as the key is
//                among the newest `keys`: also after the message has ended, and across boots. It
//                must then say the same; if it does not, that is a conflict.
//   Without one  what says the same, from the same source and within `same_within`, is the same
//                message. Not if it was superseded: "at 10", "at 11", "at 10" are three.
//
// To say the same is to have the same scenario, recipient, language, topic and values: what the
// customer would read. When to send it does not belong to that: "+10m" is another time whenever it
// is said, and a ttl from the configuration may have changed between two asks.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

#include "agent/message/message.h"

namespace fieldpost {

// FNV-1a, and each text with its length: "ab", "c" is not "a", "bc". The shift brings the high half
// into the low one: by itself the low byte would go on from the low byte alone, whatever the start.
void mix(std::uint64_t& hash, std::string_view text);

struct Remembering {
  std::uint32_t keys = limits::keys_max;
  Duration same_within = {};  // 0 = what has no key is never the same
};

// What a message is to those taken before.
struct Same {
  MessageId id = 0;  // 0: to none, it is new
  State state = State::queued;
  bool conflict = false;  // its key was used for something else
};

struct Known {
  std::uint64_t name = 0;     // hash of the source and the key, which may be empty
  std::uint64_t content = 0;  // hash of what is said
  MessageId id = 0;
  // With a key: where its newest record begins (bytes into the region), 0 = in the pending commit.
  // Without: the second of this boot from which on it no longer counts.
  std::uint32_t at = 0;
  State state = State::uncertain;  // as what it ended; until then `uncertain`
};
static_assert(sizeof(Known) == limits::known_bytes);

// The newest of them, in the order of their ids. Ids grow, so what is taken comes in at the end;
// only a recovery meets copies out of order.
class Remembered {
 public:
  // `slots` is borrowed: a power of two of them, of which `most` are used.
  Remembered(Known* slots, std::uint32_t count, std::uint32_t most)
      : slots_(slots), mask_(count - 1), most_(most < count ? most : count) {}

  std::uint32_t count() const { return count_; }
  Known& operator[](std::uint32_t i) const { return slots_[(first_ + i) & mask_]; }

  Known* find(MessageId id) const;
  // Forgets the oldest where it is full. nullptr: `known` itself is older than all.
  Known* add(const Known& known);

 private:
  // How many have a smaller id.
  std::uint32_t before(MessageId id) const;

  Known* const slots_;
  const std::uint32_t mask_;
  const std::uint32_t most_;
  std::uint32_t first_ = 0;
  std::uint32_t count_ = 0;
};

}  // namespace fieldpost
