#include "agent/outcome/template_list.h"

#include "agent/api/template_entry.h"
#include "agent/outcome/wanted.h"

namespace fieldpost {

void find_in_templates(JsonView root, JsonArena& beside, std::string_view wanted, Answer& answer) {
  const std::string_view name = take_line(wanted);
  const std::string_view language = take_line(wanted);
  const std::string_view name_space = take_line(wanted);
  const auto variables = static_cast<std::size_t>(take_count(wanted));
  const JsonView list = root.member("templates");
  answer.parsed = list.is_array();
  for (const JsonView one : list) {
    const TemplateEntry entry = read_template(one, beside);
    if (!entry.is(name, language, name_space)) continue;
    answer.names_template = true;
    answer.sent = answer.sent || (entry.is_approved() && entry.takes(variables));
  }
  const std::int64_t read = take_count(wanted) + static_cast<std::int64_t>(list.size());
  answer.more = list.size() != 0 && read < root.member("total").integer().value_or(0);
}

}  // namespace fieldpost
