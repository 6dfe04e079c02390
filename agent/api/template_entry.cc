#include "agent/api/template_entry.h"

#include "agent/base/letters.h"

namespace fieldpost {
namespace {

// Distinct ones; each is counted where it stands last.
std::size_t variables_of(std::string_view text) {
  std::size_t count = 0;
  for (std::size_t at = text.find("{{"); at != text.npos; at = text.find("{{", at + 1)) {
    const std::size_t end = text.find("}}", at);
    if (end == text.npos) break;
    if (text.find(text.substr(at, end + 2 - at), at + 1) == text.npos) ++count;
  }
  return count;
}

}  // namespace

bool TemplateEntry::is_approved() const { return same_letters(status, "approved"); }

bool TemplateEntry::is(std::string_view its_name, std::string_view its_language,
                       std::string_view its_name_space) const {
  return name == its_name && language == its_language &&
         (name_space.empty() || name_space == its_name_space);
}

TemplateEntry read_template(JsonView one, JsonArena& beside) {
  const JsonView language = one.member("language");
  TemplateEntry entry{text_of(one.member("name")),
                      text_of(one.member("namespace")),
                      text_of(language.is_object() ? language.member("code") : language),
                      text_of(one.member("status")),
                      {}};
  if (const auto why = one.member("rejected_reason").string(); why && !same_letters(*why, "none")) {
    entry.rejected_for = *why;
  }
  JsonView components = one.member("components");
  if (const auto written = components.string()) {
    JsonFault fault;
    const Result<JsonView> read = parse_json(*written, beside, fault);
    components = read.ok() ? read.value() : JsonView();
  }
  for (const JsonView part : components) {
    const std::string_view text = text_of(part.member("text"));
    if (same_letters(text_of(part.member("type")), "body")) {
      entry.text = text;
      entry.variables = variables_of(text);
      continue;
    }
    const std::string_view format = text_of(part.member("format"));
    entry.takes_more = entry.takes_more || variables_of(text) != 0 ||
                       (!format.empty() && !same_letters(format, "text"));
    for (const JsonView button : part.member("buttons")) {
      entry.takes_more = entry.takes_more || variables_of(text_of(button.member("url"))) != 0;
    }
  }
  return entry;
}

}  // namespace fieldpost
