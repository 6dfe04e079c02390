// UTF-8 as RFC 3629 has it: no overlong forms, no surrogates, nothing above U+10FFFF.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace fieldpost {

struct Character {
  char32_t code = 0;
  std::uint8_t bytes = 0;  // 0: what comes next is no character
};

// The first character of `text`, which must not be empty.
constexpr Character first_character(std::string_view text) {
  const auto byte = [text](std::size_t i) { return static_cast<unsigned char>(text[i]); };
  const unsigned char lead = byte(0);
  if (lead < 0x80) return {lead, 1};
  // The bounds of the second byte rule out overlong forms, surrogates and what is too large
  // (RFC 3629, 4).
  std::uint8_t bytes = 0;
  unsigned char low = 0x80, high = 0xbf;
  char32_t code = 0;
  if (lead >= 0xc2 && lead <= 0xdf) {
    bytes = 2;
    code = lead & 0x1fu;
  } else if (lead >= 0xe0 && lead <= 0xef) {
    bytes = 3;
    code = lead & 0x0fu;
    if (lead == 0xe0) low = 0xa0;
    if (lead == 0xed) high = 0x9f;
  } else if (lead >= 0xf0 && lead <= 0xf4) {
    bytes = 4;
    code = lead & 0x07u;
    if (lead == 0xf0) low = 0x90;
    if (lead == 0xf4) high = 0x8f;
  }
  if (bytes == 0 || text.size() < bytes) return {};
  for (std::size_t i = 1; i < bytes; ++i) {
    if (byte(i) < low || byte(i) > high) return {};
    low = 0x80;
    high = 0xbf;
    code = (code << 6) | (byte(i) & 0x3fu);
  }
  return {code, bytes};
}

bool is_utf8(std::string_view text);

// How many characters (code points) `text` holds, which must be UTF-8.
std::size_t count_characters(std::string_view text);

// The longest start of `text` that has at most `bytes_max` bytes and does not end within a
// character.
std::string_view cut_to(std::string_view text, std::size_t bytes_max);

// Control characters: C0, DEL, C1, and the two separators that end lines (U+2028, U+2029).
constexpr bool is_control(char32_t c) {
  return c < 0x20 || (c >= 0x7f && c <= 0x9f) || c == 0x2028 || c == 0x2029;
}

// Space separators (Unicode, Zs).
constexpr bool is_space(char32_t c) {
  return c == 0x20 || c == 0xa0 || c == 0x1680 || (c >= 0x2000 && c <= 0x200a) || c == 0x202f ||
         c == 0x205f || c == 0x3000;
}

}  // namespace fieldpost
