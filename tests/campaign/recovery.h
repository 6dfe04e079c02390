// One start of the program: opens the queue as it was left, twice, and holds it to what every
// recovery promises, whatever is on the device.
#pragma once

#include <cstdint>
#include <memory>
#include <string>

#include "agent/queue/queue.h"
#include "tests/fakes/fake_clock.h"
#include "tests/fakes/fake_flash.h"

namespace fieldpost::campaign {

// So many keys are remembered: few, so that they are forgotten, too.
inline constexpr std::uint32_t kKeys = 24;

struct Recovered {
  std::unique_ptr<Queue> queue;
  RecoveryReport report;
  Status status = Status::io;
  std::uint64_t newest_event = 0;  // when it had been opened
};

// Returns what is wrong, or nothing. A refusal to open is not wrong by itself.
//   - It reads the region a few times over at most.
//   - It writes nothing, but where it makes a new store.
//   - A second one finds the same.
std::string recover(FakeFlash& flash, const Clock& clock, Recovered& out);

}  // namespace fieldpost::campaign
