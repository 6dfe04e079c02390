// Who got something, and when: what the pace of each recipient is kept by.
//
// The last 512 sends are known, of whatever recipients; the log brings them back after a restart.
// With more than that a day a recipient's older ones are forgotten, and a daily cap counts only what
// is left: then it lets too much through, never too little.
#pragma once

#include <array>
#include <cstdint>

#include "agent/queue/store_time.h"
#include "config/limits.h"

namespace fieldpost {

class Sends {
 public:
  void add(std::uint32_t recipient, Moment at);  // in any order
  // The count-th newest to this recipient, from 1; empty where so many are not known.
  Moment newest(std::uint32_t recipient, std::uint32_t count) const;
  void land(const StoreTime& time);

 private:
  struct Send {
    std::uint32_t recipient = 0;
    Moment at;
    std::uint32_t before = 0;  // the one before in the same chain
  };
  // Sends are numbered from 1. One that has been overwritten ends its chain.
  Send& place(std::uint32_t number) { return sends_[number % sends_.size()]; }
  bool is_known(std::uint32_t number) const {
    return number != 0 && last_ - number < sends_.size();
  }

  static constexpr std::size_t kChains = 256;

  std::uint32_t last_ = 0;
  std::array<std::uint32_t, kChains> chains_{};  // the newest of each
  std::array<Send, limits::sends_known> sends_{};
};

}  // namespace fieldpost
