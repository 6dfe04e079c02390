// Starting, and becoming, one of the processes.
#pragma once

#include <sys/types.h>

#include <optional>
#include <span>
#include <string_view>

#include "agent/base/time.h"
#include "platform/linux/users.h"

namespace fieldpost {

// Forks. In the child: dies with its parent, gains no rights by any program it could start, takes
// no notice of the signals that are meant for the supervisor, and has `name` in lists of processes.
// -1: the system has no process left.
pid_t fork_child(const char* name);

// A child that is killed with whoever started it, at the latest.
class HeldChild {
 public:
  explicit HeldChild(pid_t pid) : pid_(pid) {}
  HeldChild(const HeldChild&) = delete;
  HeldChild& operator=(const HeldChild&) = delete;
  ~HeldChild() { end(); }

  bool has_ended();
  void end();  // at once; returns when it is gone

 private:
  pid_t pid_;  // 0: gone
};

// Closes every file but standard ones and `mine`. Negative numbers in `mine` are left out.
void close_all_but(std::span<const int> mine);

// Takes on the rights of `user` for good; nothing to do without one. False: it did not work, and
// the process must not go on.
bool drop_rights(const std::optional<UserIds>& user);

// How one child has fared, and when to start it again.
class Restart {
 public:
  // It ended at `now`, after having been started at `started`. Returns when to start it again: the
  // wait doubles, unless it had lived well for a while.
  Instant after(Instant started, Instant now);

 private:
  static constexpr Duration kFirst = 100_ms;
  static constexpr Duration kLongest = 30_s;
  static constexpr Duration kLivedWell = 60_s;
  Duration wait_ = kFirst;
};

}  // namespace fieldpost
