#include "platform/linux/webhook.h"

#include <errno.h>
#include <sys/socket.h>

#include <algorithm>
#include <cstring>

#include "agent/base/secret.h"
#include "agent/http/put_answer.h"
#include "agent/tracking/callback.h"
#include "platform/linux/control.h"
#include "platform/linux/frames.h"

namespace fieldpost {
namespace {

constexpr std::uint32_t kRetryAfter_s = 2;

// A proxy hands a request on in one piece, or in a few.
constexpr std::uint8_t kLooksMax = 64;

}  // namespace

Webhook::Webhook(int listener, int path_file, const Log& log) : listener_(listener), log_(log) {
  if (listener < 0) return;
  if (path_.add(path_file) == Status::ok &&
      path_.current().size() >= limits::webhook_path_bytes_min) {
    return;
  }
  log.line(LogLevel::error, "webhook").key("state", "off").key("why", "no path in its file");
  listener_ = -1;
}

void Webhook::add_waits(Waits waits, bool stopping) const {
  waits[0] = {stopping || is_busy() ? -1 : listener_, POLLIN, 0};
  for (std::size_t i = 0; i < kPlaces; ++i) {
    waits[1 + i] = {is_busy() ? -1 : places_[i].socket.get(), POLLIN, 0};
  }
}

Instant Webhook::deadline() const {
  if (is_busy()) return asking_->late_at;
  Instant first = kNever;
  for (const Place& place : places_) first = earlier(first, place.late_at);
  return first;
}

void Webhook::on_events(Waits waits, GateRoom& room) {
  const Instant now = room.clock_.now();
  for (std::size_t i = 0; i < kPlaces; ++i) {
    Place& place = places_[i];
    const bool late = place.late_at <= now;
    if (is_busy()) {
      // Whoever else is late by now had no chance: its turn comes.
      if (late && &place == asking_) answer(place, 503, room);
      continue;
    }
    if (late || waits[1 + i].revents != 0) look(place, room);
    if (late && !is_busy() && place.socket.is_open()) answer(place, 0, room);
  }
  // Places that were passed over may hold a whole request: nobody may take them.
  if (waits[0].revents != 0 && !is_busy()) take_connection(room);
}

void Webhook::take_connection(GateRoom& room) {
  Fd socket(::accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC | SOCK_NONBLOCK));
  if (!socket.is_open()) return;  // it has gone again
  Place* chosen = nullptr;
  for (Place& place : places_) {
    if (&place == asking_) continue;
    if (!place.socket.is_open()) {
      chosen = &place;
      break;
    }
    if (chosen == nullptr || place.late_at < chosen->late_at) chosen = &place;
  }
  *chosen = Place{static_cast<Fd&&>(socket), room.clock_.now() + kArriving};
  if (!is_busy()) look(*chosen, room);
}

void Webhook::look(Place& place, GateRoom& room) {
  const auto got =
      ::recv(place.socket.get(), room.bytes_.data(), room.bytes_.size(), MSG_PEEK | MSG_DONTWAIT);
  if (got < 0 && (errno == EAGAIN || errno == EINTR)) return;
  if (got <= 0) return answer(place, 0, room);
  const auto seen = static_cast<std::size_t>(got);
  http::RequestReader reader;
  for (auto rest = room.bytes_.first(seen);
       !rest.empty() && reader.state() == http::RequestReader::State::more;) {
    const std::span<char> free = reader.room();
    const std::size_t piece = std::min(free.size(), rest.size());
    std::memcpy(free.data(), rest.data(), piece);
    rest = rest.subspan(piece);
    reader.received(piece);
  }
  switch (reader.state()) {
    case http::RequestReader::State::more: {
      // It has ended in the middle, or goes on in crumbs.
      if (seen == place.seen || ++place.looks > kLooksMax) return answer(place, 0, room);
      place.seen = seen;
      const int next = static_cast<int>(seen) + 1;
      if (set_option(place.socket.get(), SOL_SOCKET, SO_RCVLOWAT, &next, sizeof next) != 0) {
        answer(place, 0, room);
      }
      return;
    }
    case http::RequestReader::State::refused:
      return answer(place, reader.refusal() == 413 ? 413 : 404, room);
    case http::RequestReader::State::complete: break;
  }
  if (reader.method() != Method::post || !is_path(reader.path())) return answer(place, 404, room);
  read(place, reader.body(), room);
}

// Whatever it calls its type. What customers write comes here as well, and may break our rules. What
// cannot be read today cannot be read the next time either, and a receiver that keeps failing may be
// switched off: 1MSG need not come again with it.
void Webhook::read(Place& place, std::string_view body, GateRoom& room) {
  const Result<std::size_t> total = read_callback(body, place.told, room.arena_, news_);
  if (!total.ok()) log_.line(LogLevel::warning, "webhook").key("state", "not readable");
  if (!total.ok() || news_.count == 0) return answer(place, 200, room);
  total_ = total.value();
  news_.more = total_ > place.told + news_.count;
  tag_ = news_.tag = room.next_tag();
  if (send_frame<FrameKind::news>(room.keeper_, news_) != Status::ok) {
    return answer(place, 503, room);
  }
  asking_ = &place;
  place.late_at = room.clock_.now() + kKeeperWait;
}

bool Webhook::on_told(const Told& told, GateRoom& room) {
  if (asking_ == nullptr || told.tag != tag_) return false;
  Place& place = *asking_;
  asking_ = nullptr;
  place.told += news_.count;
  if (told.refusal != Refusal::none) {
    answer(place, 503, room);
  } else if (place.told == total_) {
    answer(place, 200, room);
  } else {
    look(place, room);
  }
  return true;
}

// And ends the connection; 0: without an answer.
void Webhook::answer(Place& place, std::uint16_t status, GateRoom& room) {
  if (&place == asking_) asking_ = nullptr;
  if (status != 0) {
    TextBuffer<256> out;
    http::AnswerHead head;
    head.status = status;
    head.content_type = {};
    head.keep_alive = false;
    head.retry_after_s = status == 503 ? kRetryAfter_s : 0;
    http::put_answer_head(out, head);
    // What is left unread would make the end a reset, which takes the answer back. Whoever asked may
    // be gone; what its news changed holds all the same.
    const int fd = place.socket.get();
    ::recv(fd, room.bytes_.data(), room.bytes_.size(), MSG_DONTWAIT);
    ::send(fd, out.written().data(), out.size(), MSG_NOSIGNAL);
  }
  place = Place{};
}

bool Webhook::is_path(std::string_view path) const {
  return path.starts_with('/') && is_secret(path.substr(1), path_.current());
}

}  // namespace fieldpost
