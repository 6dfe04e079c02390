// What only the whole configuration can show.
#include "agent/scenario/scenario.h"
#include "agent/settings/near.h"
#include "agent/settings/reader.h"

namespace fieldpost {
namespace {

void push_dotted(KeyPath& path, std::string_view key) {
  if (!section_of(key).empty()) path.push(section_of(key));
  path.push(last_of(key));
}

}  // namespace

Status SettingsReader::finish() {
  if (error_.size() > 0) return Status::invalid;
  reading_.path.clear();
  TRY(check_missing());
  TRY(check_scenarios());
  return check_together();
}

Status SettingsReader::check_missing() {
  for (std::size_t i = 0; i < kKeys.size(); ++i) {
    if (!kKeys[i].required || origins_[i].set) continue;
    push_dotted(reading_.path, kKeys[i].name);
    return missing(origins_[i]);
  }
  return Status::ok;
}

Status SettingsReader::check_scenarios() {
  std::size_t own = 0;
  for (std::size_t at = 0; at < settings_.template_count; ++at) {
    const TemplateSettings& one = settings_.templates[at];
    reading_.path.push(kTemplatesSection);
    reading_.path.push(one.scenario.view());
    const bool known = find_known_scenario(one.scenario.view()) != nullptr;
    own += known ? 0 : 1;
    // Before what is missing in it: of a mistyped name that would be the wrong news.
    if (!known && one.fields.count == 0) {
      NearestWord near(one.scenario.view());
      for (const KnownScenario& scenario : kKnownScenarios) near.offer(scenario.id);
      reading_.words.put(R"(unknown scenario; one of your own needs "fields")"_packed);
      near.put(reading_.words);
      return fail(template_origins_[at].back());
    }
    if (own + kKnownScenarios.size() > limits::scenarios_max) {
      reading_.words.put("too many scenarios: there is room for "_packed);
      reading_.words.put_number(limits::scenarios_max - kKnownScenarios.size());
      reading_.words.put(" of your own"_packed);
      return fail(template_origins_[at].back());
    }
    for (std::size_t i = 0; i < kTemplateKeys.size(); ++i) {
      if (!kTemplateKeys[i].required || template_origins_[at][i].set) continue;
      reading_.path.push(kTemplateKeys[i].name);
      return missing(template_origins_[at][i]);
    }
    reading_.path.clear();
  }
  return Status::ok;
}

// Keys that are sound alone and contradict each other.
Status SettingsReader::check_together() {
  if (settings_.retry.max < settings_.retry.first) {
    push_dotted(reading_.path, "retry.max");
    reading_.words.put("must not be shorter than retry.first"_packed);
    return fail(origin_of("retry.max").set ? origin_of("retry.max") : origin_of("retry.first"));
  }
  if (settings_.phone.national_digits_count > 0 && settings_.phone.country_code.empty()) {
    push_dotted(reading_.path, "phone.national_digits");
    reading_.words.put("needs phone.country_code"_packed);
    return fail(origin_of("phone.national_digits"));
  }
  if (!settings_.intake.webhook.empty() && settings_.intake.webhook_path_file.empty()) {
    push_dotted(reading_.path, "intake.webhook");
    reading_.words.put("needs intake.webhook_path_file"_packed);
    return fail(origin_of("intake.webhook"));
  }
  TRY(check_allowed("intake.allow", settings_.intake.allow));
  return check_allowed("intake.apps", settings_.intake.apps);
}

Status SettingsReader::check_allowed(const char* key, const AllowanceList& list) {
  for (std::size_t i = 0; i < list.count; ++i) {
    const auto& scenarios = list.items[i].scenarios;
    for (std::size_t j = 0; j < scenarios.count; ++j) {
      if (find_scenario(settings_, scenarios.items[j].view())) continue;
      push_dotted(reading_.path, key);
      reading_.path.push_index(i);
      reading_.path.push("scenarios");
      reading_.path.push_index(j);
      reading_.words.put("there is no such scenario"_packed);
      return fail(origin_of(key));
    }
  }
  return Status::ok;
}

const SettingsReader::Origin& SettingsReader::origin_of(std::string_view key) const {
  std::size_t i = 0;
  while (key != kKeys[i].name) ++i;
  return origins_[i];
}

}  // namespace fieldpost
