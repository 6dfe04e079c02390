// CRC-32C (Castagnoli), as in RFC 3720, appendix B.4: catches every burst of up to 32 bits.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

namespace fieldpost {

// `before` continues an earlier sum: crc32c(b, crc32c(a)) is the sum of a followed by b.
std::uint32_t crc32c(std::span<const std::byte> bytes, std::uint32_t before = 0);

}  // namespace fieldpost
