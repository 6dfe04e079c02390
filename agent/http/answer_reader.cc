#include "agent/http/answer_reader.h"

#include <llhttp.h>

#include "agent/base/assert.h"
#include "agent/http/date.h"

namespace fieldpost::http {
namespace {

// A day: a server that asks for more is asked again all the same.
constexpr std::uint32_t kRetryAfterMaxS = 24 * 3600;

constexpr PackedWords kWords =
    "\n"
    "the connection ended without an answer\n"
    "the connection ended within the answer\n"
    "the answer is not HTTP/1.1\n"
    "a header line of the answer is malformed\n"
    "the answer has a folded header line\n"
    "the answer has two lengths\n"
    "the answer's Content-Length is no number\n"
    "the answer has a transfer coding that is not chunked\n"
    "the answer's chunks are malformed\n"
    "the answer's head is too large\n"
    "the answer's body is too large\n"
    "the server changed the protocol\n"_packed_words;
static_assert(kWords.size() == static_cast<std::size_t>(AnswerFault::upgraded) + 1);

}  // namespace

PackedText to_text(AnswerFault fault) { return kWords[static_cast<std::size_t>(fault)]; }

void AnswerReader::start(std::optional<UnixTime> now, Wanted wanted) {
  MessageReader::start(Kind::answer);
  fault_ = AnswerFault::none;
  wanted_ = wanted;
  bytes_beyond_ = false;
  status_ = 0;
  now_ = now;
  retry_after_s_.reset();
  keep_alive_timeout_s_.reset();
  type_bytes_ = 0;
}

AnswerReader::State AnswerReader::feed(std::string_view bytes) {
  while (!bytes.empty() && state_ == State::more) {
    bytes.remove_prefix(MessageReader::feed(bytes));
  }
  if (!bytes.empty() && state_ == State::complete) bytes_beyond_ = true;
  return state_;
}

void AnswerReader::header() {
  if (line_.is("retry-after") && !line_.value_cut()) {
    retry_after_s_ = read_retry_after(line_.value(), now_, kRetryAfterMaxS);
  } else if (line_.is("keep-alive") && !line_.value_cut()) {
    keep_alive_timeout_s_ = read_keep_alive(line_.value());
  } else if (line_.is("content-type")) {
    type_bytes_ = line_.value().copy(type_.data(), type_.size());
  } else if (wanted_ == Wanted::all && line_.is("transfer-encoding") &&
             !line_.value_is("chunked")) {
    // Not one of the codings was asked for (RFC 9110, 10.1.4), and we could not undo them.
    refuse(AnswerFault::bad_coding);
  }
}

int AnswerReader::head_complete(const llhttp_t& parser) {
  const int status = parser.status_code;
  if (parser.http_major != 1 || parser.http_minor > 1 || status < 100 || status > 599) {
    return refused(AnswerFault::not_http);
  }
  if (status == 101) return refused(AnswerFault::upgraded);
  interim_ = status < 200;
  if (interim_) {
    // No body may follow (RFC 9110, 15.2), and one that did would be read as the next head.
    if ((parser.flags & (F_CHUNKED | F_CONTENT_LENGTH)) != 0) {
      return refused(AnswerFault::bad_head);
    }
    retry_after_s_.reset();
    keep_alive_timeout_s_.reset();
    type_bytes_ = 0;
    return 0;
  }
  status_ = static_cast<std::uint16_t>(status);
  if (wanted_ == Wanted::head || status == 204 || status == 304) return 1;
  if ((parser.flags & F_CONTENT_LENGTH) != 0 && parser.content_length > body_.size()) {
    return refused(AnswerFault::body_too_large);
  }
  return 0;
}

AnswerReader::State AnswerReader::end() {
  if (state_ != State::more) return state_;
  if (!any_byte_) {
    refuse(AnswerFault::no_answer);
  } else if (in_head_ || llhttp_message_needs_eof(&parser()) == 0) {
    refuse(AnswerFault::cut_short);
  } else {
    state_ = State::complete;  // without a length; the end of the connection is its end
    keep_alive_ = false;
  }
  return state_;
}

void AnswerReader::refuse(Fault fault) {
  if (state_ == State::refused) return;
  if (fault == Fault::bad_version) fault = Fault::not_http;
  if (fault == Fault::much_framing) fault = Fault::head_too_large;
  ASSERT(fault > Fault::none && fault <= Fault::upgraded);
  state_ = State::refused;
  fault_ = fault;
}

}  // namespace fieldpost::http
