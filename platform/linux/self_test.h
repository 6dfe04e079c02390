// Whether a queue would be safe on a device: a writer is killed again and again while it takes
// messages into a region of its own there, and after each time what it was promised is looked for,
// past the cache. Only pulling the plug shows what the device itself keeps back: a self-test that was
// cut off like that is judged by the next one in the same place.
#pragma once

#include <cstdint>
#include <string_view>

#include "agent/base/text_writer.h"
#include "agent/port/clock.h"
#include "agent/port/entropy.h"

namespace fieldpost {

struct SelfTestReport {
  std::uint32_t rounds = 0;
  std::uint32_t taken = 0;          // messages that were promised
  std::uint32_t lost = 0;           // of them
  std::uint32_t corrupt_units = 0;  // damage that no killed writer explains
  std::uint64_t sync_us = 0;        // one write and one sync, on average

  bool ok() const { return lost + corrupt_units == 0; }
};

// `where` is a folder, or a flash device that is blank and will be blank again. In a folder it leaves
// nothing behind, in 1 MiB of it meanwhile.
//   Status as open_region() and Queue::open(); timeout: the device took too long.   With each but
//   ok, `why` says it in a sentence.
Status self_test(std::string_view where, const Clock& clock, Entropy& entropy,
                 SelfTestReport& report, TextWriter& why);

}  // namespace fieldpost
