// The stretches that recoveries have stepped over, so that nothing in them comes back.
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <span>

#include "agent/queue/record_reader.h"

namespace fieldpost {

// More of them in one log than this means hundreds of power cuts; the oldest are then forgotten,
// and what they cover is bad anyway.
inline constexpr std::size_t kNamedMax = 64;

class SteppedOver {
 public:
  void name(const Skipped& skipped) { named_[count_++ % kNamedMax] = skipped; }

  // The end of the torn stretch that the offset lies in; the offset where it lies in none.
  std::uint32_t past_torn(std::uint32_t segment, std::uint32_t lap, std::uint32_t offset) const {
    for (const Skipped& s : names()) {
      if (s.cause == SkipCause::torn && s.segment == segment && s.lap == lap &&
          offset >= s.offset && offset - s.offset < s.bytes) {
        return s.offset + s.bytes;
      }
    }
    return offset;
  }
  // Whether commits that the log could begin with were torn, all of them, before this number.
  bool begins_torn(std::uint32_t segment, std::uint32_t lap, std::uint64_t first_number) const {
    for (const Skipped& s : names()) {
      if (s.cause == SkipCause::torn && s.segment == segment && s.lap == lap && s.offset == 0 &&
          s.first_number == first_number) {
        return true;
      }
    }
    return false;
  }
  // Damage keeps its number: what was hidden by it stays so, should it read well one day. What was
  // written since knows nothing of it.
  bool hides(std::uint64_t commit) const {
    for (const Skipped& s : names()) {
      if (s.cause == SkipCause::corrupt && commit - s.first_number < s.numbers) return true;
    }
    return false;
  }

 private:
  std::span<const Skipped> names() const { return {named_.data(), std::min(count_, kNamedMax)}; }

  std::array<Skipped, kNamedMax> named_{};
  std::size_t count_ = 0;  // ever; the place of the next is this modulo kNamedMax
};

}  // namespace fieldpost
