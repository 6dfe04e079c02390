// The program after the next update: the same queue, whose newest format is version 2. It lives in a
// namespace of its own (tests/CMakeLists.txt), so that both programs can have a turn at one region.
#pragma once

#include <cstddef>
#include <vector>

namespace next_program {

struct Region {
  bool opens = false;
  unsigned version = 0;  // that it writes
  std::size_t live = 0;
  std::vector<std::byte> bytes;
};

// Opens the region of the fakes' usual file, and takes so many messages, after an upgrade if told to.
Region run(const std::vector<std::byte>& bytes, int takes, bool upgrades);

}  // namespace next_program
