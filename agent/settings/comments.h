// Comments in a configuration, which JSON does not have: // to the end of the line, /* … */.
#pragma once

#include <cstddef>
#include <optional>
#include <span>

namespace fieldpost {

// Overwrites them with spaces, so that every other byte keeps its line and column. What stands in
// strings is left alone. Returns where a comment without an end starts, if there is one.
std::optional<std::size_t> blank_comments(std::span<char> text);

}  // namespace fieldpost
