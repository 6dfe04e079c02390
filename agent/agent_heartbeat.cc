// For those who watch a device by its log alone: a line now and then that says how it stands. That it
// stays away is news, too.
#include "agent/agent.h"

namespace fieldpost {

// Says it when it is time; returns when that is next.
Instant Agent::beat(Instant now) {
  if (settings_.heartbeat == Duration{}) return kNever;
  if (beat_at_ == Instant{}) beat_at_ = now + settings_.heartbeat;
  if (beat_at_ > now) return beat_at_;
  beat_at_ = now + settings_.heartbeat;
  status();
  const StatusReport& report = told_.status;
  const auto count = [&](State state) { return report.counts[static_cast<std::size_t>(state)]; };
  LogLine line = log_.line("heartbeat");
  line.key("queued", count(State::queued)).key("uncertain", count(State::uncertain));
  line.key("held", count(State::held));
  line.key("oldest_s", report.oldest_age.ms / 1000);
  line.key("network", to_text(report.network)).key("channel", to_text(report.channel));
  return beat_at_;
}

}  // namespace fieldpost
