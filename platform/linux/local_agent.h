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

// The agent on the store that it owns.
class StoredAgent {
 public:
  // All borrowed. REQUIRES: the store is open.
  StoredAgent(const Store& store, const Settings& settings, Uplink& uplink, Source& source,
              const Clock& clock, Entropy& entropy, const Log& log, Sending sending);
  StoredAgent(const StoredAgent&) = delete;
  StoredAgent& operator=(const StoredAgent&) = delete;

  // Once, before anything else. As open_queue().
  Status open(Entropy& entropy, const Log& log, TextWriter& why) {
    return open_queue(queue_, store_, entropy, log, found_, why);
  }

  Agent& agent() { return agent_; }
  Queue& queue() { return queue_; }
  const RecoveryReport& found() const { return found_; }  // by open()

 private:
  const Store& store_;
  RecoveryReport found_;
  FlashFile flash_;
  Queue queue_;
  Agent agent_;
};

// One that is asked by the same process.
class LocalAgent final : private Source, public StoredAgent {
 public:
  LocalAgent(const Store& store, const Settings& settings, Uplink& uplink, const Clock& clock,
             Entropy& entropy, const Log& log, Sending sending)
      : StoredAgent(store, settings, uplink, *this, clock, entropy, log, sending) {}

  // The answer, made durable where that is part of it. It lives until the next one.
  const Told& ask(const Ask& ask);

 private:
  Status tell(const Told& told) override;

  Told told_;
  bool came_ = false;
};

// Whole lines of an answer, one by one. False: no more are wanted.
bool put_lines(std::string_view text, std::uint16_t http, LineSink& sink);

}  // namespace fieldpost
