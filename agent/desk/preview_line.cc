#include "agent/desk/preview_line.h"

#include "agent/desk/store_line.h"
#include "agent/json/write.h"
#include "agent/scenario/preview.h"
#include "agent/scenario/scenario.h"

namespace fieldpost {

void put_preview(TextWriter& out, const Settings& settings, const Message& message) {
  const std::optional<Scenario> scenario = find_scenario(settings, message.scenario.view());
  out.put(R"({"ok":true,"dry_run":true)");
  put_request(out, message);
  if (scenario.has_value() && !scenario->text.empty()) {
    // The intake has counted its characters: it fits.
    TextBuffer<limits::values_bytes_max> text;
    render_preview(scenario->text, message.values, text);
    put_json_text(out, "text", text.written());
    const TemplateSettings* const configured = scenario->configured;
    if (configured == nullptr || configured->text_bytes == 0) {
      put_json_bool(out, "approximate", true);
    }
  }
  out.put("}\n");
}

}  // namespace fieldpost
