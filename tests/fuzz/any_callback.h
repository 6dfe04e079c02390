// The reader of callbacks, put before any bytes.
#pragma once

#include <string>
#include <string_view>

namespace fieldpost::fuzz {

// Reads it to its end, piece by piece. Returns what is wrong, or nothing: a piece that no keeper
// would take, or another number of news than was said.
std::string wrong_with_callback(std::string_view body);

}  // namespace fieldpost::fuzz
