#include "agent/desk/scenario_line.h"

#include "agent/json/write.h"

namespace fieldpost {
namespace {

// What put_json_string() writes between the quotes, or a little more.
std::size_t escaped_bytes(std::string_view text) {
  std::size_t sum = 0;
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    sum += byte < 0x20 ? 6 : (c == '"' || c == '\\' ? 2 : 1);
  }
  return sum;
}

struct Hint : TextBuffer<192> {
  explicit Hint(std::string_view field) {
    put(field_hint(field));
    ASSERT(!overflowed());
  }
};

}  // namespace

void put_scenario(TextWriter& out, const Scenario& scenario) {
  out.put('{');
  put_json_text(out, "scenario", scenario.id);
  put_json_bool(out, "configured", scenario.configured != nullptr);
  put_json_text_if_any(out, "title", scenario.title);
  if (scenario.configured != nullptr) {
    put_json_text_if_any(out, "language", scenario.configured->language.view());
    put_json_bool(out, "require_opt_in", scenario.configured->require_opt_in);
  }
  put_json_name(out, "fields").put('[');
  for (const std::string_view field : scenario.fields()) {
    put_json_comma(out).put('{');
    put_json_text(out, "name", field);
    put_json_name(out, "flag").put('"');
    put_flag(out, field);
    out.put('"');
    put_json_text_if_any(out, "hint", Hint(field).written());
    out.put('}');
  }
  out.put(']');
  put_json_text_if_any(out, "button", scenario.button);
  put_json_text_if_any(out, "text", scenario.text);
  out.put("}\n");
}

std::size_t scenario_line_bytes(const Scenario& scenario) {
  std::size_t sum = 256 + 2 * limits::language_bytes_max + escaped_bytes(scenario.id) +
                    escaped_bytes(scenario.title) + escaped_bytes(scenario.button) +
                    escaped_bytes(scenario.text);
  for (const std::string_view field : scenario.fields()) {
    sum += 64 + 3 * escaped_bytes(field) + escaped_bytes(Hint(field).written());
  }
  return sum;
}

}  // namespace fieldpost
