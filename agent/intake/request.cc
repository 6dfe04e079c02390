#include "agent/intake/request.h"

#include <array>
#include <optional>
#include <span>

#include "agent/base/utf8.h"
#include "agent/scenario/phone.h"
#include "agent/scenario/scenario.h"
#include "agent/scenario/value.h"
#include "agent/settings/near.h"

namespace fieldpost {
namespace {

constexpr std::array<std::string_view, 5> kMembers = {"scenario", "to", "fields", "language",
                                                      "operator"};
// Members whose behaviour is still to come. To take one and not follow it would break a promise.
constexpr std::array<std::string_view, 6> kNotYet = {"key",        "topic",  "ttl",
                                                     "not_before", "opt_in", "ref"};

template <std::size_t N>
constexpr bool contains(const std::array<std::string_view, N>& names, std::string_view name) {
  for (const std::string_view one : names) {
    if (one == name) return true;
  }
  return false;
}

// Names come from outside: they are cut to what a field's name may have, and what steers a
// terminal is replaced.
void put_name(TextWriter& out, std::string_view name) {
  const std::string_view shown = cut_to(name, limits::field_name_bytes_max - 3);
  for (std::string_view rest = shown; !rest.empty();) {
    const Character c = first_character(rest);
    const std::size_t bytes = c.bytes == 0 ? 1 : c.bytes;
    if (c.bytes == 0 || is_control(c.code)) {
      out.put('?');
    } else {
      out.put(rest.substr(0, bytes));
    }
    rest.remove_prefix(bytes);
  }
  if (shown.size() < name.size()) out.put("…");
}

class Reading {
 public:
  Reading(const Settings& settings, Message& message, RequestRefusal& why)
      : settings_(settings), message_(message), why_(why) {}

  Status read(JsonView root) {
    if (!root.is_object()) return refuse({}, "the request must be a JSON object");
    TRY(read_names(root));
    TRY(read_scenario(root.member("scenario")));
    TRY(read_to(root.member("to")));
    TRY(read_language(root.member("language")));
    TRY(read_operator(root.member("operator")));
    return read_fields(root.member("fields"));
  }

  Status refuse_fault(std::string_view body, const JsonFault& fault) {
    TextBuffer<256> words;
    words.put("not valid JSON, line ").put_number(line_of(body, fault.at)).put(", byte ");
    words.put_number(fault.at).put(": ").put(fault.reason);
    return say(ErrorWord::invalid, {}, words);
  }
  Status refuse_size(std::string_view words_for_people) {
    TextBuffer<256> words;
    words.put(words_for_people);
    return say(ErrorWord::too_large, {}, words);
  }

 private:
  Status say(ErrorWord error, std::string_view field, const TextWriter& words) {
    TextBuffer<limits::field_name_bytes_max> name;
    if (!field.empty()) put_name(name, field);
    why_.error = error;
    TRY(why_.field.assign(name.written()));
    TRY(why_.message.assign(words.written()));
    return Status::invalid;
  }

  // "nextStep: must be a string"; without a field just the rule.
  Status refuse(std::string_view field, std::string_view rule,
                ErrorWord error = ErrorWord::invalid) {
    TextBuffer<256> words;
    if (!field.empty()) {
      put_name(words, field);
      words.put(": ");
    }
    words.put(rule);
    return say(error, field, words);
  }

  Status refuse_rule(std::string_view field, Rule rule) {
    const bool length = rule == Rule::too_long || rule == Rule::rendered_too_long;
    return refuse(field, to_text(rule), length ? ErrorWord::too_long : ErrorWord::invalid);
  }

  // "stpe: is not …; did you mean step?"
  Status refuse_unknown(std::string_view field, std::string_view rule,
                        std::span<const std::string_view> known) {
    TextBuffer<256> words;
    put_name(words, field);
    words.put(": ").put(rule);
    NearestWord meant(field);
    for (const std::string_view one : known) meant.offer(one);
    if (!meant.word().empty()) {
      words.put("; did you mean ").put(meant.word()).put('?');
    } else if (!known.empty()) {
      words.put("; there is ");
      for (std::size_t i = 0; i < known.size(); ++i) words.put(i == 0 ? "" : ", ").put(known[i]);
    }
    return say(ErrorWord::invalid, field, words);
  }

  Status read_names(JsonView root) {
    for (const JsonView member : root) {
      const std::string_view name = member.name();
      if (contains(kMembers, name)) continue;
      if (contains(kNotYet, name)) {
        return refuse(name, "is not supported by this version", ErrorWord::unsupported);
      }
      if (scenario_has(root, name)) return refuse(name, "belongs into \"fields\"");
      return refuse_unknown(name, "is not known here", kMembers);
    }
    return Status::ok;
  }

  bool scenario_has(JsonView root, std::string_view field) const {
    const auto id = root.member("scenario").string();
    const auto scenario = id ? find_scenario(settings_, *id) : std::nullopt;
    return scenario && scenario->position_of(field);
  }

  Status read_scenario(JsonView value) {
    if (!value.exists()) return refuse("scenario", "is missing");
    const auto id = value.string();
    if (!id) return refuse("scenario", "must be a string");
    const auto found = find_scenario(settings_, *id);
    if (!found) return refuse_scenario(*id);
    if (found->configured == nullptr) {
      TextBuffer<256> words;
      words.put("scenario: ")
          .put(found->id)
          .put(" has no template in the configuration: templates.");
      words.put(found->id).put(" is missing");
      return say(ErrorWord::not_configured, "scenario", words);
    }
    if (found->configured->require_opt_in) {
      return refuse("opt_in", "is required by this scenario and not supported by this version",
                    ErrorWord::unsupported);
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
    TextBuffer<256> words;
    words.put("scenario: ");
    put_name(words, id);
    words.put(" is not known");
    if (!meant.word().empty()) words.put("; did you mean ").put(meant.word()).put('?');
    return say(ErrorWord::unknown_scenario, "scenario", words);
  }

  Status read_to(JsonView value) {
    if (!value.exists()) return refuse("to", "is missing");
    const auto written = value.string();
    // A number would lose its leading zeros, and its last digits beyond 2^53.
    if (!written) return refuse("to", "must be a string");
    const Rule rule = read_phone(*written, settings_.phone, message_.to);
    return rule == Rule::none ? Status::ok : refuse_rule("to", rule);
  }

  Status read_language(JsonView value) {
    if (!value.exists()) return Status::ok;
    const auto code = value.string();
    if (!code || !is_language(*code)) {
      return refuse("language", "must be a template's language code, e.g. en or pt_BR");
    }
    return message_.language.assign(*code);
  }

  Status read_operator(JsonView value) {
    if (!value.exists()) return Status::ok;
    const auto name = value.string();
    if (!name) return refuse("operator", "must be a string");
    if (const Rule rule = check_value(*name); rule != Rule::none) {
      return refuse_rule("operator", rule);
    }
    if (message_.operator_name.assign(*name) == Status::ok) return Status::ok;
    static_assert(limits::operator_bytes_max == 64);
    return refuse("operator", "must have at most 64 bytes", ErrorWord::too_long);
  }

  Status read_fields(JsonView fields) {
    if (!fields.exists()) return refuse("fields", "is missing");
    if (!fields.is_object()) return refuse("fields", "must be an object");
    for (const JsonView field : fields) {
      if (scenario_.position_of(field.name())) continue;
      TextBuffer<80> rule;
      rule.put("is not a field of ").put(scenario_.id);
      return refuse_unknown(field.name(), rule.written(), scenario_.fields());
    }
    for (const std::string_view name : scenario_.fields()) {
      const JsonView field = fields.member(name);
      if (!field.exists()) return refuse(name, "is missing");
      const auto value = field.string();
      if (!value) return refuse(name, "must be a string");
      if (const Rule rule = check_value(*value); rule != Rule::none) return refuse_rule(name, rule);
      if (message_.values.add(*value) != Status::ok) {
        return refuse_rule(name, Rule::rendered_too_long);
      }
    }
    FieldRefusal together;
    if (check_values(scenario_, message_.values, together) == Status::ok) return Status::ok;
    return refuse_rule(together.field.view(), together.rule);
  }

  const Settings& settings_;
  Message& message_;
  RequestRefusal& why_;
  Scenario scenario_;
};

}  // namespace

Status read_request(std::string_view body, const Settings& settings, JsonArena& arena,
                    Message& message, RequestRefusal& why) {
  message = {};
  why = {};
  Reading reading(settings, message, why);
  static_assert(limits::local_body_bytes_max == 16 * 1024);
  if (body.size() > limits::local_body_bytes_max) {
    return reading.refuse_size("the request has more than 16 KiB");
  }
  JsonFault fault;
  const Result<JsonView> root = parse_json(body, arena, fault);
  if (root.status() == Status::full) return reading.refuse_size("the request has too many parts");
  if (!root.ok()) return reading.refuse_fault(body, fault);
  return reading.read(root.value());
}

}  // namespace fieldpost
