// A person stops the sending, and lets it go on. What is under way ends as it would; what comes is
// taken.
#include "agent/agent.h"

namespace fieldpost {

void Agent::set_paused(const Ask& ask) {
  const bool on = ask.wish == Wish::pause;
  if (on != queue_.paused()) {
    if (queue_.set_paused(on) != Status::ok) return answer_now(ask, Refusal::storage);
    log_.line(LogLevel::notice, on ? "paused" : "resumed");
  }
  answer_later(ask, 0, State::queued);
}

}  // namespace fieldpost
