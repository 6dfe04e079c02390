#include "agent/desk/preview_line.h"

#include "agent/json/write.h"
#include "agent/scenario/preview.h"
#include "agent/scenario/scenario.h"

namespace fieldpost {

void put_preview(TextWriter& out, const Settings& settings, const Message& message) {
  const std::optional<Scenario> scenario = find_scenario(settings, message.scenario.view());
  out.put(R"({"ok":true,"dry_run":true)");
  put_json_text(out, "scenario", message.scenario.view());
  put_json_text(out, "to", message.to.view());
  put_json_text(out, "template", message.template_name.view());
  put_json_text(out, "namespace", message.template_namespace.view());
  put_json_text(out, "language", message.language.view());
  put_json_name(out, "values").put('[');
  for (std::size_t i = 0; i < message.values.count(); ++i) {
    put_json_string(put_json_comma(out), message.values[i]);
  }
  out.put(']');
  if (scenario.has_value() && !scenario->text.empty()) {
    // The intake has counted its characters: it fits.
    TextBuffer<limits::values_bytes_max> text;
    render_preview(scenario->text, message.values, text);
    put_json_text(out, "text", text.written());
  }
  out.put("}\n");
}

}  // namespace fieldpost
