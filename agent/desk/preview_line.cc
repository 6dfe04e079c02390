#include "agent/desk/preview_line.h"

#include "agent/json/write.h"
#include "agent/scenario/preview.h"
#include "agent/scenario/scenario.h"

namespace fieldpost {

void put_preview(TextWriter& out, const Settings& settings, const Message& message) {
  const std::optional<Scenario> scenario = find_scenario(settings, message.scenario.view());
  out.put(R"({"ok":true,"dry_run":true,"scenario":)");
  put_json_string(out, message.scenario.view());
  out.put(R"(,"to":)");
  put_json_string(out, message.to.view());
  out.put(R"(,"template":)");
  put_json_string(out, message.template_name.view());
  out.put(R"(,"namespace":)");
  put_json_string(out, message.template_namespace.view());
  out.put(R"(,"language":)");
  put_json_string(out, message.language.view());
  out.put(R"(,"values":[)");
  for (std::size_t i = 0; i < message.values.count(); ++i) {
    if (i > 0) out.put(',');
    put_json_string(out, message.values[i]);
  }
  out.put(']');
  if (scenario.has_value() && !scenario->text.empty()) {
    // The intake has counted its characters: it fits.
    TextBuffer<limits::values_bytes_max> text;
    render_preview(scenario->text, message.values, text);
    out.put(R"(,"text":)");
    put_json_string(out, text.written());
  }
  out.put("}\n");
}

}  // namespace fieldpost
