#include "platform/mbedtls/sha256.h"

#include <mbedtls/sha256.h>

#include <array>
#include <cstdint>

#include "agent/base/assert.h"

namespace fieldpost {
namespace {

// So many bits of `bytes` to each digit; what is missing from the last one is 0.
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

}  // namespace

void put_sha256(TextWriter& out, std::string_view text) {
  std::array<std::byte, 32> sum;
  ASSERT(mbedtls_sha256(reinterpret_cast<const unsigned char*>(text.data()), text.size(),
                        reinterpret_cast<unsigned char*>(sum.data()), 0) == 0);
  put_digits(out, sum, 4, "0123456789abcdef");
}

void put_base64url(TextWriter& out, std::span<const std::byte> bytes) {
  put_digits(out, bytes, 6, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_");
}

}  // namespace fieldpost
