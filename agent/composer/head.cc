#include "agent/composer/head.h"

#include "agent/base/base64.h"
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

// Port 0: none.
void put_host(TextWriter& out, std::string_view host, std::uint16_t port) {
  const bool bare_ipv6 = host.find(':') != std::string_view::npos && host[0] != '[';
  out.put(bare_ipv6 ? "[" : "").put(host).put(bare_ipv6 ? "]" : "");
  if (port != 0) out.put(':').put_number(port);
}

void put_end(TextWriter& out, std::string_view version) {
  out.put("User-Agent: fieldpost/").put(version).put("\r\n\r\n");
}

}  // namespace

Result<std::string_view> compose_head(const RequestHead& head, TextWriter& out) {
  if (!is_host(head.host) || !is_path(head.path) || !is_visible(head.version)) {
    return Status::invalid;
  }
  if (!head.base_path.empty() && !is_path(head.base_path)) return Status::invalid;
  if (head.token.empty() || !is_visible(head.token)) return Status::invalid;

  const bool sends_body = head.method == Method::post;
  out.put(sends_body ? "POST " : "GET ").put(head.base_path).put(head.path).put(" HTTP/1.1\r\n");
  out.put("Host: ");
  put_host(out, head.host, head.port);
  out.put("\r\nAuthorization: Bearer ").put(head.token).put("\r\n");
  if (sends_body) {
    out.put("Content-Type: application/json\r\nContent-Length: ").put_number(head.body_bytes);
    out.put("\r\n");
  }
  // Neither Accept, for the API has nothing but JSON, nor Connection, for HTTP/1.1 keeps it by itself:
  // each message pays for what stands here.
  put_end(out, head.version);
  return out.finish();
}

Result<std::string_view> compose_tunnel_head(const TunnelHead& head, TextWriter& out) {
  const bool signs_in = !head.login.empty();
  if (!is_host(head.host) || (signs_in && head.login.find(':') == std::string_view::npos)) {
    return Status::invalid;
  }
  out.put("CONNECT ");
  put_host(out, head.host, head.port);
  out.put(" HTTP/1.1\r\nHost: ");
  put_host(out, head.host, head.port);
  if (signs_in) {
    out.put("\r\nProxy-Authorization: Basic ");
    put_base64(out, head.login);
  }
  out.put("\r\n");
  put_end(out, head.version);
  return out.finish();
}

}  // namespace fieldpost
