// The lines of a request's body that say what to look for in its answer.
#pragma once

#include <cstdint>
#include <string_view>

namespace fieldpost {

std::string_view take_line(std::string_view& lines);  // without its end; "" when there is no more
std::int64_t take_count(std::string_view& lines);     // 0 for a line that is no number

}  // namespace fieldpost
