#include "agent/base/number.h"

#include <limits>

namespace fieldpost {

bool take_number(std::string_view& text, std::uint64_t& number) {
  constexpr std::uint64_t kMax = std::numeric_limits<std::uint64_t>::max();
  std::uint64_t value = 0;
  std::size_t digits = 0;
  for (; digits < text.size() && text[digits] >= '0' && text[digits] <= '9'; ++digits) {
    const auto digit = static_cast<std::uint64_t>(text[digits] - '0');
    if (value > (kMax - digit) / 10) return false;
    value = value * 10 + digit;
  }
  if (digits == 0) return false;
  text.remove_prefix(digits);
  number = value;
  return true;
}

}  // namespace fieldpost
