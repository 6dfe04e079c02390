#include "agent/intake/request.h"

#include <algorithm>
#include <array>
#include <span>

#include "agent/base/shown.h"
#include "agent/directory/entry.h"
#include "agent/intake/timing.h"
#include "agent/scenario/phone.h"
#include "agent/scenario/scenario.h"
#include "agent/scenario/value.h"
#include "agent/settings/near.h"

namespace fieldpost {
namespace {

constexpr std::array<std::string_view, 11> kMembers = {
    "scenario",   "to",       "ref", "fields", "language", "ttl",
    "not_before", "operator", "key", "topic",  "opt_in"};

// The words of a refusal.
using Words = TextBuffer<256>;

void put_name(TextWriter& out, std::string_view name) {
  put_shown(out, name, limits::field_name_bytes_max);
}

class Reading {
 public:
  Reading(const Settings& settings, DirectoryFile& directory, JsonArena& arena, Message& message,
          RequestRefusal& why)
      : settings_(settings), directory_(directory), arena_(arena), message_(message), why_(why) {}

  Status read(JsonView root) {
    if (!root.is_object()) return refuse("", "the request must be a JSON object"_packed);
    TRY(read_names(root));
    TRY(read_scenario(root));
    TRY(read_to(root));
    TRY(read_opt_in(either(root, "opt_in").member("opt_in")));
    TRY(read_language(either(root, "language").member("language")));
    TRY(read_timing(root, "ttl", message_.ttl, read_ttl,
                    R"(must be a time from "1m" to "3650d", or "none")"_packed));
    TRY(read_timing(root, "not_before", message_.not_before, read_not_before,
                    R"(must be a time such as "2026-11-21T09:12:00Z" or "+10m")"_packed));
    TRY(read_name(root, "operator", message_.operator_name));
    TRY(read_name(root, "key", message_.key));
    TRY(read_name(root, "topic", message_.topic));
    return read_fields(root.member("fields"));
  }

  Status refuse_fault(std::string_view body, const JsonFault& fault) {
    Words words;
    words.put("not valid JSON, line "_packed).put_number(line_of(body, fault.at)).put(", byte ");
    words.put_number(fault.at).put(": ").put(fault.reason);
    return say(ErrorWord::invalid, "", words);
  }
  Status refuse_size(PackedText rule) { return refuse("", rule, ErrorWord::too_large); }

 private:
  Status say(ErrorWord error, std::string_view field, const TextWriter& words) {
    TextBuffer<limits::field_name_bytes_max> name;
    put_name(name, field);
    why_.error = error;
    TRY(why_.field.assign(name.written()));
    TRY(why_.message.assign(words.written()));
    return Status::invalid;
  }

  // "nextStep: must be a string"; without a field just the rule.
  Status refuse(std::string_view field, PackedText rule, ErrorWord error = ErrorWord::invalid) {
    Words words;
    if (!field.empty()) {
      put_name(words, field);
      words.put(": ");
    }
    words.put(rule);
    return say(error, field, words);
  }
  Status refuse(const char* field, PackedText rule, ErrorWord error = ErrorWord::invalid) {
    return refuse(std::string_view(field), rule, error);
  }

  Status refuse_rule(std::string_view field, Rule rule) {
    const bool length = rule == Rule::too_long || rule == Rule::rendered_too_long;
    return refuse(field, to_text(rule), length ? ErrorWord::too_long : ErrorWord::invalid);
  }

  // "stpe: is not …; did you mean step?"
  Status refuse_unknown(std::string_view field, PackedText rule, std::string_view of,
                        std::span<const std::string_view> known) {
    Words words;
    put_name(words, field);
    words.put(rule).put(of);
    NearestWord meant(field);
    for (const std::string_view one : known) meant.offer(one);
    meant.put(words);
    if (!meant.word().empty()) known = {};
    PackedText before = "; there is "_packed;
    for (const std::string_view one : known) {
      words.put(before).put(one);
      before = ", "_packed;
    }
    return say(ErrorWord::invalid, field, words);
  }

  // The text of a member that must be there and be one.
  Status read_text(JsonView object, std::string_view name, std::string_view& text) {
    const JsonView value = object.member(name);
    if (!value.exists()) return refuse(name, "is missing"_packed);
    const auto string = value.string();
    if (!string) return refuse(name, "must be a string"_packed);
    text = *string;
    return Status::ok;
  }

  Status read_names(JsonView root) {
    for (const JsonView member : root) {
      const std::string_view name = member.name();
      if (std::ranges::find(kMembers, name) != kMembers.end()) continue;
      if (scenario_has(root, name)) return refuse(name, "belongs into \"fields\""_packed);
      return refuse_unknown(name, ": is not known here"_packed, {}, kMembers);
    }
    return Status::ok;
  }

  bool scenario_has(JsonView root, std::string_view field) const {
    const auto id = root.member("scenario").string();
    const auto scenario = id ? find_scenario(settings_, *id) : std::nullopt;
    return scenario && scenario->position_of(field);
  }

  Status read_scenario(JsonView root) {
    std::string_view id;
    TRY(read_text(root, "scenario", id));
    const auto found = find_scenario(settings_, id);
    if (!found) return refuse_scenario(id);
    if (found->configured == nullptr) {
      Words words;
      words.put("scenario: ").put(found->id);
      words.put(" has no template in the configuration: templates."_packed).put(found->id);
      words.put(" is missing"_packed);
      return say(ErrorWord::not_configured, "scenario", words);
    }
    scenario_ = *found;
    const TemplateSettings& bound = *found->configured;
    TRY(message_.scenario.assign(found->id));
    message_.template_name = bound.name;
    message_.template_namespace = bound.name_space;
    message_.language = bound.language;
    message_.ttl = bound.ttl;
    message_.on_uncertain = bound.on_uncertain;
    return Status::ok;
  }

  Status refuse_scenario(std::string_view id) {
    NearestWord meant(id);
    for (std::size_t i = 0; i < scenario_count(settings_); ++i) {
      meant.offer(scenario_at(settings_, i).id);
    }
    Words words;
    words.put("scenario: ");
    put_name(words, id);
    words.put(" is not known"_packed);
    meant.put(words);
    return say(ErrorWord::unknown_scenario, "scenario", words);
  }

  // What the request leaves out is the directory's to say.
  JsonView either(JsonView object, std::string_view member) const {
    return object.member(member).exists() || !entry_.member(member).exists() ? object : entry_;
  }

  Status read_to(JsonView root) {
    if (root.member("ref").exists()) return read_ref(root);
    std::string_view written;
    // A number would lose its leading zeros, and its last digits beyond 2^53.
    TRY(read_text(root, "to", written));
    const Rule rule = read_phone(written, settings_.phone, message_.to);
    return rule == Rule::none ? Status::ok : refuse_rule("to", rule);
  }

  Status read_ref(JsonView root) {
    std::string_view ref;
    TRY(read_text(root, "ref", ref));
    if (root.member("to").exists()) {
      return refuse("ref", "goes without \"to\": the number is the directory's to say"_packed);
    }
    if (!is_ref(ref)) {
      return refuse("ref", "must have 1 to 64 letters, digits and . _ : # -"_packed);
    }
    if (settings_.intake.directory.empty()) {
      return refuse("ref", "there is no intake.directory in the configuration"_packed,
                    ErrorWord::not_configured);
    }
    Words words;
    words.put("ref: ").put(ref).put(": ");
    JsonArena beside = arena_.rest();
    const Status found =
        find_entry(directory_, settings_.intake.directory.view(), ref, beside, entry_, words);
    if (found != Status::ok) {
      return say(found == Status::timeout ? ErrorWord::busy : ErrorWord::unknown_ref, "ref", words);
    }
    const Rule rule = read_phone(text_of(entry_.member("to")), settings_.phone, message_.to);
    if (rule == Rule::none) return Status::ok;
    words.put("its \"to\" in the directory "_packed).put(to_text(rule));
    return say(ErrorWord::invalid, "ref", words);
  }

  // Whether the customer has agreed is for the app to know.
  Status read_opt_in(JsonView value) {
    if (value.exists() && !value.is_bool()) return refuse("opt_in", "must be true or false"_packed);
    if (!scenario_.configured->require_opt_in || value.boolean() == true) return Status::ok;
    return refuse("opt_in", "must be true: this scenario is sent only to who has agreed"_packed);
  }

  Status read_language(JsonView value) {
    if (!value.exists()) return Status::ok;
    const auto code = value.string();
    if (!code || !is_language(*code)) {
      return refuse("language", "must be a template's language code, e.g. en or pt_BR"_packed);
    }
    return message_.language.assign(*code);
  }

  template <typename Time>
  Status read_timing(JsonView root, const char* name, Time& time,
                     Status (*reader)(std::string_view, Time&), PackedText rule) {
    if (!root.member(name).exists()) return Status::ok;
    std::string_view text;
    TRY(read_text(root, name, text));
    return reader(text, time) == Status::ok ? Status::ok : refuse(name, rule);
  }

  Status read_name(JsonView root, const char* member, FixedText<64>& out) {
    if (!root.member(member).exists()) return Status::ok;
    std::string_view name;
    TRY(read_text(root, member, name));
    if (const Rule rule = check_value(name); rule != Rule::none) return refuse_rule(member, rule);
    if (out.assign(name) == Status::ok) return Status::ok;
    return refuse(member, "must have at most 64 bytes"_packed, ErrorWord::too_long);
  }

  Status read_fields(JsonView fields) {
    if (!fields.exists() && !entry_.exists()) return refuse("fields", "is missing"_packed);
    if (fields.exists() && !fields.is_object()) return refuse("fields", "must be an object"_packed);
    for (const JsonView field : fields) {
      if (scenario_.position_of(field.name())) continue;
      return refuse_unknown(field.name(), ": is not a field of "_packed, scenario_.id,
                            scenario_.fields());
    }
    for (const std::string_view name : scenario_.fields()) {
      std::string_view value;
      TRY(read_text(either(fields, name), name, value));
      if (const Rule rule = check_value(value); rule != Rule::none) return refuse_rule(name, rule);
      if (message_.values.add(value) != Status::ok) {
        return refuse_rule(name, Rule::rendered_too_long);
      }
    }
    FieldRefusal together;
    if (check_values(scenario_, message_.values, together) == Status::ok) return Status::ok;
    return refuse_rule(together.field.view(), together.rule);
  }

  const Settings& settings_;
  DirectoryFile& directory_;
  JsonArena& arena_;
  Message& message_;
  RequestRefusal& why_;
  Scenario scenario_;
  JsonView entry_;  // of the directory, where the request has a reference
};

}  // namespace

Status read_request(std::string_view body, const Settings& settings, DirectoryFile& directory,
                    JsonArena& arena, Message& message, RequestRefusal& why) {
  message = {};
  why = {};
  Reading reading(settings, directory, arena, message, why);
  static_assert(limits::local_body_bytes_max == 16 * 1024);
  if (body.size() > limits::local_body_bytes_max) {
    return reading.refuse_size("the request has more than 16 KiB"_packed);
  }
  JsonFault fault;
  const Result<JsonView> root = parse_json(body, arena, fault);
  if (root.status() == Status::full)
    return reading.refuse_size("the request has too many parts"_packed);
  if (!root.ok()) return reading.refuse_fault(body, fault);
  return reading.read(root.value());
}

}  // namespace fieldpost
