#include "agent/http/request_reader.h"

#include <llhttp.h>

#include <array>
#include <cstring>
#include <span>

#include "agent/base/assert.h"

namespace fieldpost::http {
namespace {

// By Fault: the status to answer with, and the words. An answer's faults are none of a request.
constexpr auto kStatuses = std::to_array<std::uint16_t>(
    {0, 0, 0, 400, 400, 400, 400, 400, 400, 400, 431, 413, 0, 405, 505, 413});
constexpr PackedWords kRefusals =
    "\n"
    "\n"
    "\n"
    "the head is not HTTP/1.1\n"
    "the head is not HTTP/1.1\n"
    "a header line is folded\n"
    "two lengths\n"
    "Content-Length is no number\n"
    "a transfer coding that is not chunked\n"
    "the chunks are malformed\n"
    "the head is too large\n"
    "the body is too large\n"
    "\n"
    "only GET and POST are known here\n"
    "only HTTP/1.0 and 1.1 are spoken here\n"
    "the chunks carry too little\n"_packed_words;
static_assert(kStatuses.size() == kRefusals.size());

}  // namespace

void RequestReader::start() {
  input_from_ = input_to_ = 0;
  start_request();
}

void RequestReader::start_request() {
  MessageReader::start(Kind::request);
  refusal_ = 0;
  refusal_words_ = {};
  has_host_ = expects_continue_ = is_options_ = false;
  web_ = {};
  minor_version_ = 0;
  method_ = Method::get;
  target_bytes_ = host_bytes_ = type_bytes_ = 0;
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
    input_from_ += feed({input_.data() + input_from_, input_to_ - input_from_});
  }
  return state_;
}

void RequestReader::target(std::string_view piece) {
  if (piece.size() > target_.size() - target_bytes_)
    return refuse(414, "the target is too long"_packed);
  target_bytes_ += piece.copy(target_.data() + target_bytes_, piece.size());
}

void RequestReader::header() {
  const std::string_view value = line_.value();
  if (line_.is("host")) {
    if (has_host_ || line_.value_cut())
      return refuse(400, "Host is given twice or is too long"_packed);
    has_host_ = true;
    host_bytes_ = value.copy(host_.data(), host_.size());
  } else if (line_.is("content-type")) {
    const std::string_view type = trimmed(value.substr(0, value.find(';')));
    if (type_bytes_ != 0 || type.size() > type_.size()) {
      return refuse(415, "Content-Type is given twice or is too long"_packed);
    }
    for (const char c : type) type_[type_bytes_++] = small(c);
  } else if (line_.is("expect")) {
    if (!line_.value_is("100-continue")) {
      return refuse(417, "Expect asks for something other than 100-continue"_packed);
    }
    expects_continue_ = true;
  } else if (line_.is("transfer-encoding") && !line_.value_is("chunked")) {
    refuse(501, "a transfer coding that is not chunked"_packed);
  }
  header_of_who_asks();
}

void RequestReader::header_of_who_asks() {
  struct Kept {
    const char* name;
    void* text;
    std::size_t bytes_max;
  };
  // What is no browser's has the place of an origin.
  const Kept kept[] = {{"fieldpost-source", &web_.origin, web_.origin.kBytesMax},
                       {"origin", &web_.origin, web_.origin.kBytesMax},
                       {"authorization", &web_.authorization, web_.authorization.kBytesMax},
                       {"sec-fetch-site", &web_.fetch_site, web_.fetch_site.kBytesMax}};
  const std::span all(kept);
  for (const Kept& one : serves_web_ ? all.subspan(1) : all.first(1)) {
    if (!line_.is(one.name)) continue;
    if (!AnyFixedText::view(one.text).empty() || line_.value_cut() ||
        AnyFixedText(one.text, one.bytes_max).assign(line_.value()) != Status::ok) {
      refuse(400, "a header that says who asks is given twice or is too long"_packed);
    }
  }
  if (line_.is("access-control-request-method")) web_.asks_method = true;
  if (line_.is("access-control-request-private-network")) {
    web_.asks_network = line_.value_is("true");
  }
}

int RequestReader::head_complete(const llhttp_t& parser) {
  if (parser.http_major != 1 || parser.http_minor > 1) return refused(Fault::bad_version);
  minor_version_ = parser.http_minor;
  is_options_ = serves_web_ && parser.method == HTTP_OPTIONS;
  if (parser.method != HTTP_GET && parser.method != HTTP_POST && !is_options_) {
    return refused(Fault::bad_method);
  }
  method_ = parser.method == HTTP_POST ? Method::post : Method::get;
  if (minor_version_ == 1 && !has_host_) return refused(400, "Host is missing"_packed);
  if (minor_version_ == 0) expects_continue_ = false;  // RFC 9110, 10.1.1
  if (path().starts_with("http://")) {                 // absolute-form (RFC 9112, 3.2.2)
    const std::size_t slash = path().find('/', 7);
    if (slash == std::string_view::npos) return refused(400, "the target has no path"_packed);
    target_bytes_ -= slash;
    std::memmove(target_.data(), target_.data() + slash, target_bytes_);
  }
  if (!path().starts_with('/')) return refused(400, "the target is not a path"_packed);
  if ((parser.flags & F_CONTENT_LENGTH) != 0 && parser.content_length > body_.size()) {
    return refused(Fault::body_too_large);
  }
  return 0;
}

void RequestReader::refuse(Fault fault) {
  const auto number = static_cast<std::size_t>(fault);
  ASSERT(kStatuses[number] != 0);
  refuse(kStatuses[number], kRefusals[number]);
}

void RequestReader::refuse(std::uint16_t status, PackedText words) {
  if (state_ == State::refused) return;
  state_ = State::refused;
  keep_alive_ = false;
  refusal_ = status;
  refusal_words_ = words;
}

int RequestReader::refused(std::uint16_t status, PackedText words) {
  refuse(status, words);
  return -1;
}

}  // namespace fieldpost::http
