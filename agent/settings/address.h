// Addresses as they stand in a configuration, taken apart.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace fieldpost {

struct WebAddress {
  bool secure = false;    // https
  std::string_view host;  // without the brackets of an IPv6 address
  std::uint16_t port = 0;
  std::string_view path;  // "" or "/…", without a slash at the end
};

// http or https, in small letters; no user, query or fragment: a token in a URL ends up in logs.
// Nothing for anything else.
std::optional<WebAddress> read_web_address(std::string_view url);

struct HostPort {
  std::string_view host;
  std::uint16_t port = 0;  // 0: none was given
};

// "127.0.0.1:8040", "[::1]:8040", "example.com". Nothing for anything else.
std::optional<HostPort> read_host_port(std::string_view text);

// Surely this machine, whatever a name server says: 127.0.0.0/8 (RFC 1122, 3.2.1.3), ::1 (RFC 4291,
// 2.5.3), localhost (RFC 6761, 6.3).
bool is_loopback(std::string_view host);

}  // namespace fieldpost
