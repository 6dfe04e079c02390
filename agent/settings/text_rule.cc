// The rules for texts in a configuration. Each answers in the words of an error.
#include <algorithm>

#include "agent/base/utf8.h"
#include "agent/scenario/value.h"
#include "agent/settings/address.h"
#include "agent/settings/value.h"

namespace fieldpost {
namespace {

constexpr bool is_digit(char c) { return c >= '0' && c <= '9'; }
constexpr bool is_letter_or_digit(char c) {
  return is_digit(c) || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

bool all_of(std::string_view text, bool (*is_good)(char)) {
  return !text.empty() && std::all_of(text.begin(), text.end(), is_good);
}

}  // namespace

std::string_view any_text(std::string_view& text) {
  if (is_blank(text)) return "must not be empty";
  for (std::string_view rest = text; !rest.empty();) {
    const Character c = first_character(rest);
    if (is_control(c.code)) return "must not contain control characters";
    rest.remove_prefix(c.bytes);
  }
  return {};
}

std::string_view api_url(std::string_view& text) {
  const auto address = read_web_address(text);
  if (!address) return "must be an address such as https://api.1msg.io";
  if (!address->secure && !is_loopback(address->host)) {
    return "http:// would send the token in the clear: write https://";
  }
  while (text.ends_with('/')) text.remove_suffix(1);
  return {};
}

std::string_view proxy_url(std::string_view& text) {
  const auto address = read_web_address(text);
  if (!address || address->secure || !address->path.empty()) {
    return "must be an address such as http://proxy.example:3128, or \"none\"";
  }
  while (text.ends_with('/')) text.remove_suffix(1);
  return {};
}

std::string_view channel_id(std::string_view& text) {
  if (!all_of(text, [](char c) { return is_letter_or_digit(c) || c == '-' || c == '_'; })) {
    return "must be letters, digits, - and _ only";
  }
  return {};
}

std::string_view absolute_path(std::string_view& text) {
  if (!text.starts_with('/') || text.ends_with('/')) return "must be a path that starts with /";
  return any_text(text);
}

std::string_view socket_path(std::string_view& text) {
  if (text.size() > 107)
    return "must have at most 107 bytes: a socket's address has no room for more";
  return absolute_path(text);
}

std::string_view interface_name(std::string_view& text) {
  if (!all_of(text, [](char c) { return c > ' ' && c < 0x7f && c != '/' && c != ':'; })) {
    return "must be the name of a network interface, or \"any\"";
  }
  return {};
}

std::string_view key_pin(std::string_view& text) {
  constexpr std::size_t kCharacters = 44;  // base64 of 32 bytes, the last of them one =
  const auto good = [](char c) { return is_letter_or_digit(c) || c == '+' || c == '/'; };
  if (text.size() != kCharacters || text.back() != '=' ||
      !all_of(text.substr(0, kCharacters - 1), good)) {
    return "must be the SHA-256 of a public key in base64, 44 characters";
  }
  return {};
}

std::string_view language_code(std::string_view& text) {
  return is_language(text) ? std::string_view() : "must be a language such as \"en\" or \"pt_BR\"";
}

std::string_view name_word(std::string_view& text) {
  if (!all_of(text, [](char c) { return is_letter_or_digit(c) || c == '-' || c == '_'; }) ||
      text.size() > limits::scenario_id_bytes_max) {
    return "must be letters, digits, - and _ only, at most 32 of them";
  }
  return {};
}

std::string_view field_name(std::string_view& text) {
  constexpr std::string_view kReserved[] = {"to", "key", "topic", "ttl", "language", "ref"};
  for (const std::string_view reserved : kReserved) {
    if (text == reserved) return "is reserved: to, key, topic, ttl, language, ref have a meaning";
  }
  return name_word(text);
}
static_assert(limits::field_name_bytes_max == limits::scenario_id_bytes_max);

std::string_view loopback_port(std::string_view& text) {
  const auto place = read_host_port(text);
  if (!place || place->port == 0 || !is_loopback(place->host)) {
    return "must be a loopback address with a port, such as \"127.0.0.1:8040\", or \"off\"";
  }
  return {};
}

std::string_view secret_path(std::string_view& text) {
  constexpr std::size_t kCharactersMin = 24;
  const auto good = [](char c) {
    return is_letter_or_digit(c) || c == '-' || c == '_' || c == '/';
  };
  if (text.size() < kCharactersMin || !text.starts_with('/') || !all_of(text, good)) {
    return "must be a path that nobody can guess, at least 24 of / letters digits - _, or \"off\"";
  }
  return {};
}

std::string_view some_digits(std::string_view& text) {
  return all_of(text, is_digit) ? std::string_view() : "must be digits";
}

std::string_view country_code(std::string_view& text) {
  if (!all_of(text, is_digit) || text.size() > 3 || text[0] == '0') {
    return "must be a country code of 1 to 3 digits, without + or zeros in front";
  }
  return {};
}

std::string_view time_zone(std::string_view& text) {
  const auto good = [](char c) {
    return is_letter_or_digit(c) || c == '_' || c == '-' || c == '+' || c == '/' || c == ':';
  };
  if (!all_of(text, good) || text.starts_with('/') || text.ends_with('/')) {
    return "must be a time zone such as \"Europe/Berlin\" or \"+02:00\"";
  }
  return {};
}

bool is_placeholder(std::string_view text) { return text == "___"; }

bool is_blank(std::string_view text) {
  for (; !text.empty(); text.remove_prefix(first_character(text).bytes)) {
    if (!is_space(first_character(text).code)) return false;
  }
  return true;
}

}  // namespace fieldpost
