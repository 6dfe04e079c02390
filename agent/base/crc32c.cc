#include "agent/base/crc32c.h"

#include <array>

namespace fieldpost {
namespace {

constexpr std::uint32_t kReversedPolynomial = 0x82f63b78;

// Made when the first sum is wanted: 1 KiB of memory, and not of the program. A recovery sums all
// that the log holds, twice; without a table of whole bytes that takes far longer than reading it.
constinit std::array<std::uint32_t, 256> table{};

void make_table() {
  for (std::uint32_t i = 0; i < table.size(); ++i) {
    std::uint32_t sum = i;
    for (int bit = 0; bit < 8; ++bit) {
      sum = (sum >> 1) ^ ((sum & 1) != 0 ? kReversedPolynomial : 0);
    }
    table[i] = sum;
  }
}

}  // namespace

std::uint32_t crc32c(std::span<const std::byte> bytes, std::uint32_t before) {
  if (table[1] == 0) make_table();
  std::uint32_t sum = ~before;
  for (const std::byte byte : bytes) {
    sum = (sum >> 8) ^ table[(sum ^ static_cast<std::uint32_t>(byte)) & 0xff];
  }
  return ~sum;
}

}  // namespace fieldpost
