#include "agent/outcome/history.h"

#include "agent/outcome/wanted.h"

namespace fieldpost {
namespace {

// 1 in some answers, true in others.
bool is_yes(JsonView value) { return value.boolean() == true || value.integer() == 1; }

bool holds_all(std::string_view body, std::string_view values) {
  while (!values.empty()) {
    if (body.find(take_line(values)) == body.npos) return false;
  }
  return true;
}

}  // namespace

JsonView find_in_history(JsonView root, std::string_view wanted) {
  const std::int64_t from = take_count(wanted);
  const std::int64_t until = take_count(wanted);
  const std::string_view chat = take_line(wanted);
  JsonView found;
  for (const JsonView one : root.member("messages")) {
    const auto time = one.member("time").integer();
    const std::string_view body = text_of(one.member("body"));
    const bool ours = is_yes(one.member("self")) || is_yes(one.member("fromMe"));
    if (!ours || one.member("chatId").string() != chat || !time || *time < from || *time > until ||
        (!body.empty() && !holds_all(body, wanted))) {
      continue;
    }
    // The same one may be listed twice.
    if (found.exists() && found.member("id").string() != one.member("id").string()) return {};
    found = one;
  }
  return found;
}

}  // namespace fieldpost
