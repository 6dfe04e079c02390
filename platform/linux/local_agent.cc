#include "platform/linux/local_agent.h"

#include "platform/linux/line_reader.h"

namespace fieldpost {

StoredAgent::StoredAgent(const Store& store, const Settings& settings, Uplink& uplink,
                         Source& source, const Clock& clock, Entropy& entropy, const Log& log,
                         Sending sending)
    : store_(store),
      flash_(store.region_fd(), store.geometry()),
      queue_(flash_, clock, settings.queue.messages_max,
             {settings.intake.keys, settings.intake.same_within}),
      agent_(settings, queue_, uplink, source, clock, entropy, log, sending) {}

Status LocalAgent::tell(const Told& told) {
  told_ = told;
  came_ = true;
  return Status::ok;
}

const Told& LocalAgent::ask(const Ask& ask) {
  came_ = false;
  agent().on_ask(ask);
  do {
    agent().turn();
    ASSERT(came_ || ask.wish == Wish::forget);  // which takes a turn for each segment
  } while (!came_);
  return told_;
}

bool put_lines(std::string_view text, std::uint16_t http, LineSink& sink) {
  while (!text.empty()) {
    if (!sink.line(http, take_field(text, '\n'))) return false;
  }
  return true;
}

}  // namespace fieldpost
