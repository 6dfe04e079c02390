// The agent within a command: where none runs, a command owns the queue itself, under its lock.
#pragma once

#include "agent/agent.h"
#include "agent/desk/desk.h"
#include "agent/queue/queue.h"
#include "platform/linux/flash_file.h"
#include "platform/linux/store.h"

namespace fieldpost {

// For a command that only takes or looks: nothing is ever sent.
class NoUplink final : public Uplink {
 public:
  Status prepare(std::uint32_t) override { return Status::io; }
  Status go(const Request&) override { return Status::io; }
};

class LocalAgent final : public Source {
 public:
  // All borrowed. REQUIRES: the store is open.
  LocalAgent(const Store& store, const Settings& settings, Uplink& uplink, const Clock& clock,
             Entropy& entropy, const Log& log, Sending sending)
      : flash_(store.region_fd(), store.geometry()),
        queue_(flash_, clock, settings.queue.messages_max),
        agent_(settings, queue_, uplink, *this, clock, entropy, log, sending) {}
  LocalAgent(const LocalAgent&) = delete;
  LocalAgent& operator=(const LocalAgent&) = delete;

  // Once, before anything else. As open_queue().
  Status open(Entropy& entropy, const Log& log, TextWriter& why) {
    return open_queue(queue_, entropy, log, why);
  }

  Agent& agent() { return agent_; }
  const Queue& queue() const { return queue_; }

  // The answer, made durable where that is part of it. It lives until the next one.
  const Told& ask(const Ask& ask);

 private:
  Status tell(const Told& told) override;

  FlashFile flash_;
  Queue queue_;
  Agent agent_;
  Told told_;
  bool came_ = false;
};

// Whole lines of an answer, one by one. False: no more are wanted.
bool put_lines(std::string_view text, std::uint16_t http, LineSink& sink);

}  // namespace fieldpost
