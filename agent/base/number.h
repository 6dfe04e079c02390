// Decimal numbers as they stand in texts.
#pragma once

#include <cstdint>
#include <string_view>

namespace fieldpost {

// Takes the digits off that `text` starts with. False, and both as they were: it starts with none,
// or they are a number beyond 64 bits.
bool take_number(std::string_view& text, std::uint64_t& number);

}  // namespace fieldpost
