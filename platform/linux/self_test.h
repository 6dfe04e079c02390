// Whether a queue would be safe on a device: a writer is killed again and again while it takes
// messages into a region of its own there, and after each time what it was promised is looked for,
// past the cache. Only pulling the plug shows what the device itself keeps back: of a self-test that was
// cut off like that the next one in the same folder says how far it can be read. Whether that is all
// only they know who saw what it had promised: the ids died with it.
#pragma once

#include <cstdint>
#include <string_view>

#include "agent/base/text_writer.h"
#include "agent/port/clock.h"
#include "agent/port/entropy.h"
#include "agent/port/shell.h"

namespace fieldpost {

struct SelfTestReport {
  std::uint32_t rounds = 0;
  std::uint32_t taken = 0;          // messages that were promised
  std::uint32_t lost = 0;           // of them
  std::uint32_t corrupt_units = 0;  // damage that no killed writer explains
  std::uint64_t sync_us = 0;        // one write and one sync, on average
  bool resumed = false;             // an earlier one was cut off here,
  std::uint64_t found = 0;          // and this is its newest message that can be read

  bool ok() const { return lost + corrupt_units == 0; }
};

// `where` is a folder, or a flash device that is blank and will be blank again. In a folder it leaves
// nothing behind, in 1 MiB of it meanwhile. After each writer `told`, if any, gets an object with the
// newest id promised.
//   Status as open_region() and Queue::open(); timeout: the device took too long.   With each but
//   ok, `why` says it in a sentence.
Status self_test(std::string_view where, const Clock& clock, Entropy& entropy, LineSink* told,
                 SelfTestReport& report, TextWriter& why);

}  // namespace fieldpost
