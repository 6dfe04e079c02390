#include "agent/base/crc32c.h"

#include <array>

#include "agent/base/bytes.h"
#include "config/limits.h"

namespace fieldpost {
namespace {

constexpr std::uint32_t kReversedPolynomial = 0x82f63b78;

// Two bytes at a time: a recovery sums all that the log holds, twice, which would take longer than
// reading it. Made when the first sum is wanted, so that it is no part of the program.
constinit std::array<std::uint32_t, limits::sum_table_bytes / 4> table{};
static_assert(table.size() == 2 * 256);

void make_table() {
  for (std::uint32_t i = 0; i < table.size(); ++i) {
    std::uint32_t sum = i < 256 ? i : table[i - 256];
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
  for (; bytes.size() >= 2; bytes = bytes.subspan(2)) {
    sum ^= load_le<std::uint16_t>(bytes.first<2>());
    sum = (sum >> 16) ^ table[256 + (sum & 0xff)] ^ table[sum >> 8 & 0xff];
  }
  for (const std::byte byte : bytes) {
    sum = (sum >> 8) ^ table[(sum ^ static_cast<std::uint32_t>(byte)) & 0xff];
  }
  return ~sum;
}

}  // namespace fieldpost
