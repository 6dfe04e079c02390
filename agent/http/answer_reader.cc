#include "agent/http/answer_reader.h"

#include <llhttp.h>

#include <cstring>
#include <new>

#include "agent/base/assert.h"
#include "agent/http/date.h"

namespace fieldpost::http {
namespace {

// A day: a server that asks for more is asked again all the same.
constexpr std::uint32_t kRetryAfterMaxS = 24 * 3600;

// What may frame a body. Chunks of one byte cost six for each; whoever sends so with trailers
// without end is cut off here, not by the deadline alone.
constexpr std::size_t kOverheadBytesMax =
    6 * limits::answer_body_bytes_max + limits::answer_head_bytes_max;

llhttp_t* parser_in(std::array<std::byte, 128>& room) {
  static_assert(sizeof(llhttp_t) <= sizeof(room));
  return std::launder(reinterpret_cast<llhttp_t*>(room.data()));
}

AnswerFault fault_of(llhttp_errno_t error, bool in_head) {
  switch (error) {
    case HPE_UNEXPECTED_CONTENT_LENGTH: return AnswerFault::two_lengths;
    case HPE_INVALID_CONTENT_LENGTH: return AnswerFault::bad_length;
    case HPE_INVALID_TRANSFER_ENCODING: return AnswerFault::bad_coding;
    case HPE_INVALID_CHUNK_SIZE: return AnswerFault::bad_chunk;
    case HPE_INVALID_CONSTANT:
    case HPE_INVALID_VERSION:
    case HPE_INVALID_STATUS: return AnswerFault::not_http;
    default: return in_head ? AnswerFault::bad_head : AnswerFault::bad_chunk;
  }
}

}  // namespace

struct AnswerReader::Callbacks {
  static AnswerReader& self(llhttp_t* parser) { return *static_cast<AnswerReader*>(parser->data); }

  static int header_field(llhttp_t* parser, const char* at, std::size_t bytes) {
    if (self(parser).in_head_) self(parser).line_.add_name({at, bytes});
    return 0;
  }

  static int header_value(llhttp_t* parser, const char* at, std::size_t bytes) {
    if (self(parser).in_head_) self(parser).line_.add_value({at, bytes});
    return 0;
  }

  static int header_value_complete(llhttp_t* parser) {
    AnswerReader& r = self(parser);
    if (!r.in_head_) return 0;  // a trailer changes nothing
    HeaderLine<20, 64>& line = r.line_;
    line.complete();
    if (line.is("retry-after") && !line.value_cut()) {
      r.retry_after_s_ = read_retry_after(line.value(), r.now_, kRetryAfterMaxS);
    } else if (line.is("keep-alive") && !line.value_cut()) {
      r.keep_alive_timeout_s_ = read_keep_alive(line.value());
    } else if (line.is("content-type")) {
      r.type_bytes_ = line.value().copy(r.type_.data(), r.type_.size());
    } else if (line.is("transfer-encoding") &&
               (line.value_cut() || !equal_ignoring_case(line.value(), "chunked"))) {
      // Not one of the codings was asked for (RFC 9110, 10.1.4), and we could not undo them.
      r.refuse(AnswerFault::bad_coding);
      return HPE_USER;
    }
    return 0;
  }

  static int headers_complete(llhttp_t* parser) {
    AnswerReader& r = self(parser);
    parser->upgrade = 0;
    const int status = parser->status_code;
    const auto refuse = [&r](AnswerFault fault) {
      r.refuse(fault);
      return -1;
    };
    if (parser->http_major != 1 || parser->http_minor > 1) return refuse(AnswerFault::not_http);
    if (status < 100 || status > 599) return refuse(AnswerFault::not_http);
    if (status == 101) return refuse(AnswerFault::upgraded);
    if ((parser->flags & F_CHUNKED) != 0 && (parser->flags & F_CONTENT_LENGTH) != 0) {
      return refuse(AnswerFault::two_lengths);
    }
    r.interim_ = status < 200;
    if (r.interim_) {
      // No body may follow (RFC 9110, 15.2), and one that did would be read as the next head.
      if ((parser->flags & (F_CHUNKED | F_CONTENT_LENGTH)) != 0) {
        return refuse(AnswerFault::bad_head);
      }
      r.retry_after_s_.reset();
      r.keep_alive_timeout_s_.reset();
      r.type_bytes_ = 0;
      return 0;
    }
    r.status_ = static_cast<std::uint16_t>(status);
    const bool no_body = status == 204 || status == 304;
    if (!no_body && (parser->flags & F_CONTENT_LENGTH) != 0 &&
        parser->content_length > limits::answer_body_bytes_max) {
      return refuse(AnswerFault::body_too_large);
    }
    return no_body ? 1 : 0;
  }

  static int body(llhttp_t* parser, const char* at, std::size_t bytes) {
    AnswerReader& r = self(parser);
    if (bytes > r.body_.size() - r.body_bytes_) {
      r.refuse(AnswerFault::body_too_large);
      return HPE_USER;
    }
    std::memcpy(r.body_.data() + r.body_bytes_, at, bytes);
    r.body_bytes_ += bytes;
    return 0;
  }

  static int message_complete(llhttp_t* parser) {
    AnswerReader& r = self(parser);
    if (r.interim_) return 0;  // the real answer follows
    r.keep_alive_ = llhttp_should_keep_alive(parser) != 0;
    r.state_ = State::complete;
    return HPE_PAUSED;
  }

  static constexpr llhttp_settings_t table() {
    llhttp_settings_t settings{};
    settings.on_header_field = header_field;
    settings.on_header_value = header_value;
    settings.on_header_value_complete = header_value_complete;
    settings.on_headers_complete = headers_complete;
    settings.on_body = body;
    settings.on_message_complete = message_complete;
    return settings;
  }
  static const llhttp_settings_t kTable;
};
constexpr llhttp_settings_t AnswerReader::Callbacks::kTable = table();

void AnswerReader::start(std::optional<UnixTime> now) {
  auto* parser = ::new (parser_.data()) llhttp_t;
  llhttp_init(parser, HTTP_RESPONSE, &Callbacks::kTable);
  parser->data = this;
  state_ = State::more;
  fault_ = AnswerFault::none;
  now_ = now;
  scan_ = HeadScan();
  line_ = {};
  in_head_ = true;
  interim_ = any_byte_ = keep_alive_ = bytes_beyond_ = false;
  status_ = 0;
  head_bytes_ = overhead_bytes_ = body_bytes_ = type_bytes_ = 0;
  retry_after_s_.reset();
  keep_alive_timeout_s_.reset();
}

AnswerReader::State AnswerReader::feed(std::string_view bytes) {
  while (!bytes.empty() && state_ == State::more) {
    any_byte_ = true;
    bytes.remove_prefix(in_head_ ? feed_head(bytes) : feed_body(bytes));
  }
  if (!bytes.empty() && state_ == State::complete) bytes_beyond_ = true;
  return state_;
}

std::size_t AnswerReader::feed_head(std::string_view bytes) {
  std::size_t taken = 0;
  bool at_end = false;
  while (taken < bytes.size() && !at_end) {
    if (head_bytes_ == limits::answer_head_bytes_max) {
      refuse(AnswerFault::head_too_large);
      return taken;
    }
    ++head_bytes_;
    switch (scan_.take(bytes[taken++])) {
      case HeadScan::Step::inside: break;
      case HeadScan::Step::at_end: at_end = true; break;
      case HeadScan::Step::folded: refuse(AnswerFault::folded_line); return taken;
      case HeadScan::Step::bad:
        refuse(scan_.seen_line() ? AnswerFault::bad_head : AnswerFault::not_http);
        return taken;
    }
  }
  parse(bytes.substr(0, taken));
  if (at_end && state_ == State::more) {
    if (interim_) {
      scan_ = HeadScan();
      interim_ = false;
    } else {
      in_head_ = false;
    }
  }
  return taken;
}

std::size_t AnswerReader::feed_body(std::string_view bytes) {
  const std::size_t body_before = body_bytes_;
  parse(bytes);
  // llhttp says where it stopped; everything after that is not of this answer.
  std::size_t taken = bytes.size();
  if (state_ == State::complete) {
    taken = static_cast<std::size_t>(llhttp_get_error_pos(parser_in(parser_)) - bytes.data());
  }
  overhead_bytes_ += taken - (body_bytes_ - body_before);
  if (state_ == State::more && overhead_bytes_ > kOverheadBytesMax) {
    refuse(AnswerFault::head_too_large);
  }
  return taken;
}

void AnswerReader::parse(std::string_view bytes) {
  const llhttp_errno_t error = llhttp_execute(parser_in(parser_), bytes.data(), bytes.size());
  if (error != HPE_OK && state_ == State::more) refuse(fault_of(error, in_head_));
}

AnswerReader::State AnswerReader::end() {
  if (state_ != State::more) return state_;
  if (!any_byte_) {
    refuse(AnswerFault::no_answer);
  } else if (in_head_ || llhttp_message_needs_eof(parser_in(parser_)) == 0) {
    refuse(AnswerFault::cut_short);
  } else {
    state_ = State::complete;  // without a length; the end of the connection is its end
    keep_alive_ = false;
  }
  return state_;
}

void AnswerReader::refuse(AnswerFault fault) {
  ASSERT(fault != AnswerFault::none);
  if (state_ == State::refused) return;
  state_ = State::refused;
  fault_ = fault;
}

std::string_view to_text(AnswerFault fault) {
  switch (fault) {
    case AnswerFault::none: return "";
    case AnswerFault::no_answer: return "the connection ended without an answer";
    case AnswerFault::cut_short: return "the connection ended within the answer";
    case AnswerFault::not_http: return "the answer is not HTTP/1.1";
    case AnswerFault::bad_head: return "a header line of the answer is malformed";
    case AnswerFault::folded_line: return "the answer has a folded header line";
    case AnswerFault::two_lengths: return "the answer has two lengths";
    case AnswerFault::bad_length: return "the answer's Content-Length is no number";
    case AnswerFault::bad_coding: return "the answer has a transfer coding that is not chunked";
    case AnswerFault::bad_chunk: return "the answer's chunks are malformed";
    case AnswerFault::head_too_large: return "the answer's head is too large";
    case AnswerFault::body_too_large: return "the answer's body is too large";
    case AnswerFault::upgraded: return "the server changed the protocol";
  }
  return "";
}

}  // namespace fieldpost::http
