#include "agent/settings/allow.h"

#include <array>

#include "agent/settings/value.h"

namespace fieldpost {
namespace {

struct Right {
  std::string_view name;
  bool Allowance::*flag;
};
constexpr std::array kRights{
    Right{"send", &Allowance::send},         Right{"read_own", &Allowance::read_own},
    Right{"read_all", &Allowance::read_all}, Right{"decide", &Allowance::decide},
    Right{"reveal", &Allowance::reveal},
};

constexpr auto kRightNames = [] {
  std::array<std::string_view, kRights.size()> names;
  for (std::size_t i = 0; i < names.size(); ++i) names[i] = kRights[i].name;
  return names;
}();

// What is listed is granted, and nothing else: the defaults of an entry without a list end here.
bool read_rights(JsonView value, Allowance& to, Reading& reading) {
  if (!value.is_array()) return reading.refuse("must be a list of rights");
  for (const Right& right : kRights) to.*right.flag = false;
  std::size_t i = 0;
  for (const JsonView one : value) {
    reading.path.push_index(i++);
    const auto granted = read_word(one, kRightNames, reading);
    if (!granted) return false;
    to.*kRights[*granted].flag = true;
    reading.path.pop();
  }
  return true;
}

bool read_one(JsonView value, Allowance& to, Reading& reading) {
  to = Allowance{};
  if (!value.is_object()) return reading.refuse(R"(must be an object with "user" or "group")");
  constexpr std::array<std::string_view, 5> kMembers{"user", "group", "rights", "scenarios",
                                                     "share"};
  if (!only_members(value, kMembers, reading)) return false;
  if (value.member("user").exists() == value.member("group").exists()) {
    return reading.refuse(R"(must have either "user" or "group")");
  }
  for (const JsonView one : value) {
    reading.path.push(one.name());
    const bool good = one.name() == "user"     ? TextValue<name_word>::read(one, to.user, reading)
                      : one.name() == "group"  ? TextValue<name_word>::read(one, to.group, reading)
                      : one.name() == "rights" ? read_rights(one, to, reading)
                      : one.name() == "scenarios"
                          ? ListValue<name_word, 1>::read(one, to.scenarios, reading)
                          : PercentValue::read(one, to.share_percent, reading);
    if (!good) return false;
    reading.path.pop();
  }
  return true;
}

void put_one(const Allowance& from, TextWriter& out) {
  out.put(from.user.empty() ? R"({"group":)" : R"({"user":)");
  put_json_string(out, from.user.empty() ? from.group.view() : from.user.view());
  out.put(R"(,"rights":[)");
  bool first = true;
  for (const Right& right : kRights) {
    if (!(from.*right.flag)) continue;
    if (!first) out.put(',');
    put_json_string(out, right.name);
    first = false;
  }
  out.put(']');
  if (from.scenarios.count > 0) {
    out.put(R"(,"scenarios":)");
    ListValue<name_word, 1>::put(from.scenarios, out);
  }
  out.put(R"(,"share":)");
  PercentValue::put(from.share_percent, out);
  out.put('}');
}

}  // namespace

bool AllowValue::read(JsonView value, IntakeSettings& to, Reading& reading) {
  to.allow_count = 0;
  if (!value.is_array()) return reading.refuse("must be a list of objects");
  if (value.size() > to.allow.size()) {
    reading.words.put("must have at most ").put_number(to.allow.size()).put(" entries");
    return false;
  }
  for (const JsonView one : value) {
    reading.path.push_index(to.allow_count);
    if (!read_one(one, to.allow[to.allow_count], reading)) return false;
    reading.path.pop();
    ++to.allow_count;
  }
  return true;
}

void AllowValue::put(const IntakeSettings& from, TextWriter& out) {
  out.put('[');
  for (std::size_t i = 0; i < from.allow_count; ++i) {
    if (i > 0) out.put(',');
    put_one(from.allow[i], out);
  }
  out.put(']');
}

}  // namespace fieldpost
