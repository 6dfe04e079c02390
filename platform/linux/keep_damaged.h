// A copy of a damaged region, for whoever wants to know what happened to it.
#pragma once

#include <cstdint>
#include <string_view>

#include "agent/base/log.h"
#include "agent/base/text_writer.h"

namespace fieldpost {

// Copies the region to `<queue_path>.damaged`, and logs what came of it. That name stands for a whole
// copy, and what is there already stays: the first damage is the one to look at. The start waits for
// it, once; it takes no more than half of the room that the disk has left.
void keep_damaged(int region_fd, std::uint64_t bytes, std::string_view queue_path, const Log& log);

// Whether there is such a copy; puts its path.
bool has_damaged(std::string_view queue_path, TextWriter& path);

}  // namespace fieldpost
