// Words from outside, as they may be shown again.
#pragma once

#include <cstddef>
#include <string_view>

#include "agent/base/text_writer.h"

namespace fieldpost {

// Writes `words` cut to `bytes_max` bytes, "…" included, with '?' for what is not UTF-8 or could
// steer a terminal.
void put_shown(TextWriter& out, std::string_view words, std::size_t bytes_max = 48 + 3);

}  // namespace fieldpost
