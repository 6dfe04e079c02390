#include "agent/http/put_answer.h"

namespace fieldpost::http {

void put_answer_head(TextWriter& out, const AnswerHead& head) {
  out.put("HTTP/1.1 ").put_number(head.status).put(' ').put(reason_phrase(head.status));
  out.put("\r\n");
  if (!head.content_type.empty()) {
    out.put("Content-Type: ").put(head.content_type).put("\r\n");
  }
  switch (head.framing) {
    case Framing::length: out.put("Content-Length: ").put_number(head.length).put("\r\n"); break;
    case Framing::chunked: out.put("Transfer-Encoding: chunked\r\n"); break;
    case Framing::until_close: break;
  }
  if (head.retry_after_s != 0) {
    out.put("Retry-After: ").put_number(head.retry_after_s).put("\r\n");
  }
  out.put("Cache-Control: no-store\r\n");
  const bool stays = head.keep_alive && head.framing != Framing::until_close;
  out.put(stays ? "Connection: keep-alive\r\n" : "Connection: close\r\n");
  out.put(head.extra).put("\r\n");
}

void put_chunk(TextWriter& out, std::string_view piece) {
  if (piece.empty()) return;
  std::size_t digits = 1;
  for (std::size_t rest = piece.size() >> 4; rest != 0; rest >>= 4) ++digits;
  out.put_hex(piece.size(), digits).put("\r\n").put(piece).put("\r\n");
}

void put_last_chunk(TextWriter& out) { out.put("0\r\n\r\n"); }

std::string_view reason_phrase(std::uint16_t status) {
  switch (status) {
    case 200: return "OK";
    case 202: return "Accepted";
    case 400: return "Bad Request";
    case 401: return "Unauthorized";
    case 403: return "Forbidden";
    case 404: return "Not Found";
    case 405: return "Method Not Allowed";
    case 408: return "Request Timeout";
    case 409: return "Conflict";
    case 413: return "Content Too Large";
    case 414: return "URI Too Long";
    case 415: return "Unsupported Media Type";
    case 417: return "Expectation Failed";
    case 422: return "Unprocessable Content";
    case 429: return "Too Many Requests";
    case 431: return "Request Header Fields Too Large";
    case 500: return "Internal Server Error";
    case 501: return "Not Implemented";
    case 503: return "Service Unavailable";
    case 505: return "HTTP Version Not Supported";
    case 507: return "Insufficient Storage";
    default: return "";
  }
}

}  // namespace fieldpost::http
