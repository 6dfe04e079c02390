#include "agent/base/base64.h"

#include <algorithm>
#include <cstdint>

namespace fieldpost {
namespace {

// 64: none of the letters.
std::uint32_t value_of(char c) {
  if (c >= 'A' && c <= 'Z') return static_cast<std::uint32_t>(c - 'A');
  if (c >= 'a' && c <= 'z') return static_cast<std::uint32_t>(c - 'a') + 26;
  if (c >= '0' && c <= '9') return static_cast<std::uint32_t>(c - '0') + 52;
  return c == '+' ? 62 : c == '/' ? 63 : 64;
}

}  // namespace

bool put_decoded_base64(TextWriter& out, std::string_view text) {
  if (text.size() % 4 != 0) return false;
  for (int filler = 0; filler < 2 && text.ends_with('='); ++filler) text.remove_suffix(1);
  std::uint32_t bits = 0;
  unsigned count = 0;
  for (const char c : text) {
    const std::uint32_t value = value_of(c);
    if (value == 64) return false;
    bits = bits << 6 | value;
    count += 6;
    if (count < 8) continue;
    count -= 8;
    out.put(static_cast<char>(bits >> count));
    bits &= (1u << count) - 1;
  }
  return bits == 0;
}

void put_base64(TextWriter& out, std::string_view bytes) {
  constexpr std::string_view kLetters =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  for (; !bytes.empty(); bytes.remove_prefix(std::min<std::size_t>(bytes.size(), 3))) {
    std::uint32_t bits = 0;
    for (std::size_t i = 0; i < 3; ++i) {
      bits = bits << 8 | (i < bytes.size() ? static_cast<unsigned char>(bytes[i]) : 0u);
    }
    for (std::size_t i = 0; i < 4; ++i) {
      out.put(i <= bytes.size() ? kLetters[bits >> (18 - 6 * i) & 63] : '=');
    }
  }
}

}  // namespace fieldpost
