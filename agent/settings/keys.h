// Every key of the configuration, in one table that the reader and the printer walk. A key that is
// not here does not exist; its section is what stands before the dot.
#pragma once

#include <array>
#include <cstdint>
#include <string_view>

#include "agent/json/tree.h"
#include "agent/settings/reading.h"
#include "agent/settings/settings.h"

namespace fieldpost {

// Owner: Settings, or TemplateSettings for the keys within templates.ID.
template <typename Owner>
struct Key {
  std::string_view name;  // "queue.size"; within a template only "language"
  bool required;
  bool (*read)(JsonView value, Settings& all, Owner& owner, Reading& reading);
  void (*put)(const Settings& all, const Owner& owner, TextWriter& out);
};

inline constexpr std::size_t kKeyCount = 44;
inline constexpr std::size_t kTemplateKeyCount = 8;
extern const std::array<Key<Settings>, kKeyCount> kKeys;
extern const std::array<Key<TemplateSettings>, kTemplateKeyCount> kTemplateKeys;

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
