// The forms that texts in a configuration have. Each answers in the words of an error.
#include <algorithm>

#include "agent/base/letters.h"
#include "agent/base/utf8.h"
#include "agent/scenario/value.h"
#include "agent/settings/address.h"
#include "agent/settings/bare_value.h"
#include "config/limits.h"

namespace fieldpost {
namespace {

bool is_in(std::string_view text, std::string_view characters) {
  return !text.empty() && text.find_first_not_of(characters) == text.npos;
}

bool is_digits(std::string_view text) { return is_in(text, "0123456789"); }

// Letters, digits and what is in `also`.
bool is_word(std::string_view text, std::string_view also) {
  for (const char c : text) {
    const bool letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
    if (!letter && !(c >= '0' && c <= '9') && also.find(c) == also.npos) return false;
  }
  return !text.empty();
}

// Printable ASCII.
bool is_interface(std::string_view text) {
  const auto bad = [](char c) { return c <= ' ' || c >= 0x7f || c == '/' || c == ':'; };
  return !text.empty() && std::none_of(text.begin(), text.end(), bad);
}

bool is_pin(std::string_view text) {
  constexpr std::size_t kCharacters = 44;  // base64 of 32 bytes, the last of them one =
  return text.size() == kCharacters && text.back() == '=' &&
         is_word(text.substr(0, kCharacters - 1), "+/");
}

bool is_reserved(std::string_view name) {
  constexpr std::string_view kReserved = " to key topic ttl language ref ";
  const std::size_t at = kReserved.find(name);
  return at != kReserved.npos && at > 0 && kReserved[at - 1] == ' ' &&
         kReserved[at + name.size()] == ' ';
}

bool is_loopback_port(std::string_view text) {
  const auto place = read_host_port(text);
  return place && place->port != 0 && is_loopback(place->host);
}

// In small letters, and without the port that goes without saying.
bool is_origin(std::string_view text) {
  const auto address = read_web_address(text);
  const std::size_t colon = text.rfind(':');
  return address && address->path.empty() && !text.ends_with('/') &&
         std::none_of(text.begin(), text.end(), is_capital) &&
         text.substr(colon) != (address->secure ? ":443" : ":80");
}

PackedText check_any(std::string_view text) {
  if (is_blank(text)) return "must not be empty"_packed;
  for (std::string_view rest = text; !rest.empty();) {
    const Character c = first_character(rest);
    if (is_control(c.code)) return "must not contain control characters"_packed;
    rest.remove_prefix(c.bytes);
  }
  return {};
}

PackedText check_path(std::string_view text) {
  if (!text.starts_with('/') || text.ends_with('/'))
    return "must be a path that starts with /"_packed;
  return check_any(text);
}

PackedText check_api_url(std::string_view text) {
  const auto address = read_web_address(text);
  if (!address) return "must be an address such as https://api.1msg.io"_packed;
  if (!address->secure && !is_loopback(address->host)) {
    return "http:// would send the token in the clear: write https://"_packed;
  }
  return {};
}

PackedText check_proxy_url(std::string_view text) {
  if (text.find('@') != text.npos) {
    return "must not hold a password: api.proxy_login_file names the file for it"_packed;
  }
  const auto address = read_web_address(text);
  if (address && !address->secure && address->path.empty()) return {};
  return "must be an address such as http://proxy.example:3128, or \"none\""_packed;
}

void cut_slashes(std::string_view& url) {
  while (url.ends_with('/')) url.remove_suffix(1);
}

}  // namespace

PackedText check_text(TextForm form, std::string_view& text) {
  const auto unless = [](bool good, PackedText words) { return good ? PackedText() : words; };
  switch (form) {
    case TextForm::any: return check_any(text);
    case TextForm::api_url: {
      const PackedText why = check_api_url(text);
      cut_slashes(text);
      return why;
    }
    case TextForm::proxy_url: {
      const PackedText why = check_proxy_url(text);
      cut_slashes(text);
      return why;
    }
    case TextForm::channel:
      return unless(is_word(text, "-_"), "must be letters, digits, - and _ only"_packed);
    case TextForm::socket_path:
      if (text.size() > 107) {
        return "must have at most 107 bytes: a socket's address has no room for more"_packed;
      }
      return check_path(text);
    case TextForm::absolute_path: return check_path(text);
    case TextForm::interface:
      return unless(is_interface(text),
                    "must be the name of a network interface, or \"any\""_packed);
    case TextForm::key_pin:
      return unless(is_pin(text),
                    "must be the SHA-256 of a public key in base64, 44 characters"_packed);
    case TextForm::language:
      return unless(is_language(text), "must be a language such as \"en\" or \"pt_BR\""_packed);
    case TextForm::field_name:
      if (is_reserved(text)) {
        return "is reserved: to, key, topic, ttl, language, ref have a meaning"_packed;
      }
      [[fallthrough]];
    case TextForm::name:
      return unless(is_word(text, "-_") && text.size() <= limits::scenario_id_bytes_max,
                    "must be letters, digits, - and _ only, at most 32 of them"_packed);
    case TextForm::app_name:
      return unless(is_in(text, "abcdefghijklmnopqrstuvwxyz0123456789-"),
                    "must be small letters, digits and - only"_packed);
    case TextForm::sha256:
      return unless(is_in(text, "0123456789abcdef") && text.size() == 64,
                    "must be a SHA-256 in 64 hexadecimal digits, as app add writes it"_packed);
    case TextForm::loopback_port:
      return unless(
          is_loopback_port(text),
          "must be a loopback address with a port, such as \"127.0.0.1:8040\", or \"off\""_packed);
    case TextForm::origin:
      return unless(is_origin(text),
                    "must be an origin as browsers write it, such as https://kiosk.example"_packed);
    case TextForm::digits: return unless(is_digits(text), "must be digits"_packed);
    case TextForm::country_code:
      return unless(is_digits(text) && text.size() <= 3 && text[0] != '0',
                    "must be a country code of 1 to 3 digits, without + or zeros in front"_packed);
    case TextForm::time_zone:
      return unless(is_word(text, "_-+/:,.<>") && !text.starts_with('/') && !text.ends_with('/'),
                    "must be a time zone such as \"Europe/Berlin\" or \"+02:00\""_packed);
  }
  return {};
}
static_assert(limits::field_name_bytes_max == limits::scenario_id_bytes_max);

bool is_blank(std::string_view text) {
  for (; !text.empty(); text.remove_prefix(first_character(text).bytes)) {
    if (!is_space(first_character(text).code)) return false;
  }
  return true;
}

}  // namespace fieldpost
