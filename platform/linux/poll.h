// Waiting for several sockets at once, under one deadline.
#pragma once

#include <poll.h>

#include <span>

#include "agent/base/time.h"
#include "agent/port/clock.h"

namespace fieldpost {

// Waits until one of `waits` has something, or the deadline has passed. Negative fds are left out.
// After it every `revents` is set; all are 0 after the deadline, or after a signal.
void wait_for_any(std::span<pollfd> waits, Deadline deadline, const Clock& clock);

}  // namespace fieldpost
