// Every key of the configuration, in one table that the reader and the printer walk. A key that is
// not here does not exist; its section is what stands before the dot.
#pragma once

#include <array>
#include <string_view>

#include "agent/settings/key.h"

namespace fieldpost {

inline constexpr std::size_t kKeyCount = 49;
inline constexpr std::size_t kTemplateKeyCount = 8;
extern const std::array<Key, kKeyCount> kKeys;                  // of Settings
extern const std::array<Key, kTemplateKeyCount> kTemplateKeys;  // of TemplateSettings

inline constexpr std::string_view kTemplatesSection = "templates";

// The part before the dot, or "" for a key of the root.
constexpr std::string_view section_of(std::string_view key) {
  const std::size_t dot = key.find('.');
  return dot == std::string_view::npos ? std::string_view() : key.substr(0, dot);
}
// The part after it.
constexpr std::string_view last_of(std::string_view key) {
  return key.substr(key.find('.') + 1);  // npos + 1 is 0
}

}  // namespace fieldpost
