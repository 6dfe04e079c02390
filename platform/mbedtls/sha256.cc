#include "platform/mbedtls/sha256.h"

#include <mbedtls/sha256.h>

#include <array>

#include "agent/base/assert.h"
#include "agent/base/base64.h"

namespace fieldpost {

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
