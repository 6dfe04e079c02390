#include "agent/scenario/scenario.h"

#include "agent/base/letters.h"

namespace fieldpost {
namespace {

struct Hint {
  const char* field;
  PackedText words;
};

constexpr std::array kHints = {
    Hint{"customerName", "the customer's name, as the message greets them (Maria)"_packed},
    Hint{"stage", "completed stage name (document upload, identity verification, payment)"_packed},
    Hint{"nextStep",
         "what follows (manager review within 2 business days; upload documents; wait for the "
         "manager's call; access activated; receipt sent by email)"_packed},
    Hint{
        "process",
        "process, case or entity (loan application, order #12345, onboarding, support ticket)"_packed},
    Hint{"action", "completed action (payment, subscription activation, profile update)"_packed},
    Hint{"status", "new status label (Shipped, Under review, Approved)"_packed},
    Hint{"service", "service or process (home delivery, onboarding, maintenance visit)"_packed},
    Hint{"details",
         "change summary (new date 25 June 10:00–12:00, added document upload step)"_packed},
};

consteval bool every_known_field_has_a_hint() {
  for (const KnownScenario& scenario : kKnownScenarios) {
    for (const std::string_view field : scenario.fields) {
      bool found = false;
      for (const Hint& hint : kHints) found = found || field == hint.field;
      if (!found) return false;
    }
  }
  return true;
}
static_assert(every_known_field_has_a_hint());

Scenario known(const Settings& settings, const KnownScenario& one) {
  Scenario scenario;
  scenario.id = one.id;
  scenario.title = one.title;
  scenario.text = one.text;
  scenario.button = one.button;
  scenario.field_count = one.fields.size();
  for (std::size_t i = 0; i < one.fields.size(); ++i) scenario.field_names[i] = one.fields[i];
  scenario.configured = settings.find_template(one.id);
  if (scenario.configured != nullptr && scenario.configured->text_bytes > 0) {
    scenario.text = settings.text_of(*scenario.configured);
  }
  return scenario;
}

Scenario defined(const Settings& settings, const TemplateSettings& one) {
  Scenario scenario;
  scenario.id = one.scenario.view();
  scenario.text = settings.text_of(one);
  scenario.field_count = one.fields.count;
  for (std::size_t i = 0; i < one.fields.count; ++i) {
    scenario.field_names[i] = one.fields.items[i].view();
  }
  scenario.configured = &one;
  return scenario;
}

}  // namespace

const KnownScenario* find_known_scenario(std::string_view id) {
  for (const KnownScenario& one : kKnownScenarios) {
    if (id == one.id) return &one;
  }
  return nullptr;
}

std::optional<std::size_t> Scenario::position_of(std::string_view field) const {
  for (std::size_t i = 0; i < field_count; ++i) {
    if (field_names[i] == field) return i;
  }
  return std::nullopt;
}

std::optional<Scenario> find_scenario(const Settings& settings, std::string_view id) {
  if (const KnownScenario* one = find_known_scenario(id)) return known(settings, *one);
  if (const TemplateSettings* one = settings.find_template(id)) return defined(settings, *one);
  return std::nullopt;
}

std::size_t scenario_count(const Settings& settings) {
  std::size_t count = kKnownScenarios.size();
  for (std::size_t i = 0; i < settings.template_count; ++i) {
    if (find_known_scenario(settings.templates[i].scenario.view()) == nullptr) ++count;
  }
  return count;
}

Scenario scenario_at(const Settings& settings, std::size_t i) {
  if (i < kKnownScenarios.size()) return known(settings, kKnownScenarios[i]);
  std::size_t left = i - kKnownScenarios.size();
  for (std::size_t k = 0; k < settings.template_count; ++k) {
    const TemplateSettings& one = settings.templates[k];
    if (find_known_scenario(one.scenario.view()) != nullptr) continue;
    if (left-- == 0) return defined(settings, one);
  }
  ASSERT(i < scenario_count(settings));
  return {};
}

PackedText field_hint(std::string_view field) {
  for (const Hint& hint : kHints) {
    if (field == hint.field) return hint.words;
  }
  return ""_packed;
}

void put_flag(TextWriter& out, std::string_view field) {
  out.put("--");
  for (std::size_t i = 0; i < field.size(); ++i) {
    if (!is_capital(field[i])) {
      out.put(field[i]);
    } else {
      if (i > 0) out.put('-');
      out.put(small(field[i]));
    }
  }
}

bool is_flag_of(std::string_view field, std::string_view flag) {
  TextBuffer<2 + 2 * limits::field_name_bytes_max> own;
  put_flag(own, field);
  return !own.overflowed() && own.written() == flag;
}

}  // namespace fieldpost
