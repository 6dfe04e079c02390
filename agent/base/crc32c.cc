#include "agent/base/crc32c.h"

#include <array>

namespace fieldpost {
namespace {

// Sixteen entries instead of 256: two look-ups a byte, but 64 bytes of flash instead of 1 KiB, and
// a commit of 4 KiB is still summed far faster than any flash takes it.
constexpr std::array<std::uint32_t, 16> make_table() {
  constexpr std::uint32_t kReversedPolynomial = 0x82f63b78;
  std::array<std::uint32_t, 16> table{};
  for (std::uint32_t i = 0; i < table.size(); ++i) {
    std::uint32_t sum = i;
    for (int bit = 0; bit < 4; ++bit) {
      sum = (sum >> 1) ^ ((sum & 1) != 0 ? kReversedPolynomial : 0);
    }
    table[i] = sum;
  }
  return table;
}
constexpr std::array<std::uint32_t, 16> kTable = make_table();

}  // namespace

std::uint32_t crc32c(std::span<const std::byte> bytes, std::uint32_t before) {
  std::uint32_t sum = ~before;
  for (const std::byte byte : bytes) {
    sum ^= static_cast<std::uint32_t>(byte);
    sum = (sum >> 4) ^ kTable[sum & 15];
    sum = (sum >> 4) ^ kTable[sum & 15];
  }
  return ~sum;
}

}  // namespace fieldpost
