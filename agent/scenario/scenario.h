// What can be sent: a scenario is a template in words of the field, with the names of its
// variables in the order of {{1}}, {{2}}, ….
#pragma once

#include <array>
#include <cstddef>
#include <optional>
#include <span>
#include <string_view>

#include "agent/base/packed_text.h"
#include "agent/base/text_writer.h"
#include "agent/settings/settings.h"
#include "config/limits.h"

namespace fieldpost {

// One of the five that Fieldpost knows from the start. Plain pointers, for views would double the
// size of the table.
struct KnownScenario {
  const char* id;
  const char* title;
  std::array<const char*, 3> fields;
  const char* text;    // for previews; the template of a channel may be worded differently
  const char* button;  // stands in the template, is never sent
};

inline constexpr std::array kKnownScenarios = {
    KnownScenario{"stage-completed",
                  "stage completion",
                  {"customerName", "stage", "nextStep"},
                  "Hello, {{1}}! Stage \"{{2}}\" completed successfully. Moving to the next step: "
                  "{{3}} If you need help — we are here.",
                  "Open portal"},
    KnownScenario{"next-step",
                  "next step",
                  {"customerName", "process", "nextStep"},
                  "Hello, {{1}}! For your process \"{{2}}\", the next step is: {{3}} If you need "
                  "help — we are here.",
                  "Open portal"},
    KnownScenario{"action-succeeded",
                  "action success confirmation",
                  {"customerName", "action", "nextStep"},
                  "Hello, {{1}}! Action \"{{2}}\" completed successfully. {{3}} Thank you for "
                  "using our service.",
                  "Open website"},
    KnownScenario{"status-changed",
                  "status change",
                  {"customerName", "process", "status"},
                  "Hello {{1}}, the status of your {{2}} has been updated to: {{3}}. You can view "
                  "the full details on our website. Thank you for staying with us — we will notify "
                  "you of any further changes.",
                  "View status"},
    KnownScenario{"service-changed",
                  "service process change",
                  {"customerName", "service", "details"},
                  "Hello, {{1}}! The status of your {{2}} has been updated. {{3}} If you need help "
                  "— we are here.",
                  "Learn more"},
};
static_assert(kKnownScenarios.size() <= limits::scenarios_max);

// nullptr: not one of the five.
const KnownScenario* find_known_scenario(std::string_view id);

// A scenario as this configuration has it. The views point into the settings or into the table
// above, and live as long as the settings do.
struct Scenario {
  std::string_view id;
  std::string_view title;   // empty for those that the configuration defines
  std::string_view text;    // empty: not known, no preview
  std::string_view button;  // empty: not known
  std::size_t field_count = 0;
  std::array<std::string_view, limits::fields_max> field_names;
  const TemplateSettings* configured = nullptr;  // nullptr: known, but not in the configuration

  std::span<const std::string_view> fields() const { return {field_names.data(), field_count}; }
  // Where the field stands in fields(), if it does.
  std::optional<std::size_t> position_of(std::string_view field) const;
};

// Nothing: neither one of the five nor defined by the configuration.
std::optional<Scenario> find_scenario(const Settings&, std::string_view id);

// All of them, in a steady order: the five, then those that the configuration defines.
std::size_t scenario_count(const Settings&);
Scenario scenario_at(const Settings&, std::size_t i);

// What to write into a field, with examples; empty for a field that the configuration defines.
PackedText field_hint(std::string_view field);

// Field customerName is --customer-name on the command line: a capital becomes a dash and its small
// letter.
void put_flag(TextWriter& out, std::string_view field);          // "--customer-name"
bool is_flag_of(std::string_view field, std::string_view flag);  // `flag` with its dashes

}  // namespace fieldpost
