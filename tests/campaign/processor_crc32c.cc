#include "tests/campaign/processor_crc32c.h"

#include <nmmintrin.h>

#include <cstring>

namespace fieldpost::campaign {

// SSE 4.2: processors since 2008.
[[gnu::target("sse4.2")]] std::uint32_t processor_crc32c(std::span<const std::byte> bytes,
                                                         std::uint32_t before) {
  std::uint64_t sum = ~before;
  for (; bytes.size() >= 8; bytes = bytes.subspan(8)) {
    std::uint64_t word = 0;
    std::memcpy(&word, bytes.data(), sizeof word);
    sum = _mm_crc32_u64(sum, word);
  }
  auto rest = static_cast<std::uint32_t>(sum);
  for (const std::byte byte : bytes) rest = _mm_crc32_u8(rest, static_cast<std::uint8_t>(byte));
  return ~rest;
}

}  // namespace fieldpost::campaign
