#include "agent/panel/sessions.h"

#include <algorithm>

#include "agent/base/secret.h"
#include "agent/base/utf8.h"
#include "agent/desk/error.h"
#include "agent/json/tree.h"
#include "agent/json/write.h"

namespace fieldpost {
namespace {

constexpr Duration kSessionLasts = 8_h;

std::uint16_t refuse(TextWriter& out, std::uint16_t http, PackedText words,
                     std::string_view field = {}) {
  put_error(out, error_of_http(http), words, field);
  return http;
}

}  // namespace

std::uint16_t PanelSessions::open(std::string_view body, std::string_view pin, const Secret& secret,
                                  Instant now, JsonArena& arena, TextWriter& out) {
  JsonFault fault;
  const Result<JsonView> root = parse_json(body, arena, fault);
  if (!root.ok() || !root.value().is_object()) {
    return refuse(out, 400, "the body must be a JSON object"_packed);
  }
  for (const JsonView one : root.value()) {
    if (one.name() != "pin" && one.name() != "operator") {
      return refuse(out, 422, "is not known here"_packed, cut_to(one.name(), 32));
    }
  }
  PanelSession begun;
  const std::string_view name = text_of(root.value().member("operator"));
  if (name.empty() || begun.operator_name.assign(name) != Status::ok) {
    return refuse(out, 422, "must be a name of at most 64 bytes"_packed, "operator");
  }
  if (!is_secret(text_of(root.value().member("pin")), pin)) {
    return refuse(out, 401, "this PIN is not right"_packed, "pin");
  }
  TextBuffer<32> token;
  for (const std::byte one : secret) token.put_hex(std::to_integer<std::uint8_t>(one), 2);
  MUST(begun.token.assign(token.written()));
  begun.ends = now + kSessionLasts;
  *std::min_element(sessions_.begin(), sessions_.end(),
                    [](const auto& a, const auto& b) { return a.ends < b.ends; }) = begun;

  out.put(R"({"ok":true)");
  put_json_text(out, "token", begun.token.view());
  put_json_number(out, "expires_in", kSessionLasts.ms / 1000);
  out.put("}\n");
  return 200;
}

PanelSession* PanelSessions::find(std::string_view token, Instant now) {
  PanelSession* found = nullptr;
  for (PanelSession& one : sessions_) {
    const bool same = is_secret(token, one.token.view());
    if (same && !one.token.empty() && now < one.ends) found = &one;
  }
  return found;
}

}  // namespace fieldpost
