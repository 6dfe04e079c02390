#include "agent/http/put_answer.h"

#include <algorithm>
#include <array>

namespace fieldpost::http {
namespace {

constexpr auto kStatuses =
    std::to_array<std::uint16_t>({200, 202, 204, 400, 401, 403, 404, 405, 408, 409, 413,
                                  414, 415, 417, 422, 429, 431, 500, 501, 503, 505, 507});
constexpr PackedWords kPhrases =
    "OK\n"
    "Accepted\n"
    "No Content\n"
    "Bad Request\n"
    "Unauthorized\n"
    "Forbidden\n"
    "Not Found\n"
    "Method Not Allowed\n"
    "Request Timeout\n"
    "Conflict\n"
    "Content Too Large\n"
    "URI Too Long\n"
    "Unsupported Media Type\n"
    "Expectation Failed\n"
    "Unprocessable Content\n"
    "Too Many Requests\n"
    "Request Header Fields Too Large\n"
    "Internal Server Error\n"
    "Not Implemented\n"
    "Service Unavailable\n"
    "HTTP Version Not Supported\n"
    "Insufficient Storage\n"_packed_words;
static_assert(kStatuses.size() == kPhrases.size());

}  // namespace

void put_answer_head(TextWriter& out, const AnswerHead& head) {
  out.put("HTTP/1.1 ").put_number(head.status).put(' ').put(reason_phrase(head.status));
  if (!head.content_type.empty()) out.put("\r\nContent-Type: ").put(head.content_type);
  switch (head.framing) {
    case Framing::length: out.put("\r\nContent-Length: ").put_number(head.length); break;
    case Framing::chunked: out.put("\r\nTransfer-Encoding: chunked"); break;
    case Framing::until_close:
    case Framing::nothing: break;
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

PackedText reason_phrase(std::uint16_t status) {
  const auto at = std::find(kStatuses.begin(), kStatuses.end(), status);
  if (at == kStatuses.end()) return ""_packed;
  return kPhrases[static_cast<std::size_t>(at - kStatuses.begin())];
}

}  // namespace fieldpost::http
