// The keeper process: the agent between its neighbours. It owns the queue and the schedule, and
// never waits for the network.
#pragma once

#include "agent/agent.h"
#include "agent/port/clock.h"
#include "platform/linux/frames.h"
#include "platform/linux/network_watch.h"

namespace fieldpost {

// The ports of the agent, as frames. Both sockets don't wait.
class FrameUplink final : public Uplink {
 public:
  explicit FrameUplink(int fd) : fd_(fd) {}
  Status prepare(std::uint32_t exchange) override;
  Status go(const Request&) override;

 private:
  int fd_;
};

class FrameSource final : public Source {
 public:
  explicit FrameSource(int fd) : fd_(fd) {}
  Status tell(const Told&) override;

 private:
  int fd_;
};

// What the keeper listens to; -1: there is no such neighbour.
struct KeeperEnds {
  int gate = -1;
  int uplink = -1;
  int supervisor = -1;
};

class Keeper {
 public:
  // All borrowed. The sockets must be set not to wait.
  Keeper(const KeeperEnds& ends, Agent& agent, const Clock& clock, const Log& log)
      : ends_(ends), agent_(agent), clock_(clock), log_(log) {}
  Keeper(const Keeper&) = delete;
  Keeper& operator=(const Keeper&) = delete;

  // One round: does what is due, then waits for the next event, at most until `deadline`, and takes
  // in everything that has come, so that one commit takes all of it along.
  void round(Deadline deadline);

  // The supervisor asked for an end, and nothing is under way any more.
  bool is_over() const { return stopping_ && agent_.quiet(); }

  // Rounds until is_over(); what was asked before the end is answered.
  void run();

 private:
  void take_in_reports();
  void take_in_asks();
  void take_in_orders();
  void watch_uplink(Instant now);
  template <FrameKind Kind>
  void tell_supervisor();

  KeeperEnds ends_;
  Agent& agent_;
  const Clock& clock_;
  const Log& log_;
  NetworkWatch network_;
  bool stopping_ = false;
  Instant complained_about_ = kNever;  // the deadline that the uplink missed
  Inbox<FrameKind::report> reports_;
  Inbox<FrameKind::ask, FrameKind::news> asks_;
  Inbox<FrameKind::uplink_gone, FrameKind::network_change, FrameKind::stop, FrameKind::alive>
      orders_;
};

}  // namespace fieldpost
