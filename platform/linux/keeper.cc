#include "platform/linux/keeper.h"

#include <poll.h>

#include <algorithm>
#include <array>

#include "platform/linux/poll.h"

namespace fieldpost {
namespace {

// More than the gate has connections, so that no honest neighbour ever waits for the next round.
constexpr int kFramesPerRound = 4 * static_cast<int>(limits::local_connections_max);

}  // namespace

// A neighbour that does not read is as good as gone: at most one exchange and a few answers are
// under way at a time, and its socket holds more than those.
Status FrameUplink::prepare(std::uint32_t exchange) {
  return send_frame<FrameKind::prepare>(fd_, {exchange}) == Status::ok ? Status::ok : Status::io;
}

Status FrameUplink::go(const Request& request) {
  return send_frame<FrameKind::go>(fd_, request) == Status::ok ? Status::ok : Status::io;
}

Status FrameSource::tell(const Told& told) {
  return send_frame<FrameKind::told>(fd_, told) == Status::ok ? Status::ok : Status::io;
}

// Where nobody is told, nobody can start another one either.
template <FrameKind Kind>
void Keeper::tell_supervisor() {
  if (send_frame<Kind>(ends_.supervisor, {}) == Status::ok) return;
  log_.line(LogLevel::error, "supervisor_gone");
}

void Keeper::run() {
  tell_supervisor<FrameKind::alive>();
  while (!is_over()) round(Deadline{});
  take_in_asks();
  agent_.turn();
}

void Keeper::round(Deadline deadline) {
  const Instant wake = agent_.turn();
  if (is_over()) return;
  watch_uplink(clock_.now());

  std::array<pollfd, 4> waits{{{ends_.uplink, POLLIN, 0},
                               {ends_.gate, POLLIN, 0},
                               {ends_.supervisor, POLLIN, 0},
                               {network_.fd(), POLLIN, 0}}};
  // An uplink that was complained about is waited for: its deadline stays in the past.
  const Instant due = wake == complained_about_ ? kNever : wake;
  wait_for_any(waits, Deadline{std::min({due, network_.due(), deadline.at})}, clock_);
  if (waits[0].revents != 0) take_in_reports();
  if (waits[1].revents != 0) take_in_asks();
  if (waits[2].revents != 0) take_in_orders();
  const Instant now = clock_.now();
  if (waits[3].revents != 0) network_.drain(now);
  if (network_.take_change(now)) {
    log_.line(LogLevel::debug, "network_change");
    agent_.on_network_change();
  }
}

void Keeper::watch_uplink(Instant now) {
  const Instant overdue = agent_.overdue_at();
  if (now < overdue || overdue == complained_about_) return;
  complained_about_ = overdue;
  log_.line(LogLevel::warning, "uplink_hangs");
  tell_supervisor<FrameKind::uplink_bad>();
}

void Keeper::take_in_reports() {
  for (int i = 0; i < kFramesPerRound; ++i) {
    const Result<FrameKind> kind = reports_.receive(ends_.uplink);
    if (kind.ok()) {
      agent_.on_report(reports_.body<FrameKind::report>());
    } else if (kind.status() == Status::invalid) {
      log_.line(LogLevel::error, "frame_refused").key("from", "uplink");
      tell_supervisor<FrameKind::uplink_bad>();
    } else {
      if (kind.status() != Status::timeout) ends_.uplink = -1;  // poll() would spin on it
      return;
    }
  }
}

void Keeper::take_in_asks() {
  for (int i = 0; i < kFramesPerRound && ends_.gate >= 0; ++i) {
    const Result<FrameKind> kind = asks_.receive(ends_.gate);
    if (kind.ok() && kind.value() == FrameKind::news) {
      agent_.on_news(asks_.body<FrameKind::news>());
    } else if (kind.ok()) {
      agent_.on_ask(asks_.body<FrameKind::ask>());
    } else if (kind.status() == Status::invalid) {
      log_.line(LogLevel::error, "frame_refused").key("from", "gate");
      tell_supervisor<FrameKind::gate_bad>();
    } else {
      if (kind.status() != Status::timeout) ends_.gate = -1;
      return;
    }
  }
}

void Keeper::take_in_orders() {
  for (int i = 0; i < kFramesPerRound; ++i) {
    const Result<FrameKind> kind = orders_.receive(ends_.supervisor);
    if (!kind.ok()) {
      if (kind.status() == Status::invalid) continue;
      if (kind.status() == Status::timeout) return;
      // Without a supervisor nobody looks after the others: end as if told to.
      ends_.supervisor = -1;
      stopping_ = true;
      agent_.stop_sending();
      return;
    }
    switch (kind.value()) {
      case FrameKind::uplink_gone:
        // Its last words may still be in the socket, and they know better how far it got.
        take_in_reports();
        agent_.on_uplink_gone();
        break;
      case FrameKind::network_change: agent_.on_network_change(); break;
      case FrameKind::stop:
        stopping_ = true;
        agent_.stop_sending();
        break;
      case FrameKind::alive: tell_supervisor<FrameKind::alive>(); break;
      case FrameKind::prepare:
      case FrameKind::go:
      case FrameKind::report:
      case FrameKind::ask:
      case FrameKind::news:
      case FrameKind::told:
      case FrameKind::name_servers:
      case FrameKind::uplink_bad:
      case FrameKind::gate_bad: break;  // this inbox takes none of them
    }
  }
}

}  // namespace fieldpost
