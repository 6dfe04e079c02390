#include "agent/cli/send_request.h"

#include <algorithm>

#include "agent/base/shown.h"
#include "agent/desk/desk.h"
#include "agent/json/write.h"
#include "agent/scenario/scenario.h"

namespace fieldpost {
namespace {

struct Member {
  const char* option;
  const char* name;  // in the request object
};

// In the order of the request object.
constexpr std::array kMembers = {
    Member{"--to", "to"},
    Member{"--ref", "ref"},
    Member{"--language", "language"},
    Member{"--key", "key"},
    Member{"--topic", "topic"},
    Member{"--ttl", "ttl"},
    Member{"--not-before", "not_before"},
    Member{"--operator", "operator"},
};

// The scenario as far as this side knows it: a configuration that only the agent may read leaves
// the five.
std::optional<Scenario> scenario_for(Call& call, std::string_view id) {
  if (const Settings* const settings = call.shell.settings(); settings != nullptr) {
    return find_scenario(*settings, id);
  }
  const KnownScenario* const known = find_known_scenario(id);
  if (known == nullptr) return std::nullopt;
  Scenario scenario;
  scenario.id = known->id;
  scenario.field_count = known->fields.size();
  std::ranges::copy(known->fields, scenario.field_names.begin());
  return scenario;
}

std::string_view field_of(const Scenario& scenario, std::string_view flag) {
  for (const std::string_view field : scenario.fields()) {
    if (is_flag_of(field, flag)) return field;
  }
  return {};
}

// --next-step → nextStep, for a scenario that only the agent knows.
void put_guessed_field(TextWriter& out, std::string_view flag) {
  bool capital = false;
  for (const char c : flag.substr(2)) {
    const bool letter = c >= 'a' && c <= 'z';
    if (c != '-') out.put(capital && letter ? static_cast<char>(c - 'a' + 'A') : c);
    capital = c == '-';
  }
}

int report_unknown_option(Call& call, const Scenario& scenario, std::string_view flag) {
  TextBuffer<1024> text;
  text.put("fieldpost send: unknown option "_packed);
  put_shown(text, flag);
  text.put("; ").put(scenario.id).put(" takes");
  bool first = true;
  for (const std::string_view field : scenario.fields()) {
    text.put(first ? " " : ", ");
    first = false;
    put_flag(text, field);
  }
  text.put('\n');
  call.shell.err(text.written());
  return kUsage;
}

// Keeps the one object that the desk answers with.
void keep(CliRoom& room, std::uint16_t http, const TextWriter& text, Reply& reply) {
  std::string_view line = text.written();
  if (line.ends_with('\n')) line.remove_suffix(1);
  reply.http = http;
  reply.text = {room.answer.data(), line.size()};
}

}  // namespace

Result<std::string_view> compose_request(Call& call, int& exit) {
  const std::string_view id = call.arguments.operands().front();
  const std::optional<Scenario> scenario = scenario_for(call, id);
  TextWriter body(call.room.body);
  body.put('{');
  put_json_text(body, "scenario", id);
  for (const Member& one : kMembers) {
    if (!call.arguments.has(one.option)) continue;
    put_json_text(body, one.name, call.arguments.value_of(one.option));
  }
  if (call.arguments.has("--opt-in")) put_json_bool(body, "opt_in", true);
  put_json_name(body, "fields").put('{');
  for (const Arguments::Given& given : call.arguments.options()) {
    if (given.known) continue;
    TextBuffer<kArgumentBytesMax> field;
    if (scenario.has_value()) {
      field.put(field_of(*scenario, given.name));
      if (field.size() == 0) {
        exit = report_unknown_option(call, *scenario, given.name);
        return Status::invalid;
      }
    } else {
      put_guessed_field(field, given.name);
    }
    put_json_string(put_json_comma(body), field.written());
    body.put(':');
    put_json_string(body, given.value);
  }
  body.put("}}");
  if (body.overflowed()) {
    put_err(call.shell,
            "fieldpost send: the message is too large: at most 16 KiB as JSON\n"_packed);
    exit = kBadField;
    return Status::invalid;
  }
  // The number and the texts stand in the request now. With --wait the command lives on for a while.
  for (const Arguments::Given& given : call.arguments.options()) call.shell.hide(given.value);
  return body.finish();
}

Status put_request(Call& call, std::string_view body, Reply& reply) {
  LocalRequest request;
  request.method = Method::post;
  request.body = body;
  request.path = "/v1/messages";
  if (!call.arguments.has("--dry-run")) return ask_local(call, request, reply);

  const Settings* const settings = call.shell.settings();
  if (settings == nullptr) return Status::invalid;
  request.path = "/v1/messages?dry_run=1";
  reply = Reply{};
  DeskCall desk;
  TextWriter text(call.room.answer);
  if (desk.begin(request, *settings, call.shell.directory(), {}, call.arena, call.room.ask, text) !=
      DeskStep::done) {
    return Status::io;
  }
  keep(call.room, desk.head().http, text, reply);
  return read_reply(call, reply);
}

std::string_view option_of(Call& call, std::string_view field, std::span<char> room) {
  if (call.arguments.operands().empty()) return field;
  if (field == "opt_in") return "--opt-in";
  for (const Member& one : kMembers) {
    if (one.name == field) return one.option;
  }
  const std::optional<Scenario> scenario = scenario_for(call, call.arguments.operands().front());
  if (!scenario.has_value() || !scenario->position_of(field).has_value()) return field;
  TextWriter option(room);
  put_flag(option, field);
  return option.written();
}

}  // namespace fieldpost
