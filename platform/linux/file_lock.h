// One owner of the queue at a time, whatever program that is.
#pragma once

#include <string_view>

#include "agent/base/status.h"
#include "agent/base/time.h"
#include "agent/port/clock.h"
#include "platform/linux/file.h"

namespace fieldpost {

// flock(2) on a file of its own, not on the region: a tool that copies or looks at the region must
// not be able to hold up the agent. Only beside flash there is no place for one. The lock belongs to the open file, so a forked process
// holds it too, and it is free when the last of them is gone, however it went.
class FileLock {
 public:
  // Takes the lock of the queue at `queue_path`, `<queue_path>.lock` or the flash device itself,
  // waiting until the deadline.
  //   timeout: another program holds it.   not_found: its folder does not exist.
  //   io: errno says why.
  Status take(std::string_view queue_path, Deadline, const Clock&);
  void release() { file_.reset(); }
  bool is_taken() const { return file_.is_open(); }
  int fd() const { return file_.get(); }

 private:
  Fd file_;
};

}  // namespace fieldpost
