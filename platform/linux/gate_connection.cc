#include "platform/linux/gate_connection.h"

#include <errno.h>
#include <poll.h>
#include <sys/socket.h>

#include <algorithm>

#include "agent/desk/relay.h"
#include "platform/linux/frames.h"

namespace fieldpost {
namespace {

constexpr Duration kLeaving = 10_s;   // one piece of an answer
constexpr Duration kIdle = 60_s;      // between two requests
constexpr Duration kBeginning = 1_s;  // before the first byte, even when others want to come in

}  // namespace

bool GateConnection::is_idle(Instant now) const {
  // At the port nobody holds a place by half a request: there it is not known who it is.
  return !is_over() && stage_ == Stage::reading && (web_ || reader_.idle()) &&
         now - since_ >= kBeginning;
}

GateConnection::GateConnection(Fd socket, bool web, const GateRoom& room)
    : socket_(static_cast<Fd&&>(socket)), web_(web) {
  if (web) {
    reader_.serve_web();
  } else {
    caller_ = caller_at(socket_.get(), room.settings_.intake, room.allowed_, source_);
  }
  set_deadline(room.clock_.now(), kArriving);
}

std::size_t GateRoom::places_of(std::string_view source) const {
  return static_cast<std::size_t>(
      std::count_if(connections_.begin(), connections_.end(), [&](const GateConnection* one) {
        return one != nullptr && !one->is_over() && one->source() == source;
      }));
}

bool GateConnection::keeps_to_its_places(GateRoom& room) {
  if (!is_limited() || room.places_of(source()) <= limits::connections_per_source) return true;
  answer_at_once(429, "too many connections of this app: use one"_packed, room);
  return false;
}

void GateConnection::close() {
  socket_.reset();
  tag_ = 0;
}

short GateConnection::events() const {
  switch (stage_) {
    case Stage::reading: return POLLIN;
    case Stage::asking:
    case Stage::parked: return 0;  // an end shows all the same
    case Stage::writing: return POLLOUT;
  }
  return 0;
}

void GateConnection::on_events(short events, GateRoom& room) {
  if ((events & POLLERR) != 0) return close();
  switch (stage_) {
    case Stage::reading: return read(room);
    case Stage::asking:
    case Stage::parked:
      // Nobody is there to hear the answer. What was asked for holds all the same.
      if ((events & POLLHUP) != 0) close();
      return;
    case Stage::writing: return go_on(room);
  }
}

void GateConnection::on_late(GateRoom& room) {
  switch (stage_) {
    case Stage::reading:
    case Stage::parked:
    case Stage::writing: return close();
    case Stage::asking:
      tag_ = 0;
      // The keeper may do it yet: nobody must hear "try again" of what would then be done twice.
      if (may_be_done_) return close();
      room.piece_.clear();
      return take_step(call_.give_up(Refusal::busy, room.piece_), room);
  }
}

void GateConnection::read(GateRoom& room) {
  const std::span<char> free = reader_.room();
  const ssize_t got = ::recv(socket_.get(), free.data(), free.size(), MSG_DONTWAIT);
  if (got < 0 && (errno == EAGAIN || errno == EINTR)) return;
  if (got <= 0) return close();
  if (reader_.idle()) set_deadline(room.clock_.now(), kArriving);
  reader_.received(static_cast<std::size_t>(got));
  if (reader_.take_continue()) {
    out_.put(http::kContinue);
    if (!flush())
      return close();  // 25 bytes into an empty socket: whoever blocks them is up to no good
  }
  handle_requests(room);
}

// Ends when a request is under way, or all that has come is answered.
void GateConnection::handle_requests(GateRoom& room) {
  reader_origin_ = {};
  switch (reader_.state()) {
    case http::RequestReader::State::more: stage_ = Stage::reading; return;
    case http::RequestReader::State::refused:
      return answer_at_once(reader_.refusal(), reader_.refusal_words(), room);
    case http::RequestReader::State::complete: break;
  }
  head_is_out_ = false;
  keep_ = reader_.keep_alive() && !room.closing_;
  const LocalRequest request{reader_.method(), reader_.path(), reader_.body(),
                             reader_.content_type()};
  if (web_ && !(passes_fence(request, room) && keeps_to_its_places(room))) return;
  if (is_limited() && !room.rates_.take(source(), kRateOfAnApp, room.clock_.now())) {
    return answer_at_once(429, "too many requests: wait a second"_packed, room);
  }
  Caller caller = caller_;
  if (!speak_for(caller, reader_.claim())) return answer_at_once(403, kNoRelay, room);
  room.piece_.clear();
  DeskStep step = call_.begin(request, room.settings_, room.directory_, caller, room.arena_,
                              room.ask_, room.piece_);
  if (call_.follows_events() && room.streams_++ >= limits::event_streams_max - is_limited()) {
    step = call_.too_many(room.piece_);
  }
  take_step(step, room);
}

// The connection ends with the answer: where the next request would begin may not be known, and
// whoever was refused shall not go on at full speed. A preflight is nobody's fault.
void GateConnection::answer_at_once(std::uint16_t status, PackedText words, GateRoom& room,
                                    Kind kind) {
  room.piece_.clear();
  http::AnswerHead head;
  head.status = status;
  head.retry_after_s = status == 429 ? 1 : 0;
  keep_ = keep_ && status == 204;
  if (status == 204) {
    head.content_type = {};
    head.framing = http::Framing::nothing;
  } else {
    put_error(room.piece_, error_of_http(status), words);
  }
  answer_whole(head, kind, room);
}

// What stands in room.piece_ is all of the answer.
void GateConnection::answer_whole(http::AnswerHead& head, Kind kind, GateRoom& room) {
  head.keep_alive = keep_;
  head.length = room.piece_.size();
  put_head(head, {}, kind);
  out_.put(room.piece_.written());
  step_ = DeskStep::done;
  stage_ = Stage::writing;
  set_deadline(room.clock_.now(), kLeaving);
  go_on(room);
}

void GateConnection::take_step(DeskStep step, GateRoom& room) {
  put_piece(step, room);
  step_ = step;
  stage_ = Stage::writing;
  set_deadline(room.clock_.now(), kLeaving);
  go_on(room);
}

void GateConnection::put_piece(DeskStep step, GateRoom& room) {
  const std::string_view piece = room.piece_.written();
  const bool is_last = step == DeskStep::done;
  if (!head_is_out_) {
    if (piece.empty() && !is_last) return;  // nothing is known about the answer yet
    head_is_out_ = true;
    chunked_ = !is_last && reader_.takes_chunks();
    if (!is_last && !chunked_) keep_ = false;
    http::AnswerHead head;
    head.status = call_.head().http;
    head.content_type = call_.head().content_type;
    head.retry_after_s = call_.head().retry_after_s;
    head.framing = is_last    ? http::Framing::length
                   : chunked_ ? http::Framing::chunked
                              : http::Framing::until_close;
    head.length = piece.size();
    head.keep_alive = keep_;
    put_head(head, call_.head().allow, call_.is_plain() ? Kind::plain : Kind::api);
    if (is_last) {
      out_.put(piece);
      return;
    }
  }
  if (!chunked_) {
    out_.put(piece);
    return;
  }
  http::put_chunk(out_, piece);
  if (is_last) http::put_last_chunk(out_);
}

// False: the connection is of no more use.
bool GateConnection::flush() {
  if (out_.overflowed()) return false;
  while (sent_ < out_.size()) {
    const std::string_view rest = out_.written().substr(sent_);
    const ssize_t done = ::send(socket_.get(), rest.data(), rest.size(), MSG_NOSIGNAL);
    if (done < 0 && errno == EINTR) continue;
    if (done < 0) return errno == EAGAIN;
    sent_ += static_cast<std::size_t>(done);
  }
  out_.clear();
  sent_ = 0;
  return true;
}

// Writes what waits; once it is out, does what comes next.
void GateConnection::go_on(GateRoom& room) {
  if (!flush()) return close();
  if (out_.size() != 0) {
    if (step_ == DeskStep::ask && !ask_waits_) {
      ask_waits_ = true;
      next_ = {room.ask_.wish, room.ask_.query};
    }
    return;
  }
  switch (step_) {
    case DeskStep::ask: return send_ask(room);
    case DeskStep::more:
      room.piece_.clear();
      return take_step(call_.more(room.settings_, room.piece_), room);
    case DeskStep::wait:
      stage_ = Stage::parked;
      deadline_ = kNever;
      return;
    case DeskStep::done: break;
  }
  if (!keep_) return close();
  set_deadline(room.clock_.now(), kIdle);
  reader_.next();
  handle_requests(room);
}

void GateConnection::send_ask(GateRoom& room) {
  if (ask_waits_) {
    ask_waits_ = false;
    room.ask_.wish = next_.wish;
    room.ask_.query = next_.query;
  }
  tag_ = room.ask_.tag = room.next_tag();
  stage_ = Stage::asking;
  set_deadline(room.clock_.now(), room.ask_.wish == Wish::forget ? kForgetWait : kKeeperWait);
  const bool sent = send_frame<FrameKind::ask>(room.keeper_, room.ask_) == Status::ok;
  const Wish wish = room.ask_.wish;
  may_be_done_ = sent && wish != Wish::rows && wish != Wish::status && wish != Wish::events;
  if (!sent) on_late(room);
}

void GateConnection::on_news(GateRoom& room) {
  if (is_over() || stage_ != Stage::parked) return;
  room.piece_.clear();
  take_step(call_.ask_again(room.ask_), room);
}

bool GateConnection::on_told(const Told& told, GateRoom& room) {
  if (is_over() || tag_ == 0 || told.tag != tag_) return false;
  tag_ = 0;
  room.piece_.clear();
  take_step(call_.told(told, room.ask_, room.piece_), room);
  return true;
}

}  // namespace fieldpost
