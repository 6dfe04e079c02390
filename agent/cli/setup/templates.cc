// templates: what the channel has, their texts kept for previews, and a new one handed in.
#include <algorithm>
#include <bit>

#include "agent/base/shown.h"
#include "agent/base/utf8.h"
#include "agent/cli/commands.h"
#include "agent/cli/local.h"
#include "agent/cli/setup/template_walk.h"
#include "agent/cli/words.h"
#include "agent/json/write.h"
#include "agent/scenario/scenario.h"

namespace fieldpost {
namespace {

int list_templates(Call& call, ApiCall& api) {
  TemplateWalk walk(call, api);
  for (TemplateEntry entry; walk.next(entry);) {
    // JSON.stringify makes no string longer than it came.
    TextBuffer<limits::answer_body_bytes_max + 512> line;
    if (call.json) {
      line.put('{');
      put_json_text(line, "name", entry.name);
      put_json_text(line, "language", entry.language);
      put_json_text(line, "status", entry.status);
      put_json_number(line, "variables", entry.variables);
      put_json_text_if_any(line, "namespace", entry.name_space);
      put_json_text_if_any(line, "text", entry.text);
      line.put('}');
    } else {
      constexpr std::size_t kColumns[] = {26, 7, 10};
      std::size_t i = 0;
      for (const std::string_view cell : {entry.name, entry.language, entry.status}) {
        TextBuffer<64> shown;
        put_shown(shown, cell);
        put_cell(line, shown.written(), kColumns[i++]);
        line.put(' ');
      }
      line.put_number(entry.variables).put(" variables  "_packed);
      put_shown(line, entry.name_space);
    }
    call.shell.out(line.put('\n').written());
  }
  return walk.failed() ? api.report() : int{kDone};
}

// --- --save ----------------------------------------------------------------------------------------

// Where texts of templates are kept: read after the configuration beside which it lies.
constexpr const char* kTextsFile = "/conf.d/template-texts.json";

int save_texts(Call& call, const Settings& settings, ApiCall& api) {
  std::uint32_t saved = 0;  // a bit for each of the settings' templates
  static_assert(limits::scenarios_max <= 32);
  TextBuffer<2 * limits::template_texts_bytes_max> file;
  file.put("{\"templates\": {");
  TemplateWalk walk(call, api);
  for (TemplateEntry entry; walk.next(entry);) {
    if (!entry.is_approved() || entry.text.empty()) continue;
    for (std::size_t i = 0; i < settings.template_count; ++i) {
      const TemplateSettings& one = settings.templates[i];
      if (!entry.is(one.name.view(), one.language.view(), one.name_space.view())) continue;
      // One may stand in the list with and without its namespace.
      if (((saved >> i) & 1u) != 0) continue;
      if (count_characters(entry.text) > limits::text_chars_max) continue;
      file.put(saved == 0 ? "\n  " : ",\n  ");
      saved |= 1u << i;
      put_json_string(file, one.scenario.view());
      put_json_string(file.put(": {\"text\": "), entry.text);
      file.put('}');
    }
  }
  file.put("\n}}\n");
  if (walk.failed()) return api.report();
  if (saved == 0) {
    return report_fault(call, kRefused,
                        "none of the templates is approved; nothing is written"_packed);
  }
  if (file.overflowed()) {
    return report_fault(call, kConfiguration, "the texts have no room: 16 KiB together"_packed);
  }
  TextBuffer<2 * limits::file_path_bytes_max> path, words;
  put_beside_configuration(path, call.shell, kTextsFile);
  if (call.shell.put_file(FileKind::part_of_it, path.written(), file.written()) != Status::ok) {
    return report_trouble(call);
  }
  words.put_number(static_cast<std::uint64_t>(std::popcount(saved)))
      .put(" texts are in "_packed)
      .put(path.written());
  if (call.json) put_object(call, R"({"ok":true})");
  words.put("; a running agent reads them on SIGHUP\n"_packed);
  call.shell.err(words.written());
  return kDone;
}

// --- add -------------------------------------------------------------------------------------------

// The first example of a field's hint: "completed stage name (document upload, …)".
void put_example(TextWriter& out, std::string_view field) {
  TextBuffer<192> hint;
  hint.put(field_hint(field));
  const std::string_view text = hint.written();
  const std::size_t at = std::min(text.find('(') + 1, text.size());
  const std::string_view example = text.substr(at, text.find_first_of(",;)", at) - at);
  put_json_string(out, example.empty() ? field : example);
}

void put_template(TextWriter& out, const Scenario& scenario, std::string_view language,
                  std::string_view category, std::string_view url) {
  out.put('{');
  if (scenario.configured != nullptr) {
    put_json_text(out, "name", scenario.configured->name.view());
  } else {
    TextBuffer<limits::scenario_id_bytes_max> name;
    for (const char c : scenario.id) name.put(c == '-' ? '_' : c);
    put_json_text(out, "name", name.written());
  }
  put_json_text(out, "category", category);
  put_json_text(out, "language", language);
  out.put(R"(,"components":[{"type":"BODY")");
  put_json_text(out, "text", scenario.text);
  out.put(R"(,"example":{"body_text":[[)");
  for (const std::string_view field : scenario.fields()) put_example(put_json_comma(out), field);
  out.put("]]}}");
  if (!scenario.button.empty()) {
    out.put(R"(,{"type":"BUTTONS","buttons":[{"type":"URL")");
    put_json_text(out, "text", scenario.button);
    put_json_text(out, "url", url);
    out.put("}]}");
  }
  out.put("]}");
}

int add_template(Call& call, const Settings& settings, ApiCall& api, std::string_view id) {
  const Arguments& given = call.arguments;
  const auto scenario = find_scenario(settings, id);
  if (!scenario || scenario->text.empty()) {
    return report_usage(call, "there is no text for a scenario "_packed, id);
  }
  std::string_view language = given.value_of("--language");
  if (language.empty() && scenario->configured) language = scenario->configured->language.view();
  if (language.empty()) language = "en";
  const KnownScenario* const known = find_known_scenario(id);
  if (known != nullptr && scenario->text == known->text && !language.starts_with("en")) {
    return report_usage(call, "its text is English: write templates.ID.text in "_packed, language);
  }
  const std::string_view url = given.value_of("--url");
  if (!scenario->button.empty() && !url.starts_with("https://")) {
    return report_usage(call, "--url https://… is missing, for the button "_packed,
                        scenario->button);
  }
  const std::string_view category = given.value_of("--category");
  TextBuffer<limits::request_body_bytes_max> body;
  put_template(body, *scenario, language, category.empty() ? "TRANSACTIONAL" : category, url);
  if (body.overflowed()) return report_usage(call, "too long: "_packed, url);
  call.shell.err(body.written());
  call.shell.err("\n");
  if (!given.has("--yes") && !call.shell.confirm("Hand this template in?")) {
    return report_fault(call, kRefused,
                        "nothing was handed in; --yes does without the question"_packed);
  }
  if (!api.post("addTemplate", body.written())) return api.report();
  if (call.json) {
    put_object(call, R"({"ok":true})");
  } else {
    put_out(call.shell,
            "Handed in. WhatsApp looks at it; fieldpost templates shows how it is.\n"_packed);
  }
  return kDone;
}

}  // namespace

int templates_main(Call& call) {
  const auto operands = call.arguments.operands();
  const bool adds = !operands.empty();
  if (adds && operands[0] != "add") {
    return report_usage(call, "there is no templates command "_packed, operands[0]);
  }
  if (operands.size() == 1) return report_usage(call, "add takes the id of a scenario"_packed);
  const Settings* const settings = call.shell.settings();
  if (settings == nullptr) return report_trouble(call);
  ApiCall api(call, settings->api);
  if (adds) return add_template(call, *settings, api, operands[1]);
  return call.arguments.has("--save") ? save_texts(call, *settings, api)
                                      : list_templates(call, api);
}

}  // namespace fieldpost
