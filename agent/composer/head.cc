#include "agent/composer/head.h"

#include "agent/base/letters.h"

namespace fieldpost {
namespace {

// Visible ASCII only: whatever could end a line, start another header or split the request line is
// not in it, so that no part can become two.
constexpr bool is_visible(std::string_view text) {
  for (const char c : text) {
    if (c <= ' ' || c > '~') return false;
  }
  return true;
}

// RFC 3986, 3.2.2: a name, an IPv4 address, or an IPv6 address.
constexpr bool is_host(std::string_view text) {
  for (const char c : text) {
    const bool is_sign = std::string_view("-.:[]_").find(c) != std::string_view::npos;
    if (!is_sign && !is_letter_or_digit(c)) return false;
  }
  return !text.empty();
}

constexpr bool is_path(std::string_view text) {
  return is_visible(text) && text.starts_with('/') && text.find('#') == std::string_view::npos;
}

}  // namespace

Result<std::string_view> compose_head(const RequestHead& head, TextWriter& out) {
  if (!is_host(head.host) || !is_path(head.path) || !is_visible(head.version)) {
    return Status::invalid;
  }
  if (!head.base_path.empty() && !is_path(head.base_path)) return Status::invalid;
  if (head.token.empty() || !is_visible(head.token)) return Status::invalid;

  const bool sends_body = head.method == Method::post;
  const bool bare_ipv6 = head.host.find(':') != std::string_view::npos && head.host[0] != '[';
  out.put(sends_body ? "POST " : "GET ").put(head.base_path).put(head.path).put(" HTTP/1.1\r\n");
  out.put("Host: ").put(bare_ipv6 ? "[" : "").put(head.host).put(bare_ipv6 ? "]" : "");
  if (head.port != 0) out.put(':').put_number(head.port);
  out.put("\r\nAuthorization: Bearer ").put(head.token).put("\r\n");
  if (sends_body) {
    out.put("Content-Type: application/json\r\nContent-Length: ").put_number(head.body_bytes);
    out.put("\r\n");
  }
  // Neither Accept, for the API has nothing but JSON, nor Connection, for HTTP/1.1 keeps it by itself:
  // each message pays for what stands here.
  out.put("User-Agent: fieldpost/").put(head.version).put("\r\n\r\n");
  return out.finish();
}

}  // namespace fieldpost
