#include "agent/settings/reader.h"

#include <memory>

#include "agent/base/utf8.h"
#include "agent/json/locate.h"
#include "agent/settings/bare_value.h"
#include "agent/settings/comments.h"
#include "agent/settings/value.h"

namespace fieldpost {
namespace {

constexpr std::string_view kDefaultCaFile = "/etc/ssl/certs/ca-certificates.crt";
constexpr std::string_view kDefaultSocket = "/run/fieldpost/fieldpost.sock";

// A gap that a person was to fill.
constexpr std::string_view kPlaceholder = "___";

// Leads `path` to the first placeholder within `value`, if there is one.
bool find_placeholder(JsonView value, KeyPath& path) {
  if (const auto text = value.string()) return *text == kPlaceholder;
  std::size_t i = 0;
  for (const JsonView one : value) {
    if (value.is_array()) {
      path.push_index(i++);
    } else {
      path.push(one.name());
    }
    if (find_placeholder(one, path)) return true;
    path.pop();
  }
  return false;
}

}  // namespace

SettingsReader::SettingsReader(Settings& into, std::span<std::byte> arena)
    : settings_(into), arena_(arena) {
  const Status fits[] = {settings_.api.ca_file.assign(kDefaultCaFile),
                         settings_.intake.socket.assign(kDefaultSocket)};
  for (const Status one : fits) ASSERT(one == Status::ok);
}

Status SettingsReader::add(std::string_view name, std::span<char> text) {
  if (error_.size() > 0) return Status::invalid;
  text_ = {text.data(), text.size()};
  reading_.path.clear();
  TextWriter& words = reading_.words;
  std::size_t line = 1;
  JsonFault fault;
  Result<JsonView> root = Status::invalid;
  if (file_count_ == files_.size()) {
    words.put("too many files: at most "_packed).put_number(files_.size()).put(" are read"_packed);
  } else if (files_[file_count_].assign(name) != Status::ok) {
    words.put("the path of this file is too long"_packed);
  } else if (text.size() > limits::config_file_bytes_max) {
    words.put("larger than "_packed).put_number(limits::config_file_bytes_max / 1024).put(" KiB");
  } else if (const auto open = blank_comments(text)) {
    line = line_of(text_, *open);
    words.put("comment without an end"_packed);
  } else if (root = parse_json(text_, arena_, fault); root.status() == Status::full) {
    words.put("holds too many values to be a configuration"_packed);
  } else if (!root.ok()) {
    line = line_of(text_, fault.at);
    words.put("Not valid JSON: "_packed).put(fault.reason);
  } else {
    ++file_count_;
    return read_root(root.value());
  }
  return fail_in(name, line);
}

Status SettingsReader::read_root(JsonView root) {
  if (!root.is_object()) return fail("A configuration must be an object: { … }"_packed);
  for (const JsonView one : root) {
    reading_.path.push(one.name());
    TRY(one.name() == kTemplatesSection ? read_templates(one) : read_section(one));
    reading_.path.pop();
  }
  return Status::ok;
}

// A section, or a key that stands in the root itself.
Status SettingsReader::read_section(JsonView section) {
  const std::string_view name = section.name();
  NearestWord near(name);
  near.offer(kTemplatesSection);
  bool known = false;
  for (std::size_t i = 0; i < kKeys.size(); ++i) {
    const std::string_view key = kKeys[i].name;
    if (key == name) return read_key(kKeys[i], section, &settings_, origins_[i]);
    const std::string_view of = section_of(key);
    near.offer(of.empty() ? key : of);
    known = known || (of == name && !of.empty());
  }
  if (!known) return unknown_key(near);
  if (!section.is_object()) return fail("must be an object: { … }"_packed);
  set_section_origin(name);
  return read_members(section, name, kKeys, &settings_, origins_);
}

Status SettingsReader::read_templates(JsonView templates) {
  if (!templates.is_object())
    return fail("must be an object with a member for each scenario"_packed);
  for (const JsonView one : templates) {
    reading_.path.push(one.name());
    TRY(read_template(one));
    reading_.path.pop();
  }
  return Status::ok;
}

Status SettingsReader::read_template(JsonView one) {
  std::string_view id = one.name();
  if (const PackedText why = check_text(TextForm::name, id)) {
    reading_.words.put("the name of a scenario "_packed);
    return fail(why);
  }
  if (!one.is_object()) return fail("must be an object: { … }"_packed);
  std::size_t at = 0;
  while (at < settings_.template_count && !(settings_.templates[at].scenario == id)) ++at;
  if (at == settings_.templates.size()) {
    reading_.words.put("too many scenarios: there is room for "_packed).put_number(at);
    return fail(""_packed);
  }
  TemplateSettings& to = settings_.templates[at];
  TemplateOrigins& origins = template_origins_[at];
  if (at == settings_.template_count) {
    TRY(to.scenario.assign(id));
    ++settings_.template_count;
    origins.fill(here());
  }
  return read_members(one, "", kTemplateKeys, &to, origins);
}

// The members of `object`, which are keys of that section.
Status SettingsReader::read_members(JsonView object, std::string_view section,
                                    std::span<const Key> keys, void* owner,
                                    std::span<Origin> origins) {
  for (const JsonView one : object) {
    reading_.path.push(one.name());
    NearestWord near(one.name());
    bool found = false;
    for (std::size_t i = 0; i < keys.size() && !found; ++i) {
      const std::string_view key = keys[i].name;
      if (section_of(key) != section) continue;
      near.offer(last_of(key));
      found = last_of(key) == one.name();
      if (found) TRY(read_key(keys[i], one, owner, origins[i]));
    }
    if (!found) return unknown_key(near);
    reading_.path.pop();
  }
  return Status::ok;
}

Status SettingsReader::read_key(const Key& key, JsonView value, void* owner, Origin& origin) {
  origin = here();
  origin.set = true;
  if (find_placeholder(value, reading_.path)) return missing(here());
  if (key.required && value.string() && is_blank(*value.string())) return missing(origin);
  return read_value(key, value, owner, settings_, reading_) ? Status::ok : fail(""_packed);
}

SettingsReader::Origin SettingsReader::here() const {
  // A path may end in a member that is not there, "quiet.zone": then its owner has the line.
  auto steps = reading_.path.steps();
  auto at = locate_json(text_, steps);
  while (!at) {
    steps = steps.first(steps.size() - 1);
    at = locate_json(text_, steps);
  }
  return {false, file_count_, static_cast<std::uint32_t>(line_of(text_, *at))};
}

void SettingsReader::set_section_origin(std::string_view section) {
  const Origin origin = here();
  for (std::size_t i = 0; i < kKeys.size(); ++i) {
    if (section_of(kKeys[i].name) == section && origins_[i].line == 0) origins_[i] = origin;
  }
}

Status SettingsReader::fail_in(std::string_view file, std::size_t line) {
  error_.put(cut_to(file, limits::file_path_bytes_max)).put(':').put_number(line).put(": ");
  if (!reading_.path.steps().empty()) {
    reading_.path.put(error_);
    error_.put(": ");
  }
  error_.put(reading_.words.written());
  return Status::invalid;
}

Status SettingsReader::fail(const Origin& at) {
  if (file_count_ == 0) return fail_in("configuration", 1);
  // Where not even the section was, the first file is the one to write it into.
  return at.line == 0 ? fail_in(files_[0].view(), 1) : fail_in(files_[at.file - 1].view(), at.line);
}

Status SettingsReader::fail(PackedText words) {
  reading_.words.put(words);
  return fail(here());
}

Status SettingsReader::unknown_key(const NearestWord& near) {
  reading_.words.put("unknown key"_packed);
  near.put(reading_.words);
  return fail(here());
}

Status SettingsReader::missing(const Origin& at) {
  reading_.words.put("Missing configuration value: "_packed);
  reading_.path.put(reading_.words);
  return fail(at);
}

}  // namespace fieldpost
