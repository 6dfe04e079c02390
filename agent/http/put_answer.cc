#include "agent/http/put_answer.h"

namespace fieldpost::http {
namespace {

constexpr std::string_view kPhrases =
    "200 OK\n"
    "202 Accepted\n"
    "400 Bad Request\n"
    "401 Unauthorized\n"
    "403 Forbidden\n"
    "404 Not Found\n"
    "405 Method Not Allowed\n"
    "408 Request Timeout\n"
    "409 Conflict\n"
    "413 Content Too Large\n"
    "414 URI Too Long\n"
    "415 Unsupported Media Type\n"
    "417 Expectation Failed\n"
    "422 Unprocessable Content\n"
    "429 Too Many Requests\n"
    "431 Request Header Fields Too Large\n"
    "500 Internal Server Error\n"
    "501 Not Implemented\n"
    "503 Service Unavailable\n"
    "505 HTTP Version Not Supported\n"
    "507 Insufficient Storage\n";

}  // namespace

void put_answer_head(TextWriter& out, const AnswerHead& head) {
  out.put("HTTP/1.1 ").put_number(head.status).put(' ').put(reason_phrase(head.status));
  if (!head.content_type.empty()) out.put("\r\nContent-Type: ").put(head.content_type);
  switch (head.framing) {
    case Framing::length: out.put("\r\nContent-Length: ").put_number(head.length); break;
    case Framing::chunked: out.put("\r\nTransfer-Encoding: chunked"); break;
    case Framing::until_close: break;
  }
  if (head.retry_after_s != 0) out.put("\r\nRetry-After: ").put_number(head.retry_after_s);
  const bool stays = head.keep_alive && head.framing != Framing::until_close;
  out.put("\r\nCache-Control: no-store\r\nConnection: ").put(stays ? "keep-alive" : "close");
  out.put("\r\n").put(head.extra).put("\r\n");
}

void put_chunk(TextWriter& out, std::string_view piece) {
  if (piece.empty()) return;
  std::size_t digits = 1;
  for (std::size_t rest = piece.size() >> 4; rest != 0; rest >>= 4) ++digits;
  out.put_hex(piece.size(), digits).put("\r\n").put(piece).put("\r\n");
}

void put_last_chunk(TextWriter& out) { out.put("0\r\n\r\n"); }

std::string_view reason_phrase(std::uint16_t status) {
  TextBuffer<8> number;
  number.put_number(status).put(' ');
  const std::size_t at = kPhrases.find(number.written());
  if (status < 100 || at == kPhrases.npos) return {};
  const std::string_view phrase = kPhrases.substr(at + number.size());
  return phrase.substr(0, phrase.find('\n'));
}

}  // namespace fieldpost::http
