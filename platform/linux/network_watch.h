// That links, addresses or routes have changed, as the kernel tells it (rtnetlink(7)).
//
// No byte of a message is looked at, its length and its header included: that one came means "look
// again", whatever it says. So there is nothing here for tests/fuzz to put before any bytes.
#pragma once

#include "agent/base/time.h"
#include "platform/linux/file.h"

namespace fieldpost {

class NetworkWatch {
 public:
  // Without netlink (some sandboxes) there is nothing to watch: fd() is -1, and a lost network is
  // noticed by trying.
  NetworkWatch();

  // -1 also while notes gather, so that the rest of them wakes nobody.
  int fd() const { return due_ == kNever ? socket_.get() : -1; }
  // Call when fd() is readable. A cable that is plugged in makes dozens of notes: they count as one
  // change, kGathered after the first.
  void drain(Instant now);
  // When take_change() will say yes; kNever: nothing has changed.
  Instant due() const { return due_; }
  // True once for each change, when its notes have been gathered.
  bool take_change(Instant now);

  static constexpr Duration kGathered = 200_ms;

 private:
  Fd socket_;
  Instant due_ = kNever;
};

}  // namespace fieldpost
