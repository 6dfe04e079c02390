#include "agent/settings/settings.h"

namespace fieldpost {

const TemplateSettings* Settings::find_template(std::string_view scenario) const {
  for (std::size_t i = 0; i < template_count; ++i) {
    if (templates[i].scenario == scenario) return &templates[i];
  }
  return nullptr;
}

}  // namespace fieldpost
