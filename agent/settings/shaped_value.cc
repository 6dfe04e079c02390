#include "agent/settings/shaped_value.h"

#include <algorithm>
#include <array>
#include <cstring>

#include "agent/base/utf8.h"
#include "agent/json/write.h"
#include "agent/scenario/scenario.h"
#include "agent/settings/bare_value.h"
#include "agent/settings/key_row.h"
#include "agent/settings/value.h"

namespace fieldpost {
namespace {

using namespace rows;

constexpr std::array kQuietKeys{
    required(own("from", KEY_MEMBER(QuietHours, from_minute))),
    required(own("to", KEY_MEMBER(QuietHours, to_minute))),
    required(text("zone", KEY_MEMBER(QuietHours, zone), TextForm::time_zone)),
};

// Those of intake.allow, then what both have, then those of intake.apps.
constexpr std::array kAllowanceKeys{
    text("user", KEY_MEMBER(Allowance, user), TextForm::name),
    text("group", KEY_MEMBER(Allowance, group), TextForm::name),
    own("rights", KeyMember<Allowance>{0}),
    list("scenarios", KEY_MEMBER(Allowance, scenarios), TextForm::name, 1),
    own("share", KEY_MEMBER(Allowance, share_percent)),
    required(text("name", KEY_MEMBER(Allowance, name), TextForm::app_name)),
    required(text("token_sha256", KEY_MEMBER(Allowance, token_sha256), TextForm::sha256)),
};
constexpr std::size_t kOwnKeys = 2;

std::span<const Key> allowance_keys(ValueKind kind) {
  const auto keys = std::span<const Key>(kAllowanceKeys);
  return kind == ValueKind::apps ? keys.subspan(kOwnKeys) : keys.first(keys.size() - kOwnKeys);
}

// In the order of WordSet::rights.
constexpr std::array kRights{&Allowance::send,   &Allowance::read_own, &Allowance::read_all,
                             &Allowance::decide, &Allowance::reveal,   &Allowance::relay};

bool read_allowance(JsonView value, ValueKind kind, Allowance& to, Settings& all,
                    Reading& reading) {
  to = Allowance{};
  const bool app = kind == ValueKind::apps;
  if (!value.is_object()) {
    return reading.refuse(app ? R"(must be an object, as app add writes it)"_packed
                              : R"(must be an object with "user" or "group")"_packed);
  }
  if (!read_object(value, allowance_keys(kind), &to, all, reading)) return false;
  return app || to.user.empty() != to.group.empty() ||
         reading.refuse(R"(must have either "user" or "group")"_packed);
}

}  // namespace

bool read_quiet(JsonView value, QuietHours& to, Settings& all, Reading& reading) {
  to = QuietHours{};
  if (value.string() == "none") return true;
  if (!value.is_object()) {
    return reading.refuse(
        R"(must be {"from": "22:00", "to": "07:00", "zone": "…"} or "none")"_packed);
  }
  if (!read_object(value, kQuietKeys, &to, all, reading)) return false;
  if (to.from_minute == to.to_minute) return reading.refuse("must not start when it ends"_packed);
  to.on = true;
  return true;
}

void put_quiet(const QuietHours& from, const Settings& all, TextWriter& out) {
  if (from.on) {
    put_object(kQuietKeys, &from, all, out);
  } else {
    out.put(R"("none")");
  }
}

bool read_national_digits(JsonView value, PhoneSettings& to, Reading& reading) {
  to.national_digits_count = 0;
  if (!value.is_array() || value.size() > to.national_digits.size()) {
    reading.words.put("must be a list of at most "_packed).put_number(to.national_digits.size());
    reading.words.put(" numbers"_packed);
    return false;
  }
  for (const JsonView one : value) {
    reading.path.push_index(to.national_digits_count);
    std::uint32_t digits = 0;
    if (!read_whole(one, {limits::phone_digits_max, 1}, digits, reading)) return false;
    reading.path.pop();
    to.national_digits[to.national_digits_count++] = static_cast<std::uint8_t>(digits);
  }
  return true;
}

void put_national_digits(const PhoneSettings& from, TextWriter& out) {
  out.put('[');
  for (std::size_t i = 0; i < from.national_digits_count; ++i) {
    if (i > 0) out.put(',');
    out.put_number(from.national_digits[i]);
  }
  out.put(']');
}

bool read_allowances(JsonView value, ValueKind kind, AllowanceList& to, Settings& all,
                     Reading& reading) {
  to.count = 0;
  if (!value.is_array()) return reading.refuse("must be a list of objects"_packed);
  if (value.size() > to.items.size()) {
    reading.words.put("must have at most "_packed)
        .put_number(to.items.size())
        .put(" entries"_packed);
    return false;
  }
  for (const JsonView one : value) {
    reading.path.push_index(to.count);
    Allowance& entry = to.items[to.count];
    if (!read_allowance(one, kind, entry, all, reading)) return false;
    if (kind == ValueKind::apps && to.find(entry.name.view()) != nullptr) {
      return reading.refuse("is there twice by its name"_packed);
    }
    reading.path.pop();
    ++to.count;
  }
  return true;
}

void put_allowances(ValueKind kind, const AllowanceList& from, const Settings& all,
                    TextWriter& out) {
  out.put('[');
  for (std::size_t i = 0; i < from.count; ++i) {
    if (i > 0) out.put(',');
    put_object(allowance_keys(kind), &from.items[i], all, out);
  }
  out.put(']');
}

void put_app(const Allowance& one, const Settings& all, TextWriter& out) {
  put_object(allowance_keys(ValueKind::apps), &one, all, out);
}

// What is listed is granted, and nothing else: the defaults of an entry without a list end here.
bool read_rights(JsonView value, Allowance& to, Reading& reading) {
  if (!value.is_array()) return reading.refuse("must be a list of rights"_packed);
  for (const auto right : kRights) to.*right = false;
  std::size_t i = 0;
  for (const JsonView one : value) {
    reading.path.push_index(i++);
    std::uint8_t granted = 0;
    if (!read_word(one, WordSet::rights, granted, reading)) return false;
    to.*kRights[granted] = true;
    reading.path.pop();
  }
  return true;
}

void put_rights(const Allowance& from, TextWriter& out) {
  out.put('[');
  bool first = true;
  for (std::uint8_t i = 0; i < kRights.size(); ++i) {
    if (!(from.*kRights[i])) continue;
    if (!first) out.put(',');
    put_word(WordSet::rights, i, out);
    first = false;
  }
  out.put(']');
}

bool read_fields(JsonView value, const Key& key, TemplateSettings& owner, Reading& reading) {
  if (find_known_scenario(owner.scenario.view()) != nullptr) {
    return reading.refuse("must not be set: this scenario has its fields already"_packed);
  }
  return read_list(value, key, &owner.fields, reading);
}

// The five have theirs: a person who reads the effective values wants to see them.
void put_fields(const TemplateSettings& owner, const Settings& all, TextWriter& out) {
  const auto scenario = find_scenario(all, owner.scenario.view());
  out.put('[');
  for (std::size_t i = 0; scenario && i < scenario->field_count; ++i) {
    if (i > 0) out.put(',');
    put_json_string(out, scenario->field_names[i]);
  }
  out.put(']');
}

// The approved text goes into the room that all templates share.
bool read_template_text(JsonView value, TemplateSettings& owner, Settings& all, Reading& reading) {
  const auto text = value.string();
  if (!text) return reading.refuse("must be a text in quotes"_packed);
  if (count_characters(*text) > limits::text_chars_max) {
    return reading.refuse("must have at most 1024 characters, which is all WhatsApp takes"_packed);
  }
  std::size_t used = 0;
  for (const TemplateSettings& one : all.templates) {
    if (&one == &owner) continue;
    used = std::max<std::size_t>(used, one.text_at + std::size_t{one.text_bytes});
  }
  // A text that a later file replaces may leave a hole; the room is for 16 of the longest.
  if (text->size() > all.texts.size() - used) {
    return reading.refuse("leaves no room: the texts of all templates have 16 KiB together"_packed);
  }
  std::memcpy(all.texts.data() + used, text->data(), text->size());
  owner.text_at = static_cast<std::uint16_t>(used);
  owner.text_bytes = static_cast<std::uint16_t>(text->size());
  return true;
}
static_assert(limits::template_texts_bytes_max <= UINT16_MAX);

void put_template_text(const TemplateSettings& owner, const Settings& all, TextWriter& out) {
  const auto scenario = find_scenario(all, owner.scenario.view());
  put_json_string(out, scenario ? scenario->text : all.text_of(owner));
}

}  // namespace fieldpost
