#include "platform/linux/gate_connection.h"

#include <errno.h>
#include <poll.h>
#include <sys/socket.h>

#include <algorithm>

#include "agent/base/letters.h"
#include "agent/desk/relay.h"
#include "platform/linux/frames.h"
#include "platform/mbedtls/sha256.h"

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

// True: it may go on to the desk, and caller_ is who asks. Else it is answered.
bool GateConnection::passes_fence(const LocalRequest& request, GateRoom& room) {
  const IntakeSettings& intake = room.settings_.intake;
  WebRequest asked;
  asked.method = request.method;
  asked.options = reader_.is_options();
  asked.path = request.path;
  asked.host = reader_.host();
  asked.content_type = request.content_type;
  asked.origin = reader_.web().origin.view();
  asked.fetch_site = reader_.web().fetch_site.view();
  asked.asks_method = reader_.web().asks_method;
  source_.clear();
  caller_ = {};
  const Passage passage = look_at(asked, intake.http.view(), intake.origins);
  reader_origin_ = passage.reader;
  if (passage.http != 0) {
    answer_at_once(passage.http, passage.words, room);
    return false;
  }
  const bool may_be_panel =
      room.panel_ != nullptr && room.panel_->is_on() && passage.reader.empty();
  if (may_be_panel && answers_for_panel(request, room)) return false;
  if (!passage.needs_token) return true;
  constexpr std::string_view kBearer = "bearer ";  // RFC 9110, 11.1: its case says nothing
  const std::string_view proof = reader_.web().authorization.view();
  const bool bears = starts_with_letters(proof, kBearer);
  if (may_be_panel) {
    const PanelSession* const session =
        bears ? room.panel_->find(proof.substr(kBearer.size()), room.clock_.now()) : nullptr;
    if (session != nullptr || (!bears && room.panel_->is_open())) {
      caller_.source = source_.put("panel").written();
      if (session != nullptr) caller_.operator_name = session->operator_name.view();
      return true;
    }
  }
  if (bears) {
    TextBuffer<64> sum;
    put_sha256(sum, proof.substr(kBearer.size()));
    caller_.may = find_app_by(intake.apps, sum.written());
  }
  if (caller_.may != nullptr) {
    caller_.source = source_.put("app:").put(caller_.may->name.view()).written();
    return true;
  }
  if (bears && !room.rates_.take("", kRateOfWrongTokens, room.clock_.now())) {
    answer_at_once(429, "too many wrong tokens: wait a second"_packed, room);
  } else {
    answer_at_once(401, "who asks here needs its token: Authorization: Bearer TOKEN"_packed, room);
  }
  return false;
}

// The connection ends with the answer: where the next request would begin may not be known, and
// whoever was refused shall not go on at full speed. A preflight is nobody's fault.
void GateConnection::answer_at_once(std::uint16_t status, PackedText words, GateRoom& room) {
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
  answer_whole(head, false, room);
}

// What stands in room.piece_ is all of the answer.
void GateConnection::answer_whole(http::AnswerHead& head, bool page, GateRoom& room) {
  head.keep_alive = keep_;
  head.length = room.piece_.size();
  put_head(head, {}, page);
  out_.put(room.piece_.written());
  step_ = DeskStep::done;
  stage_ = Stage::writing;
  set_deadline(room.clock_.now(), kLeaving);
  go_on(room);
}

// The page, what it is for, and opening a session need no token. False: the request is none of these.
bool GateConnection::answers_for_panel(const LocalRequest& request, GateRoom& room) {
  const std::string_view path = request.path.substr(0, request.path.find('?'));
  const bool reads = request.method == Method::get;
  const PanelFile* const file = reads ? find_panel_file(path) : nullptr;
  http::AnswerHead head;
  room.piece_.clear();
  if (file != nullptr) {
    head.content_type = file->type;
    room.piece_.put(
        std::string_view(reinterpret_cast<const char*>(file->gzip.data()), file->gzip.size()));
  } else if (reads && path == "/v1/panel") {
    room.panel_->describe(room.piece_);
  } else if (!reads && path == "/v1/session") {
    const Instant now = room.clock_.now();
    if (!room.rates_.take("panel", kRateOfPins, now)) {
      head.status = 429;
      head.retry_after_s = static_cast<std::uint32_t>(kRateOfPins.each.ms / 1000);
      put_error(room.piece_, ErrorWord::too_many, "too many PINs: wait a minute"_packed);
    } else {
      head.status = room.panel_->open_session(request.body, now, room.arena_, room.piece_);
    }
  } else {
    return false;
  }
  answer_whole(head, file != nullptr, room);
  return true;
}

// What a browser must know of every answer at the port: to take it for nothing else than it is, to
// show it in no frame, to keep it nowhere; and which page may read it.
void GateConnection::put_head(http::AnswerHead& head, std::string_view allow, bool page) {
  constexpr PackedWords kForBrowsers =
      "X-Content-Type-Options: nosniff\n"
      "Cross-Origin-Resource-Policy: same-origin\n"
      "Cross-Origin-Opener-Policy: same-origin\n"
      "Referrer-Policy: no-referrer\n"
      "Vary: Origin\n"_packed_words;
  constexpr PackedWords kForPreflights =
      "Access-Control-Allow-Methods: GET, POST\n"
      "Access-Control-Allow-Headers: authorization, content-type\n"
      "Access-Control-Max-Age: 600\n"
      "Access-Control-Allow-Private-Network: true\n"_packed_words;
  TextBuffer<896> extra;
  const auto put_lines = [&](const PackedWords& lines, std::size_t count) {
    for (std::size_t i = 0; i < count; ++i) extra.put(lines[i]).put("\r\n");
  };
  if (!allow.empty()) extra.put("Allow: ").put(allow).put("\r\n");
  if (web_) {
    put_lines(kForBrowsers, kForBrowsers.size());
    extra.put("Content-Security-Policy: default-src 'none'; frame-ancestors 'none'"_packed);
    if (page) {
      extra
          .put(
              "; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self' data:; "
              "base-uri 'none'; form-action 'none'; require-trusted-types-for 'script'"_packed)
          .put("\r\nContent-Encoding: gzip");
    }
    extra.put("\r\n");
  }
  if (web_ && head.status == 401) extra.put("WWW-Authenticate: Bearer\r\n");
  if (!reader_origin_.empty()) {
    extra.put("Access-Control-Allow-Origin: ").put(reader_origin_).put("\r\n");
    // Of the last one only where it was asked.
    if (head.status == 204)
      put_lines(kForPreflights, kForPreflights.size() - !reader_.web().asks_network);
  }
  head.extra = extra.written();
  http::put_answer_head(out_, head);
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
    put_head(head, call_.head().allow);
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
