// What happens to the messages of all devices, as the agent tells it: one GET /v1/events that stays
// open for as long as anybody observes.
#pragma once

#include "agent/http/answer_lines.h"
#include "agent/json/arena.h"
#include "agent/port/clock.h"
#include "platform/libcoap/observers.h"
#include "platform/linux/file.h"
#include "platform/linux/place.h"

namespace fieldpost {

class AgentEvents final : private LineSink {
 public:
  // All borrowed; the arena is free again after each call.
  AgentEvents(Observers& observers, JsonArena& arena, const Clock& clock)
      : observers_(observers), arena_(arena), clock_(clock) {}

  // Asks, or ends, as there are observers or none; not again at once where the agent was away.
  void follow(std::string_view socket);
  // Marks whom anything concerns that has come.
  void go_on();

  int fd() const { return socket_.get(); }  // -1: it is not open
  // When follow() would ask again.
  Instant again() const { return again_; }

 private:
  bool line(std::uint16_t http, std::string_view text) override;
  void end();

  Observers& observers_;
  JsonArena& arena_;
  const Clock& clock_;
  Fd socket_;
  Instant again_;
  Place<http::AnswerLines> reader_;
};

}  // namespace fieldpost
