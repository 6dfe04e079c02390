#include "agent/http/request_reader.h"

#include <llhttp.h>

#include <cstring>
#include <new>

#include "agent/base/assert.h"

namespace fieldpost::http {
namespace {

// What may frame a body: see AnswerReader.
constexpr std::size_t kOverheadBytesMax =
    6 * limits::local_body_bytes_max + limits::local_head_bytes_max;

llhttp_t* parser_in(std::array<std::byte, 128>& room) {
  static_assert(sizeof(llhttp_t) <= sizeof(room));
  return std::launder(reinterpret_cast<llhttp_t*>(room.data()));
}

}  // namespace

struct RequestReader::Callbacks {
  static RequestReader& self(llhttp_t* parser) {
    return *static_cast<RequestReader*>(parser->data);
  }

  static int url(llhttp_t* parser, const char* at, std::size_t bytes) {
    RequestReader& r = self(parser);
    if (bytes > r.target_.size() - r.target_bytes_) {
      r.refuse(414, "the target is too long");
      return HPE_USER;
    }
    std::memcpy(r.target_.data() + r.target_bytes_, at, bytes);
    r.target_bytes_ += bytes;
    return 0;
  }

  static int header_field(llhttp_t* parser, const char* at, std::size_t bytes) {
    if (self(parser).in_head_) self(parser).line_.add_name({at, bytes});
    return 0;
  }

  static int header_value(llhttp_t* parser, const char* at, std::size_t bytes) {
    if (self(parser).in_head_) self(parser).line_.add_value({at, bytes});
    return 0;
  }

  static int header_value_complete(llhttp_t* parser) {
    RequestReader& r = self(parser);
    if (!r.in_head_) return 0;  // a trailer changes nothing
    r.line_.complete();
    r.header(r.line_);
    return r.state_ == State::refused ? HPE_USER : 0;
  }

  static int headers_complete(llhttp_t* parser) { return self(parser).headers_complete(); }

  static int body(llhttp_t* parser, const char* at, std::size_t bytes) {
    RequestReader& r = self(parser);
    if (bytes > r.body_.size() - r.body_bytes_) {
      r.refuse(413, "the body is too large");
      return HPE_USER;
    }
    std::memcpy(r.body_.data() + r.body_bytes_, at, bytes);
    r.body_bytes_ += bytes;
    return 0;
  }

  static int message_complete(llhttp_t* parser) {
    RequestReader& r = self(parser);
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
constexpr llhttp_settings_t RequestReader::Callbacks::kTable = table();

void RequestReader::start() {
  input_from_ = input_to_ = 0;
  start_request();
}

void RequestReader::start_request() {
  auto* parser = ::new (parser_.data()) llhttp_t;
  llhttp_init(parser, HTTP_REQUEST, &Callbacks::kTable);
  parser->data = this;
  state_ = State::more;
  refusal_ = 0;
  refusal_words_ = {};
  scan_ = HeadScan();
  line_ = {};
  in_head_ = true;
  any_byte_ = keep_alive_ = has_host_ = expects_continue_ = false;
  minor_version_ = 0;
  method_ = Method::get;
  head_bytes_ = overhead_bytes_ = 0;
  target_bytes_ = host_bytes_ = type_bytes_ = body_bytes_ = 0;
}

std::span<char> RequestReader::room() {
  if (input_from_ == input_to_) input_from_ = input_to_ = 0;
  return std::span<char>(input_).subspan(input_to_);
}

RequestReader::State RequestReader::received(std::size_t bytes) {
  ASSERT(bytes <= input_.size() - input_to_);
  input_to_ += bytes;
  return run();
}

RequestReader::State RequestReader::next() {
  ASSERT(state_ == State::complete && keep_alive_);
  start_request();
  return run();
}

bool RequestReader::take_continue() {
  const bool now = expects_continue_ && !in_head_ && state_ == State::more;
  if (now) expects_continue_ = false;
  return now;
}

RequestReader::State RequestReader::run() {
  while (input_from_ < input_to_ && state_ == State::more) {
    any_byte_ = true;
    const std::string_view bytes(input_.data() + input_from_, input_to_ - input_from_);
    input_from_ += in_head_ ? feed_head(bytes) : feed_body(bytes);
  }
  return state_;
}

std::size_t RequestReader::feed_head(std::string_view bytes) {
  std::size_t taken = 0;
  bool at_end = false;
  while (taken < bytes.size() && !at_end) {
    if (head_bytes_ == limits::local_head_bytes_max) {
      refuse(431, "the head is too large");
      return taken;
    }
    ++head_bytes_;
    switch (scan_.take(bytes[taken++])) {
      case HeadScan::Step::inside: break;
      case HeadScan::Step::at_end: at_end = true; break;
      case HeadScan::Step::folded: refuse(400, "a header line is folded"); return taken;
      case HeadScan::Step::bad: refuse(400, "the head is not HTTP/1.1"); return taken;
    }
  }
  parse(bytes.substr(0, taken));
  if (at_end) in_head_ = false;
  return taken;
}

std::size_t RequestReader::feed_body(std::string_view bytes) {
  const std::size_t body_before = body_bytes_;
  parse(bytes);
  std::size_t taken = bytes.size();
  if (state_ == State::complete) {
    taken = static_cast<std::size_t>(llhttp_get_error_pos(parser_in(parser_)) - bytes.data());
  }
  overhead_bytes_ += taken - (body_bytes_ - body_before);
  if (state_ == State::more && overhead_bytes_ > kOverheadBytesMax) {
    refuse(413, "the chunks carry too little");
  }
  return taken;
}

void RequestReader::header(const Line& line) {
  if (line.is("host")) {
    if (has_host_ || line.value_cut()) return refuse(400, "Host is given twice or is too long");
    has_host_ = true;
    host_bytes_ = line.value().copy(host_.data(), host_.size());
  } else if (line.is("content-type")) {
    const std::string_view type = trimmed(line.value().substr(0, line.value().find(';')));
    if (type_bytes_ != 0 || type.size() > type_.size()) {
      return refuse(415, "Content-Type is given twice or is too long");
    }
    for (const char c : type) type_[type_bytes_++] = lower(c);
  } else if (line.is("expect")) {
    if (line.value_cut() || !equal_ignoring_case(line.value(), "100-continue")) {
      return refuse(417, "Expect asks for something other than 100-continue");
    }
    expects_continue_ = true;
  } else if (line.is("transfer-encoding")) {
    if (line.value_cut() || !equal_ignoring_case(line.value(), "chunked")) {
      return refuse(501, "a transfer coding that is not chunked");
    }
  }
}

// 0: go on with the body. -1: refused.
int RequestReader::headers_complete() {
  llhttp_t& parser = *parser_in(parser_);
  const auto refuse_now = [this](std::uint16_t status, std::string_view words) {
    refuse(status, words);
    return -1;
  };
  if (parser.http_major != 1 || parser.http_minor > 1) {
    return refuse_now(505, "only HTTP/1.0 and 1.1 are spoken here");
  }
  minor_version_ = parser.http_minor;
  switch (parser.method) {
    case HTTP_GET: method_ = Method::get; break;
    case HTTP_POST: method_ = Method::post; break;
    default: return refuse_now(405, "only GET and POST are known here");
  }
  // An offer to speak another protocol may be passed over (RFC 9110, 7.8).
  parser.upgrade = 0;
  if (minor_version_ == 1 && !has_host_) return refuse_now(400, "Host is missing");
  if (minor_version_ == 0) expects_continue_ = false;  // RFC 9110, 10.1.1
  std::string_view target = path();
  if (target.starts_with("http://")) {  // absolute-form (RFC 9112, 3.2.2)
    const std::size_t slash = target.find('/', 7);
    if (slash == std::string_view::npos) return refuse_now(400, "the target has no path");
    target_bytes_ -= slash;
    std::memmove(target_.data(), target_.data() + slash, target_bytes_);
    target = path();
  }
  if (!target.starts_with('/')) return refuse_now(400, "the target is not a path");
  if ((parser.flags & F_CHUNKED) != 0 && (parser.flags & F_CONTENT_LENGTH) != 0) {
    return refuse_now(400, "two lengths");
  }
  if ((parser.flags & F_CONTENT_LENGTH) != 0 && parser.content_length > body_.size()) {
    return refuse_now(413, "the body is too large");
  }
  return 0;
}

void RequestReader::parse(std::string_view bytes) {
  const llhttp_errno_t error = llhttp_execute(parser_in(parser_), bytes.data(), bytes.size());
  if (error == HPE_OK || state_ != State::more) return;
  switch (error) {
    case HPE_INVALID_METHOD: return refuse(405, "only GET and POST are known here");
    case HPE_INVALID_VERSION: return refuse(505, "only HTTP/1.0 and 1.1 are spoken here");
    case HPE_PAUSED_H2_UPGRADE: return refuse(505, "only HTTP/1.0 and 1.1 are spoken here");
    case HPE_UNEXPECTED_CONTENT_LENGTH: return refuse(400, "two lengths");
    case HPE_INVALID_CONTENT_LENGTH: return refuse(400, "Content-Length is no number");
    case HPE_INVALID_TRANSFER_ENCODING: return refuse(400, "a transfer coding that is not chunked");
    default: return refuse(400, in_head_ ? "the head is not HTTP/1.1" : "the chunks are malformed");
  }
}

void RequestReader::refuse(std::uint16_t status, std::string_view words) {
  if (state_ == State::refused) return;
  state_ = State::refused;
  refusal_ = status;
  refusal_words_ = words;
  keep_alive_ = false;
}

}  // namespace fieldpost::http
