// Which reader and which printer a kind has.
#include "agent/settings/value.h"

#include "agent/settings/bare_value.h"
#include "agent/settings/near.h"
#include "agent/settings/shaped_value.h"

namespace fieldpost {
namespace {

// The row was checked (key_row.h): a member of this type stands there.
template <typename Member>
Member& at(void* place) {
  return *static_cast<Member*>(place);
}
template <typename Member>
const Member& at(const void* place) {
  return *static_cast<const Member*>(place);
}

// FixedText and TextList both start with how much they hold.
bool is_left_out(const Key& key, const void* owner) {
  const void* const from = static_cast<const std::byte*>(owner) + key.at;
  return (key.kind == ValueKind::text || key.kind == ValueKind::list) &&
         at<std::uint16_t>(from) == 0;
}

}  // namespace

bool read_value(const Key& key, JsonView value, void* owner, Settings& all, Reading& reading) {
  void* const to = static_cast<std::byte*>(owner) + key.at;
  switch (key.kind) {
    case ValueKind::text: return read_text(value, key.text, to, reading);
    case ValueKind::list:
    case ValueKind::list_or_one: return read_list(value, key, to, reading);
    case ValueKind::whole: return read_whole(value, key.range, at<std::uint32_t>(to), reading);
    case ValueKind::wait:
    case ValueKind::wait_or_none: return read_wait(value, key, at<Duration>(to), reading);
    case ValueKind::word: return read_word(value, key.words, at<std::uint8_t>(to), reading);
    case ValueKind::flag: return read_flag(value, at<bool>(to), reading);
    case ValueKind::percent: return read_percent(value, at<std::uint8_t>(to), reading);
    case ValueKind::queue_size: return read_queue_size(value, at<std::uint64_t>(to), reading);
    case ValueKind::write_unit: return read_write_unit(value, at<std::uint32_t>(to), reading);
    case ValueKind::minute: return read_minute(value, at<std::uint16_t>(to), reading);
    case ValueKind::quiet_hours: return read_quiet(value, at<QuietHours>(to), all, reading);
    case ValueKind::national_digits:
      return read_national_digits(value, at<PhoneSettings>(to), reading);
    case ValueKind::allow:
    case ValueKind::apps:
      return read_allowances(value, key.kind, at<AllowanceList>(to), all, reading);
    case ValueKind::rights: return read_rights(value, at<Allowance>(to), reading);
    case ValueKind::template_fields:
      return read_fields(value, key, at<TemplateSettings>(owner), reading);
    case ValueKind::template_text:
      return read_template_text(value, at<TemplateSettings>(owner), all, reading);
  }
  return false;
}

void put_value(const Key& key, const void* owner, const Settings& all, TextWriter& out) {
  const void* const from = static_cast<const std::byte*>(owner) + key.at;
  switch (key.kind) {
    case ValueKind::text: return put_text(key.text, from, out);
    case ValueKind::list:
    case ValueKind::list_or_one: return put_list(key.text, from, out);
    case ValueKind::whole: out.put_number(at<std::uint32_t>(from)); return;
    case ValueKind::wait:
    case ValueKind::wait_or_none: return put_wait(key, at<Duration>(from), out);
    case ValueKind::word: return put_word(key.words, at<std::uint8_t>(from), out);
    case ValueKind::flag: out.put(at<bool>(from) ? "true" : "false"); return;
    case ValueKind::percent: out.put('"').put_number(at<std::uint8_t>(from)).put("%\""); return;
    case ValueKind::queue_size: return put_bytes(at<std::uint64_t>(from), out);
    case ValueKind::write_unit: return put_write_unit(at<std::uint32_t>(from), out);
    case ValueKind::minute: return put_minute(at<std::uint16_t>(from), out);
    case ValueKind::quiet_hours: return put_quiet(at<QuietHours>(from), all, out);
    case ValueKind::national_digits: return put_national_digits(at<PhoneSettings>(from), out);
    case ValueKind::allow:
    case ValueKind::apps: return put_allowances(key.kind, at<AllowanceList>(from), all, out);
    case ValueKind::rights: return put_rights(at<Allowance>(from), out);
    case ValueKind::template_fields: return put_fields(at<TemplateSettings>(owner), all, out);
    case ValueKind::template_text: return put_template_text(at<TemplateSettings>(owner), all, out);
  }
}

bool read_object(JsonView value, std::span<const Key> members, void* owner, Settings& all,
                 Reading& reading) {
  for (const JsonView one : value) {
    NearestWord near(one.name());
    bool known = false;
    for (const Key& key : members) {
      known = known || one.name() == key.name;
      near.offer(key.name);
    }
    if (known) continue;
    reading.path.push(one.name());
    reading.words.put("unknown key"_packed);
    near.put(reading.words);
    return false;
  }
  for (const Key& key : members) {
    const JsonView one = value.member(key.name);
    if (!one.exists() && !key.required) continue;
    reading.path.push(key.name);
    if (!read_value(key, one, owner, all, reading)) return false;
    reading.path.pop();
  }
  return true;
}

void put_object(std::span<const Key> members, const void* owner, const Settings& all,
                TextWriter& out) {
  char before = '{';
  for (const Key& key : members) {
    if (is_left_out(key, owner)) continue;
    out.put(before).put('"').put(key.name).put("\":");
    put_value(key, owner, all, out);
    before = ',';
  }
  out.put('}');
}

}  // namespace fieldpost
