// Settings as a small configuration would give them.
#pragma once

#include <gtest/gtest.h>

#include <algorithm>
#include <initializer_list>
#include <memory>
#include <string>
#include <string_view>

#include "agent/settings/settings.h"

namespace fieldpost {

// Puts `text` behind the texts that are there already.
inline void set_text(Settings& settings, TemplateSettings& one, std::string_view text) {
  std::size_t at = 0;
  for (std::size_t i = 0; i < settings.template_count; ++i) {
    const TemplateSettings& other = settings.templates[i];
    at = std::max<std::size_t>(at, other.text_at + other.text_bytes);
  }
  ASSERT_LE(at + text.size(), settings.texts.size());
  std::copy(text.begin(), text.end(), settings.texts.begin() + static_cast<std::ptrdiff_t>(at));
  one.text_at = static_cast<std::uint16_t>(at);
  one.text_bytes = static_cast<std::uint16_t>(text.size());
}

inline void configure(Settings& settings, std::string_view scenario) {
  TemplateSettings& one = settings.templates[settings.template_count++];
  std::string name(scenario);
  std::replace(name.begin(), name.end(), '-', '_');
  ASSERT_EQ(one.scenario.assign(scenario), Status::ok);
  ASSERT_EQ(one.name.assign(name), Status::ok);
  ASSERT_EQ(one.name_space.assign("NS"), Status::ok);
  ASSERT_EQ(one.language.assign("en"), Status::ok);
}

inline void define_scenario(Settings& settings, std::string_view scenario,
                            std::initializer_list<std::string_view> fields,
                            std::string_view text = {}) {
  configure(settings, scenario);
  TemplateSettings& one = settings.templates[settings.template_count - 1];
  for (const std::string_view field : fields) {
    ASSERT_EQ(one.fields.items[one.fields.count++].assign(field), Status::ok);
  }
  set_text(settings, one, text);
}

inline std::unique_ptr<Settings> five_configured() {
  auto settings = std::make_unique<Settings>();
  for (const char* scenario :
       {"stage-completed", "next-step", "action-succeeded", "status-changed", "service-changed"}) {
    configure(*settings, scenario);
  }
  return settings;
}

}  // namespace fieldpost
