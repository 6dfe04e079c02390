#include "platform/linux/poll.h"

#include <algorithm>

namespace fieldpost {

void wait_for_any(std::span<pollfd> waits, Deadline deadline, const Clock& clock) {
  int timeout_ms = -1;
  if (deadline.at != kNever) {
    // poll() counts no time in suspend, CLOCK_BOOTTIME does: so a long wait is cut into hours.
    constexpr std::uint64_t kLongest = 3'600'000;
    timeout_ms = static_cast<int>(std::min(deadline.left(clock.now()).ms, kLongest));
  }
  const int ready = ::poll(waits.data(), static_cast<nfds_t>(waits.size()), timeout_ms);
  if (ready > 0) return;
  for (pollfd& one : waits) one.revents = 0;
}

}  // namespace fieldpost
