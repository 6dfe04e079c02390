#include "platform/linux/uplink/uplink_process.h"

#include <errno.h>
#include <string.h>

#include <algorithm>

#include "agent/base/assert.h"
#include "agent/composer/head.h"
#include "agent/outcome/read_answer.h"
#include "agent/tracking/hook_info.h"
#include "fieldpost_build.h"
#include "platform/linux/poll.h"

namespace fieldpost {
namespace {

// A connection idle for longer is closed rather than used: the server, or some box in between that
// has forgotten it, may take the request and never answer.
constexpr Duration kIdleMax = 10_s;
// How much earlier than the server says that it will close.
constexpr Duration kBeforeServer = 5_s;

}  // namespace

UplinkProcess::UplinkProcess(const ApiSettings& settings, const UplinkEnds& ends,
                             const Clock& clock, Entropy& entropy, const Log& log)
    : settings_(settings),
      ends_(ends),
      clock_(clock),
      log_(log),
      resolver_(clock, entropy),
      dialer_(clock, resolver_),
      socket_(clock),
      plain_(socket_),
      tls_(clock, roots_) {
  // The reader of the configuration has checked the same; here it decides whether there is TLS.
  const std::optional<WebAddress> address = read_web_address(settings.base_url.view());
  ASSERT(address.has_value());
  address_ = *address;
  ASSERT(address_.secure || is_loopback(address_.host));
  resolver_.go_out_by(settings.interface.view());
  dialer_.go_out_by(settings.interface.view());
}

Status UplinkProcess::start(std::span<const int> token_files, int root_file) {
  for (const int file : token_files) {
    // One bad file among several is passed over.
    if (tokens_.add(file) == Status::ok) continue;
    log_.line(LogLevel::warning, "token_unusable");
  }
  if (tokens_.current().empty()) {
    not_ready_.set(Reason::token_refused,
                   "api.token_file is empty or holds what cannot stand in a header"_packed);
  }
  if (!address_.secure) return Status::ok;
  TRY(tls_.start());
  tls_.pin(settings_.pins);
  switch (roots_.open(root_file)) {
    case Status::ok: break;
    case Status::full:
      not_ready_.set(Reason::tls_unknown_issuer, "api.ca_file holds too many certificates"_packed);
      break;
    default:
      not_ready_.set(Reason::tls_unknown_issuer, "api.ca_file holds no certificate"_packed);
      break;
  }
  return Status::ok;
}

void UplinkProcess::run() {
  while (round(Deadline{})) {
  }
  close_connection();
}

bool UplinkProcess::round(Deadline deadline) {
  const Instant until = open_ ? earlier(deadline.at, idle_until_) : deadline.at;
  std::array<pollfd, 3> waits{{{ends_.keeper, POLLIN, 0},
                               {ends_.supervisor, POLLIN, 0},
                               {open_ ? socket_.fd() : -1, POLLIN, 0}}};
  wait_for_any(waits, Deadline{until}, clock_);
  if (waits[1].revents != 0 && !take_in_supervisor()) return false;
  if (waits[0].revents != 0) return take_in_keeper();
  if (open_ && !is_usable()) close_connection();
  return true;
}

bool UplinkProcess::take_in_keeper() {
  const Result<FrameKind> kind = requests_.receive(ends_.keeper);
  if (!kind.ok()) return kind.status() == Status::timeout || kind.status() == Status::invalid;
  switch (kind.value()) {
    case FrameKind::prepare: prepare(requests_.body<FrameKind::prepare>().exchange); return true;
    case FrameKind::go: go(requests_.body<FrameKind::go>()); return true;
    default: return true;  // the inbox takes no other
  }
}

bool UplinkProcess::take_in_supervisor() {
  const Result<FrameKind> kind = orders_.receive(ends_.supervisor);
  if (!kind.ok()) return kind.status() == Status::timeout || kind.status() == Status::invalid;
  if (kind.value() == FrameKind::stop) return false;
  set_name_servers(orders_.body<FrameKind::name_servers>());
  return true;
}

void UplinkProcess::prepare(std::uint32_t exchange) {
  UplinkReport out;
  out.exchange = exchange;
  kept_ = false;
  prepared_ = be_connected(out.answer);
  prepared_exchange_ = exchange;
  if (prepared_) out.kind = UplinkReport::Kind::ready;
  report(out);
}

bool UplinkProcess::be_connected(Answer& answer) {
  if (open_ && !is_usable()) close_connection();
  if (!open_) {
    Trouble trouble = not_ready_;
    if (trouble.reason != Reason::none || !connect(trouble)) {
      answer.broken = trouble.reason;
      answer.detail = trouble.detail;
      return false;
    }
  }
  keep_for(kIdleMax);
  return true;
}

Status UplinkProcess::exchange(const Request& request, Answer& answer) {
  UplinkReport out;
  out.kind = UplinkReport::Kind::broken;
  reader_.start(clock_.wall());
  if (be_connected(out.answer)) carry_out(request, out);
  answer = out.answer;
  // What start() found wrong is about a file of this device, and nobody was asked.
  if (not_ready_.reason != Reason::none) answer.broken = Reason::configuration_rejected;
  if (out.kind == UplinkReport::Kind::answered) return Status::ok;
  return reader_.fault() == http::AnswerFault::body_too_large ? Status::full : Status::io;
}

bool UplinkProcess::connect(Trouble& trouble) {
  if (address_.secure && !clock_.wall()) {
    // Known before a byte is sent; no name server needs to be asked.
    trouble.set(Reason::clock_not_set, "the clock is not set: no certificate can be judged"_packed);
    return false;
  }
  const Deadline deadline{clock_.now() + settings_.connect_timeout};
  do {
    if (!reach(deadline, trouble)) return false;
    open_ = !address_.secure || tls_.open(socket_, address_.host, deadline, trouble);
    if (!open_) socket_.close();
    // A server that has changed since may choke on its own ticket: then without.
  } while (!open_ && tls_.showed_ticket());
  return open_;
}

void UplinkProcess::go(const Request& request) {
  UplinkReport out;
  out.exchange = request.exchange;
  out.kind = UplinkReport::Kind::broken;
  const bool expected = kept_ || (prepared_ && prepared_exchange_ == request.exchange);
  kept_ = prepared_ = false;
  if (!expected) {
    give_up_on(out.answer, Reason::connect_failed, "this exchange was not prepared"_packed);
  } else if (!open_ || !is_usable()) {
    close_connection();
    give_up_on(out.answer, Reason::connect_failed,
               "the connection has been closed or spoke out of turn"_packed);
  } else {
    carry_out(request, out);
  }
  report(out);
}

void UplinkProcess::carry_out(const Request& request, UplinkReport& out) {
  reader_.start(clock_.wall());
  const Deadline deadline{clock_.now() + settings_.answer_timeout};
  const bool answered = send_request(request, deadline, out.answer) &&
                        read_answer_of(connection(), deadline, out.answer);
  if (!answered) {
    close_connection();
    return;
  }
  out.kind = UplinkReport::Kind::answered;
  const RawAnswer raw{request.purpose, reader_.status(),    reader_.content_type(),
                      reader_.body(),  request.body.view(), tokens_.current()};
  const bool is_news = request.purpose == Purpose::hook_info;
  (is_news ? read_hook_info : read_answer)(raw, arena_, out.answer);
  arena_.reset();
  out.answer.retry_after_s = reader_.retry_after_s().value_or(0);
  if (out.answer.http == 401) tokens_.refused();

  Duration stays = kIdleMax;
  if (const auto said = reader_.keep_alive_timeout_s()) {
    const Duration server{*said * 1000ull};
    stays = std::min(stays,
                     server > kBeforeServer ? Duration{server.ms - kBeforeServer.ms} : Duration{0});
  }
  keep_for(stays);
  out.kept = kept_ = stays.ms != 0 && reader_.may_reuse() && is_usable();
  if (!kept_) close_connection();
}

bool UplinkProcess::send_request(const Request& request, Deadline deadline, Answer& answer) {
  TextWriter out({wire_.data(), kWireBytes});
  RequestHead head;
  head.method = request.method;
  head.host = address_.host;
  head.port = address_.port == (address_.secure ? 443 : 80) ? std::uint16_t{0} : address_.port;
  head.base_path = address_.path;
  head.path = request.path.view();
  head.token = tokens_.current();
  head.body_bytes = request.body.size();
  head.version = build::kVersion;
  const Status composed = status_of(compose_head(head, out));
  // Head and body in one piece: most requests are one record and one segment.
  if (request.method == Method::post) out.put(request.body.view());
  if (composed != Status::ok || out.overflowed()) {
    give_up_on(answer, Reason::connect_failed, "the request cannot be written"_packed);
    return false;
  }
  answer.reached = Reached::part_of_it;
  const Io io = connection().send(out.written(), deadline);
  ::explicit_bzero(wire_.data(), out.size());  // the token was in it
  if (io.kind == Io::Kind::moved) {
    answer.reached = Reached::all_of_it;
    return true;
  }
  socket_.abort();  // what the kernel still holds of it shall not leave later
  give_up_on(answer, Reason::connect_failed,
             io.kind == Io::Kind::timeout ? "the server did not take the request in time"_packed
                                          : "the connection broke within the request"_packed);
  return false;
}

bool UplinkProcess::read_answer_of(Connection& from, Deadline deadline, Answer& answer) {
  std::array<char, 2048> room;
  bool any_byte = false;
  while (reader_.state() == http::AnswerReader::State::more) {
    const Io io = from.receive(room, deadline);
    switch (io.kind) {
      case Io::Kind::moved:
        any_byte = true;
        reader_.feed({room.data(), io.bytes});
        continue;
      case Io::Kind::closed: reader_.end(); continue;
      case Io::Kind::timeout:
      case Io::Kind::failed: break;
    }
    if (!any_byte && never_left()) {
      // Part of the request is still here, and with the reset it never will be there.
      socket_.abort();
      answer.reached = Reached::part_of_it;
      give_up_on(answer, Reason::connect_failed, "the request did not leave this device"_packed);
      return false;
    }
    give_up_on(answer, Reason::api_trouble,
               io.kind == Io::Kind::timeout
                   ? "no whole answer came in time"_packed
                   : "the connection broke before the answer was whole"_packed);
    return false;
  }
  if (reader_.state() == http::AnswerReader::State::complete) return true;
  give_up_on(answer, Reason::api_trouble, http::to_text(reader_.fault()));
  return false;
}

bool UplinkProcess::never_left() const {
  std::size_t bytes = 0;
  return socket_.is_open() && socket_.unsent_bytes(bytes) && bytes != 0;
}

void UplinkProcess::give_up_on(Answer& answer, Reason reason, PackedText words) {
  Trouble trouble;
  trouble.set(reason, words);
  answer.broken = trouble.reason;
  answer.detail = trouble.detail;
}

bool UplinkProcess::is_usable() { return clock_.now() < idle_until_ && connection().is_quiet(); }

void UplinkProcess::keep_for(Duration stays) { idle_until_ = clock_.now() + stays; }

void UplinkProcess::close_connection() {
  if (open_ && socket_.is_open()) connection().say_goodbye();
  if (address_.secure) tls_.close();
  socket_.close();
  open_ = false;
}

void UplinkProcess::report(const UplinkReport& out) {
  // The keeper reads one report before it asks for the next exchange: there is room.
  if (send_frame<FrameKind::report>(ends_.keeper, out) == Status::ok) return;
  log_.line(LogLevel::error, "report_lost").key("exchange", out.exchange);
}

}  // namespace fieldpost
