#include "agent/base/base64.h"

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

void put_digits(TextWriter& out, std::span<const std::byte> bytes, unsigned int bits,
                const char* digits) {
  std::uint32_t waiting = 0;
  unsigned int count = 0;
  for (const std::byte byte : bytes) {
    waiting = waiting << 8 | std::to_integer<std::uint32_t>(byte);
    for (count += 8; count >= bits; count -= bits) {
      out.put(digits[waiting >> (count - bits) & ((1U << bits) - 1)]);
    }
  }
  if (count > 0) out.put(digits[waiting << (bits - count) & ((1U << bits) - 1)]);
}

void put_base64(TextWriter& out, std::string_view bytes) {
  put_digits(out, std::as_bytes(std::span(bytes)), 6,
             "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/");
  for (std::size_t n = bytes.size(); n % 3 != 0; ++n) out.put('=');
}

}  // namespace fieldpost
