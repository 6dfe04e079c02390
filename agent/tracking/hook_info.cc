#include "agent/tracking/hook_info.h"

#include "agent/tracking/hook.h"

namespace fieldpost {

void read_hook_info(const RawAnswer& raw, JsonArena& arena, Answer& answer) {
  answer.http = raw.http;
  answer.parsed = false;
  answer.news = State::queued;
  answer.code = 0;
  answer.time = {};
  answer.detail.clear();
  JsonFault fault;
  const Result<JsonView> root = parse_json(raw.body, arena, fault);
  if (!root.ok() || raw.http < 200 || raw.http > 299) return;
  const JsonView hooks = root.value().member("hooks");
  // A list without entries is null for some, and of an unknown id others speak of an error.
  answer.parsed = hooks.is_array() || hooks.is_null() || root.value().member("error").exists();
  if (!answer.parsed) return;
  Said said;
  for (const JsonView hook : hooks) {
    const JsonView id = hook.member("id");
    if (!id.exists() || id.string() == raw.wanted) add_hook(hook, answer, said);
  }
  said.keep(raw.token, answer);
}

}  // namespace fieldpost
