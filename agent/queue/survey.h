// What the first look at a region finds.
#pragma once

#include <cstdint>

#include "agent/queue/queue.h"

namespace fieldpost {

struct Queue::Survey {
  bool any = false;
  std::uint64_t number = 0;  // of the newest commit
  std::uint8_t version = 0;
  std::uint32_t run = 0;  // its segment
  std::uint32_t end = 0;  // the unit behind it
  std::uint32_t reach = 0;
};

}  // namespace fieldpost
