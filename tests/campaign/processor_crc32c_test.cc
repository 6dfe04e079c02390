#include "tests/campaign/processor_crc32c.h"

#include <gtest/gtest.h>

#include <random>
#include <vector>

#include "agent/base/crc32c.h"

namespace fieldpost::campaign {
namespace {

TEST(ProcessorCrc32c, AnyBytes_SumIsTheAgents) {
  std::mt19937_64 random(1);
  std::vector<std::byte> bytes(300);
  for (std::byte& byte : bytes) byte = static_cast<std::byte>(random());
  for (std::size_t from = 0; from < 9; ++from) {
    for (std::size_t length = 0; length + from <= bytes.size(); ++length) {
      const auto stretch = std::span(bytes).subspan(from, length);
      const auto before = static_cast<std::uint32_t>(random());
      ASSERT_EQ(processor_crc32c(stretch), crc32c(stretch));
      ASSERT_EQ(processor_crc32c(stretch, before), crc32c(stretch, before));
    }
  }
}

}  // namespace
}  // namespace fieldpost::campaign
