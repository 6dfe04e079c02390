#include "agent/outcome/template_list.h"

#include "agent/base/letters.h"
#include "agent/outcome/wanted.h"

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

// Some entries hold their components as a text: those are taken as they are, for the message that
// follows finds out.
bool has_variables(JsonView components, std::int64_t variables) {
  for (const JsonView one : components) {
    const auto text = one.member("text").string();
    if (!text || !same_letters(one.member("type").string().value_or(""), "body")) continue;
    return static_cast<std::int64_t>(variables_of(*text)) == variables;
  }
  return true;
}

}  // namespace

void find_in_templates(JsonView root, std::string_view wanted, Answer& answer) {
  const std::string_view name = take_line(wanted);
  const std::string_view language = take_line(wanted);
  const std::string_view name_space = take_line(wanted);
  const std::int64_t variables = take_count(wanted);
  const JsonView list = root.member("templates");
  answer.parsed = list.is_array();
  for (const JsonView one : list) {
    const JsonView spoken = one.member("language");
    const auto code = spoken.is_object() ? spoken.member("code").string() : spoken.string();
    const auto space = one.member("namespace").string();
    if (one.member("name").string() != name || code != language) continue;
    // It may be missing on one entry and stand on its siblings.
    if (space && !space->empty() && *space != name_space) continue;
    answer.names_template = true;
    answer.sent =
        answer.sent || (same_letters(one.member("status").string().value_or(""), "approved") &&
                        has_variables(one.member("components"), variables));
  }
  const std::int64_t read = take_count(wanted) + static_cast<std::int64_t>(list.size());
  answer.more = list.size() != 0 && read < root.member("total").integer().value_or(0);
}

}  // namespace fieldpost
