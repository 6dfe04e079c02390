// The campaign's own crc32c(), in place of agent/base/crc32c.cc; a unit test holds them to the same.
#include "agent/base/crc32c.h"

#include "tests/campaign/processor_crc32c.h"

namespace fieldpost {

std::uint32_t crc32c(std::span<const std::byte> bytes, std::uint32_t before) {
  return campaign::processor_crc32c(bytes, before);
}

}  // namespace fieldpost
