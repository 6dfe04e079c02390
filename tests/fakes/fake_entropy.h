// Entropy that anybody can guess: each byte is what the test says.
#pragma once

#include <algorithm>

#include "agent/port/entropy.h"

namespace fieldpost {

class FakeEntropy final : public Entropy {
 public:
  Status fill(std::span<std::byte> out) override {
    std::ranges::fill(out, std::byte{each});
    return Status::ok;
  }

  std::uint8_t each = 255;
};

}  // namespace fieldpost
