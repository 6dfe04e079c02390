// What a device must provide: bytes that nobody can guess.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

#include "agent/base/status.h"

namespace fieldpost {

class Entropy {
 public:
  // Fills all of `out`.
  //   io: the device has none to give.
  virtual Status fill(std::span<std::byte> out) = 0;

 protected:
  ~Entropy() = default;
};

}  // namespace fieldpost
