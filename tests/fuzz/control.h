// What no words for people, no log line and no screen may hold.
#pragma once

#include <algorithm>
#include <string_view>

namespace fieldpost::fuzz {

inline bool has_control(std::string_view text) {
  return std::ranges::any_of(
      text, [](char c) { return static_cast<unsigned char>(c) < ' ' || c == 127; });
}

}  // namespace fieldpost::fuzz
