#include "agent/settings/address.h"

#include "agent/base/number.h"
#include "config/limits.h"

namespace fieldpost {
namespace {

constexpr bool is_letter_or_digit(char c) {
  return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

// All of `text` as a number without a leading zero, which some readers take for octal.
std::optional<std::uint16_t> read_plain_number(std::string_view text, std::uint16_t max) {
  if (text.size() > 1 && text[0] == '0') return std::nullopt;
  std::uint64_t number = 0;
  if (!take_number(text, number) || !text.empty() || number > max) return std::nullopt;
  return static_cast<std::uint16_t>(number);
}

bool is_host_name(std::string_view host) {
  if (host.empty() || host.size() > limits::host_bytes_max) return false;
  if (host.front() == '.' || host.back() == '.' || host.front() == '-') return false;
  for (const char c : host) {
    if (!is_letter_or_digit(c) && c != '.' && c != '-' && c != '_') return false;
  }
  return host.find("..") == std::string_view::npos;
}

bool is_ipv6_like(std::string_view host) {  // connecting will show the rest
  if (host.size() < 2) return false;
  return host.find_first_not_of("0123456789abcdefABCDEF:.") == std::string_view::npos &&
         host.find(':') != std::string_view::npos;
}

bool is_path(std::string_view path) {
  for (const char c : path) {
    if (!is_letter_or_digit(c) && std::string_view("/-._~").find(c) == std::string_view::npos) {
      return false;
    }
  }
  return true;
}

}  // namespace

std::optional<HostPort> read_host_port(std::string_view text) {
  HostPort out;
  std::string_view rest;
  if (text.starts_with('[')) {
    const std::size_t close = text.find(']');
    if (close == std::string_view::npos) return std::nullopt;
    out.host = text.substr(1, close - 1);
    rest = text.substr(close + 1);
    if (!is_ipv6_like(out.host)) return std::nullopt;
  } else {
    out.host = text.substr(0, text.find(':'));
    rest = text.substr(out.host.size());
    if (!is_host_name(out.host)) return std::nullopt;
  }
  if (rest.empty()) return out;
  const auto port = read_plain_number(rest.substr(1), 65'535);
  if (rest[0] != ':' || !port || *port == 0) return std::nullopt;
  out.port = *port;
  return out;
}

std::optional<WebAddress> read_web_address(std::string_view url) {
  constexpr std::string_view kSecure = "https://", kPlain = "http://";
  WebAddress out;
  out.secure = url.starts_with(kSecure);
  if (!out.secure && !url.starts_with(kPlain)) return std::nullopt;
  url.remove_prefix(out.secure ? kSecure.size() : kPlain.size());
  const std::string_view authority = url.substr(0, url.find('/'));
  const auto place = read_host_port(authority);
  if (!place) return std::nullopt;
  out.host = place->host;
  out.port = place->port;
  if (out.port == 0) out.port = out.secure ? 443 : 80;
  out.path = url.substr(authority.size());
  while (out.path.ends_with('/')) out.path.remove_suffix(1);
  if (!is_path(out.path)) return std::nullopt;
  return out;
}

bool is_loopback(std::string_view host) {
  if (host == "localhost" || host == "::1") return true;
  std::uint16_t first = 0;
  for (int i = 0; i < 4; ++i) {
    const std::size_t dot = host.find('.');
    if ((dot == std::string_view::npos) != (i == 3)) return false;
    const auto part = read_plain_number(host.substr(0, dot), 255);
    if (!part) return false;
    if (i == 0) first = *part;
    if (i < 3) host.remove_prefix(dot + 1);
  }
  return first == 127;
}

}  // namespace fieldpost
