#include "agent/http/message_reader.h"

#include <llhttp.h>

#include <cstring>
#include <new>

namespace fieldpost::http {
namespace {

Fault fault_of(llhttp_errno_t error, bool in_head) {
  switch (error) {
    case HPE_UNEXPECTED_CONTENT_LENGTH: return Fault::two_lengths;
    case HPE_INVALID_CONTENT_LENGTH: return Fault::bad_length;
    case HPE_INVALID_TRANSFER_ENCODING: return Fault::bad_coding;
    case HPE_INVALID_METHOD: return Fault::bad_method;
    case HPE_INVALID_VERSION:
    case HPE_PAUSED_H2_UPGRADE: return Fault::bad_version;
    case HPE_INVALID_CONSTANT:
    case HPE_INVALID_STATUS: return Fault::not_http;
    default: return in_head ? Fault::bad_head : Fault::bad_chunk;
  }
}

}  // namespace

struct MessageReader::Callbacks {
  static MessageReader& self(llhttp_t* parser) {
    return *static_cast<MessageReader*>(parser->data);
  }
  static int outcome(const MessageReader& r) { return r.state_ == State::refused ? HPE_USER : 0; }

  static int url(llhttp_t* parser, const char* at, std::size_t bytes) {
    self(parser).target({at, bytes});
    return outcome(self(parser));
  }

  // A trailer changes nothing: only the lines of the head are put together.
  static int header_field(llhttp_t* parser, const char* at, std::size_t bytes) {
    if (self(parser).in_head_) self(parser).line_.add_name({at, bytes});
    return 0;
  }

  static int header_value(llhttp_t* parser, const char* at, std::size_t bytes) {
    if (self(parser).in_head_) self(parser).line_.add_value({at, bytes});
    return 0;
  }

  static int header_value_complete(llhttp_t* parser) {
    MessageReader& r = self(parser);
    if (!r.in_head_) return 0;
    r.line_.complete();
    r.header();
    return outcome(r);
  }

  static int headers_complete(llhttp_t* parser) {
    // An offer to speak another protocol may be passed over (RFC 9110, 7.8).
    parser->upgrade = 0;
    if ((parser->flags & F_CHUNKED) != 0 && (parser->flags & F_CONTENT_LENGTH) != 0) {
      return self(parser).refused(Fault::two_lengths);
    }
    return self(parser).head_complete(*parser);
  }

  static int body(llhttp_t* parser, const char* at, std::size_t bytes) {
    MessageReader& r = self(parser);
    if (bytes > r.body_room_.size() - r.body_bytes_) return r.refused(Fault::body_too_large);
    std::memcpy(r.body_room_.data() + r.body_bytes_, at, bytes);
    r.body_bytes_ += bytes;
    return 0;
  }

  static int message_complete(llhttp_t* parser) {
    MessageReader& r = self(parser);
    if (r.interim_) return 0;  // the real answer follows
    r.keep_alive_ = llhttp_should_keep_alive(parser) != 0;
    r.state_ = State::complete;
    return HPE_PAUSED;
  }

  static constexpr llhttp_settings_t table() {
    llhttp_settings_t settings{};
    settings.on_url = url;
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
constexpr llhttp_settings_t MessageReader::Callbacks::kTable = table();

void MessageReader::start(Kind kind) {
  static_assert(sizeof(llhttp_t) <= sizeof(parser_));
  auto* parser = ::new (parser_.data()) llhttp_t;
  llhttp_init(parser, kind == Kind::request ? HTTP_REQUEST : HTTP_RESPONSE, &Callbacks::kTable);
  parser->data = this;
  state_ = State::more;
  in_head_ = true;
  interim_ = any_byte_ = keep_alive_ = false;
  body_bytes_ = head_bytes_ = overhead_bytes_ = 0;
  line_ = {};
  scan_ = {};
}

llhttp__internal_s& MessageReader::parser() {
  return *std::launder(reinterpret_cast<llhttp_t*>(parser_.data()));
}

int MessageReader::refused(Fault fault) {
  refuse(fault);
  return -1;
}

std::size_t MessageReader::feed(std::string_view bytes) {
  any_byte_ = true;
  return in_head_ ? feed_head(bytes) : feed_body(bytes);
}

std::size_t MessageReader::feed_head(std::string_view bytes) {
  std::size_t taken = 0;
  auto step = HeadScan::Step::inside;
  while (taken < bytes.size() && step == HeadScan::Step::inside) {
    if (head_bytes_++ == head_bytes_max_) {
      refuse(Fault::head_too_large);
      return taken;
    }
    step = scan_.take(bytes[taken++]);
  }
  if (step == HeadScan::Step::folded || step == HeadScan::Step::bad) {
    refuse(step == HeadScan::Step::folded ? Fault::folded_line
           : scan_.seen_line()            ? Fault::bad_head
                                          : Fault::not_http);
    return taken;
  }
  parse(bytes.substr(0, taken));
  if (step == HeadScan::Step::at_end && state_ == State::more) {
    scan_ = {};
    in_head_ = interim_;
    interim_ = false;
  }
  return taken;
}

std::size_t MessageReader::feed_body(std::string_view bytes) {
  const std::size_t body_before = body_bytes_;
  parse(bytes);
  // llhttp says where it stopped; everything after that is not of this message.
  std::size_t taken = bytes.size();
  if (state_ == State::complete) {
    taken = static_cast<std::size_t>(llhttp_get_error_pos(&parser()) - bytes.data());
  }
  overhead_bytes_ += taken - (body_bytes_ - body_before);
  // Chunks of one byte cost six for each; whoever sends so with trailers without end is cut off
  // here, not by the deadline alone.
  if (state_ == State::more && overhead_bytes_ > 6 * body_room_.size() + head_bytes_max_) {
    refuse(Fault::much_framing);
  }
  return taken;
}

void MessageReader::parse(std::string_view bytes) {
  const llhttp_errno_t error = llhttp_execute(&parser(), bytes.data(), bytes.size());
  if (error != HPE_OK && state_ == State::more) refuse(fault_of(error, in_head_));
}

}  // namespace fieldpost::http
