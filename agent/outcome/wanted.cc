#include "agent/outcome/wanted.h"

#include <algorithm>

#include "agent/base/number.h"

namespace fieldpost {

std::string_view take_line(std::string_view& lines) {
  const std::string_view line = lines.substr(0, lines.find('\n'));
  lines.remove_prefix(std::min(line.size() + 1, lines.size()));
  return line;
}

std::int64_t take_count(std::string_view& lines) {
  std::string_view line = take_line(lines);
  std::uint64_t count = 0;
  return take_number(line, count) ? static_cast<std::int64_t>(count) : 0;
}

}  // namespace fieldpost
