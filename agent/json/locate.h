// Where in a text a value stands: cJSON forgets it, and an error that names no line is no help.
#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <string_view>

namespace fieldpost {

// The offset of a member's key, or of an array's element. `path` leads there from the root:
// {"templates", "next-step", "namespace"}, and in an array the index in digits. The empty path is
// the root. Nothing if the path leads nowhere.
//
// Reads the text from its start each time: for errors and for start-up.
// REQUIRES: `text` has passed check_json().
std::optional<std::size_t> locate_json(std::string_view text,
                                       std::span<const std::string_view> path);

}  // namespace fieldpost
