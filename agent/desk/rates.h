// How fast each source may ask: so many at once, then one at a time. In fixed memory, whoever comes.
#pragma once

#include <array>
#include <cstdint>
#include <string_view>

#include "agent/base/fixed_text.h"
#include "agent/base/time.h"
#include "config/limits.h"

namespace fieldpost {

struct Rate {
  std::uint32_t at_once;
  Duration each;  // then one in so much time
};
inline constexpr Rate kRateOfAnApp{200, 20_ms};
inline constexpr Rate kRateOfWrongTokens{5, 1_s};
// Of all who try to get into the panel: the 10,000 PINs of four digits take a week.
inline constexpr Rate kRateOfPins{5, 60_s};

class Rates {
 public:
  // False: too fast; the ask does not count then.
  bool take(std::string_view source, const Rate& rate, Instant now);
  // What was just taken does not count after all. REQUIRES: take() of the same was true.
  void give_back(std::string_view source, const Rate& rate);

 private:
  // Of each source, when it may again ask as many at once as ever (the generic cell rate algorithm,
  // ITU-T I.371, A.2).
  struct Slot {
    FixedText<limits::source_bytes_max> source;
    Instant full_at;
  };
  std::array<Slot, 16> slots_{};  // more than there are apps and users in a configuration
};

}  // namespace fieldpost
