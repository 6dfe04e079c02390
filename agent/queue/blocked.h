// The numbers that get no messages: who has one asked not to, or said so to WhatsApp.
//
// Of each only a hash is kept, so that a number that is to be forgotten can stay blocked. It begins
// with the store's own number. Who has the whole region can still try numbers out: there are few
// enough of them.
#pragma once

#include <cstdint>

#include "agent/base/untouched.h"
#include "config/limits.h"

namespace fieldpost {

class BlockedNumbers {
 public:
  std::uint32_t count() const { return count_; }
  std::uint64_t hash(std::uint32_t i) const { return hashes_[i]; }
  // Where its newest record begins (bytes into the region); 0 = it is pending.
  std::uint32_t at(std::uint32_t i) const { return at_[i]; }

  bool has(std::uint64_t hash) const { return find(hash) != count_; }
  // A record says so, and that begins there. False: no room for one more.
  bool set(std::uint64_t hash, bool on, std::uint32_t at);
  // Its record has got its place.
  void place(std::uint64_t hash, std::uint32_t at);

 private:
  std::uint32_t find(std::uint64_t hash) const;  // count_: it is none of them

  std::uint32_t count_ = 0;  // the first of each
  Untouched<std::uint64_t, limits::blocked_max> hashes_;
  Untouched<std::uint32_t, limits::blocked_max> at_;
};

}  // namespace fieldpost
