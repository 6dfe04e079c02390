#include "platform/linux/gate.h"

#include <poll.h>
#include <sys/socket.h>

#include <algorithm>

#include "platform/linux/poll.h"

namespace fieldpost {
namespace {

// For the answers that are on their way when the agent ends.
constexpr Duration kLastAnswers = 2_s;

}  // namespace

void Gate::run() {
  say_alive();
  while (round()) {
    if (stopping_ && (!anybody_waits() || clock_.now() >= stop_at_)) return;
  }
}

// Whoever does not hear it will say so soon enough: by its end of the socket.
void Gate::say_alive() { (void)send_frame<FrameKind::alive>(supervisor_, {}); }

bool Gate::anybody_waits() const {
  return webhook_.is_busy() || folder_.is_busy() ||
         std::any_of(connections_.begin(), connections_.end(),
                     [](const GateConnection* one) { return one != nullptr && one->is_busy(); });
}

bool Gate::round() {
  constexpr std::size_t kKeeper = 0, kSupervisor = 1, kListener = 2, kWeb = 3, kFolder = 4,
                        kFirst = 5;
  std::array<pollfd, kFirst + kPlaces + Webhook::kWaits> waits{};
  const Webhook::Waits callbacks = std::span(waits).last<Webhook::kWaits>();
  webhook_.add_waits(callbacks, stopping_);
  const bool may_come = !stopping_ && free_place(false) < kPlaces;
  const bool web_may_come = !stopping_ && free_place(true) < kPlaces;
  waits[kKeeper] = {keeper_, POLLIN, 0};
  waits[kSupervisor] = {supervisor_, POLLIN, 0};
  // Whoever finds no place waits in the kernel's queue: each place is free again within seconds.
  waits[kListener] = {may_come ? listener_ : -1, POLLIN, 0};
  waits[kWeb] = {web_may_come ? web_ : -1, POLLIN, 0};
  waits[kFolder] = {folder_.fd(), POLLIN, 0};
  std::size_t streams = 0;
  Instant wake = may_come && web_may_come ? stop_at_ : earlier(stop_at_, clock_.now() + 1_s);
  wake = earlier(earlier(wake, webhook_.deadline()), folder_.deadline());
  for (std::size_t i = 0; i < kPlaces; ++i) {
    const GateConnection* const one = connections_[i];
    waits[kFirst + i] = {one != nullptr ? one->fd() : -1, one != nullptr ? one->events() : short{},
                         0};
    if (one == nullptr) continue;
    wake = earlier(wake, one->deadline());
    streams += one->is_stream() ? 1 : 0;
  }
  room_.count_streams(streams);
  wait_for_any(waits, Deadline{wake}, clock_);

  if (waits[kKeeper].revents != 0 && !take_answers()) return false;
  if (waits[kSupervisor].revents != 0 && !take_orders()) return false;
  for (std::size_t i = 0; i < kPlaces; ++i) {
    GateConnection* const one = connections_[i];
    if (one == nullptr) continue;
    if (waits[kFirst + i].revents != 0 && !one->is_over())
      one->on_events(waits[kFirst + i].revents, room_);
    if (one->deadline() <= clock_.now()) one->on_late(room_);
    if (one->is_over()) end_connection(i);
  }
  if (waits[kListener].revents != 0) take_connection(false);
  if (waits[kWeb].revents != 0) take_connection(true);
  webhook_.on_events(callbacks, room_);
  folder_.on_events(waits[kFolder].revents != 0, room_);
  return true;
}

void Gate::end_connection(std::size_t place) {
  places_.end(place);
  connections_[place] = nullptr;
}

bool Gate::take_answers() {
  for (;;) {
    const Result<FrameKind> kind = answers_.receive(keeper_);
    if (kind.status() == Status::timeout) return true;
    if (kind.status() == Status::invalid) {
      log_.line(LogLevel::error, "frame_refused").key("from", "keeper");
      continue;
    }
    if (!kind.ok()) return false;
    // One that nobody takes is for a connection that has gone, or was for the gate before us.
    const Told& told = answers_.body<FrameKind::told>();
    if (told.tag == 0) {
      for (GateConnection* const one : connections_) {
        if (one != nullptr) one->on_news(room_);
      }
      continue;
    }
    if (webhook_.on_told(told, room_) || folder_.on_told(told, room_)) continue;
    for (GateConnection* const one : connections_) {
      if (one != nullptr && one->on_told(told, room_)) break;
    }
  }
}

bool Gate::take_orders() {
  Inbox<FrameKind::stop, FrameKind::alive> orders;
  for (;;) {
    const Result<FrameKind> kind = orders.receive(supervisor_);
    if (kind.status() == Status::timeout) return true;
    if (kind.status() == Status::invalid) continue;
    if (!kind.ok()) return false;
    if (kind.value() == FrameKind::alive) {
      say_alive();
      continue;
    }
    stopping_ = true;
    stop_at_ = clock_.now() + kLastAnswers;
    room_.close_after_answers();
  }
}

// A free place, or that of the connection that has been idle longest; kPlaces: none. Where the port
// has its share of them, one of its own must make room, so that the socket has some left.
std::size_t Gate::free_place(bool web) const {
  const Instant now = clock_.now();
  const auto at_port = [](const GateConnection* one) { return one != nullptr && one->is_web(); };
  const bool only_web = web && std::count_if(connections_.begin(), connections_.end(), at_port) >=
                                   static_cast<std::ptrdiff_t>(limits::web_connections_max);
  std::size_t idle = kPlaces;
  for (std::size_t i = 0; i < kPlaces; ++i) {
    const GateConnection* const one = connections_[i];
    if (only_web && !at_port(one)) continue;
    if (one == nullptr) return i;
    if (!one->is_idle(now)) continue;
    if (idle == kPlaces || one->idle_since() < connections_[idle]->idle_since()) idle = i;
  }
  return idle;
}

void Gate::take_connection(bool web) {
  const std::size_t place = free_place(web);
  if (place == kPlaces) return;
  Fd socket(::accept4(web ? web_ : listener_, nullptr, nullptr, SOCK_CLOEXEC | SOCK_NONBLOCK));
  if (!socket.is_open()) return;  // it has gone again
  if (connections_[place] != nullptr) end_connection(place);
  connections_[place] = &places_.make(place, static_cast<Fd&&>(socket), web, room_);
  if (!web && !connections_[place]->keeps_to_its_places(room_) && connections_[place]->is_over()) {
    end_connection(place);
  }
}

}  // namespace fieldpost
