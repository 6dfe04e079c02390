#include "agent/settings/reader.h"

#include <memory>

#include "agent/base/utf8.h"
#include "agent/json/locate.h"
#include "agent/settings/comments.h"
#include "agent/settings/near.h"
#include "agent/settings/value.h"

namespace fieldpost {
namespace {

constexpr std::string_view kDefaultCaFile = "/etc/ssl/certs/ca-certificates.crt";
constexpr std::string_view kDefaultSocket = "/run/fieldpost/fieldpost.sock";

// Leads `path` to the first placeholder within `value`, if there is one.
bool find_placeholder(JsonView value, KeyPath& path) {
  if (const auto text = value.string()) return is_placeholder(*text);
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
  // In place: a copy of the defaults would not fit a small stack.
  std::destroy_at(&settings_);
  std::construct_at(&settings_);
  const Status fits[] = {settings_.api.ca_file.assign(kDefaultCaFile),
                         settings_.intake.socket.assign(kDefaultSocket)};
  for (const Status one : fits) ASSERT(one == Status::ok);
}

Status SettingsReader::add(std::string_view name, std::span<char> text) {
  if (error_.size() > 0) return Status::invalid;
  text_ = {text.data(), text.size()};
  if (file_count_ == files_.size()) {
    put_error(name, 1);
    error_.put("too many files: at most ").put_number(files_.size()).put(" are read");
    return Status::invalid;
  }
  if (files_[file_count_].assign(name) != Status::ok) {
    put_error(name, 1);
    error_.put("the path of this file is too long");
    return Status::invalid;
  }
  ++file_count_;
  if (text.size() > limits::config_file_bytes_max) {
    put_error(name, 1);
    error_.put("larger than ").put_number(limits::config_file_bytes_max / 1024).put(" KiB");
    return Status::invalid;
  }
  if (const auto open = blank_comments(text)) {
    put_error(name, line_of(text_, *open));
    error_.put("comment without an end");
    return Status::invalid;
  }
  JsonFault fault;
  const Result<JsonView> root = parse_json(text_, arena_, fault);
  if (root.status() == Status::full) {
    put_error(name, 1);
    error_.put("holds too many values to be a configuration");
    return Status::invalid;
  }
  if (!root.ok()) {
    put_error(name, line_of(text_, fault.at));
    error_.put("Not valid JSON: ").put(fault.reason);
    return Status::invalid;
  }
  reading_.path.clear();
  return read_root(root.value());
}

Status SettingsReader::read_root(JsonView root) {
  if (!root.is_object()) {
    reading_.words.put("A configuration must be an object: { … }");
    return fail(here());
  }
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
    if (kKeys[i].name == name) return read_key(kKeys[i], section, settings_, origins_[i]);
    near.offer(section_of(kKeys[i].name));
    if (section_of(kKeys[i].name).empty()) {
      near.offer(kKeys[i].name);
    } else {
      known = known || section_of(kKeys[i].name) == name;
    }
  }
  if (!known) return unknown_key(near.word());
  if (!section.is_object()) {
    reading_.words.put("must be an object: { … }");
    return fail(here());
  }
  set_section_origin(name);
  for (const JsonView one : section) {
    reading_.path.push(one.name());
    NearestWord near_key(one.name());
    bool found = false;
    for (std::size_t i = 0; i < kKeys.size() && !found; ++i) {
      if (section_of(kKeys[i].name) != name) continue;
      near_key.offer(last_of(kKeys[i].name));
      found = last_of(kKeys[i].name) == one.name();
      if (found) TRY(read_key(kKeys[i], one, settings_, origins_[i]));
    }
    if (!found) return unknown_key(near_key.word());
    reading_.path.pop();
  }
  return Status::ok;
}

Status SettingsReader::read_templates(JsonView templates) {
  if (!templates.is_object()) {
    reading_.words.put("must be an object with a member for each scenario");
    return fail(here());
  }
  for (const JsonView one : templates) {
    reading_.path.push(one.name());
    TRY(read_template(one));
    reading_.path.pop();
  }
  return Status::ok;
}

Status SettingsReader::read_template(JsonView one) {
  std::string_view id = one.name();
  if (const std::string_view why = name_word(id); !why.empty()) {
    reading_.words.put("the name of a scenario ").put(why);
    return fail(here());
  }
  if (!one.is_object()) {
    reading_.words.put("must be an object: { … }");
    return fail(here());
  }
  std::size_t at = 0;
  while (at < settings_.template_count && !(settings_.templates[at].scenario == id)) ++at;
  if (at == settings_.templates.size()) {
    reading_.words.put("too many scenarios: there is room for ").put_number(at);
    return fail(here());
  }
  TemplateSettings& to = settings_.templates[at];
  TemplateOrigins& origins = template_origins_[at];
  if (at == settings_.template_count) {
    TRY(to.scenario.assign(id));
    ++settings_.template_count;
    origins.fill(here());
  }
  for (const JsonView member : one) {
    reading_.path.push(member.name());
    NearestWord near(member.name());
    bool found = false;
    for (std::size_t i = 0; i < kTemplateKeys.size() && !found; ++i) {
      near.offer(kTemplateKeys[i].name);
      found = kTemplateKeys[i].name == member.name();
      if (found) TRY(read_key(kTemplateKeys[i], member, to, origins[i]));
    }
    if (!found) return unknown_key(near.word());
    reading_.path.pop();
  }
  return Status::ok;
}

template <typename Owner>
Status SettingsReader::read_key(const Key<Owner>& key, JsonView value, Owner& owner,
                                Origin& origin) {
  origin = here();
  origin.set = true;
  if (find_placeholder(value, reading_.path)) return missing(here());
  if (key.required && value.string() && is_blank(*value.string())) return missing(origin);
  return key.read(value, settings_, owner, reading_) ? Status::ok : fail(here());
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

Status SettingsReader::fail(const Origin& at) {
  // Where not even the section was, the first file is the one to write it into.
  const std::size_t file = at.line == 0 ? 1 : at.file;
  put_error(file_count_ == 0 ? "configuration" : files_[file - 1].view(),
            at.line == 0 ? 1 : at.line);
  if (!reading_.path.steps().empty()) {
    reading_.path.put(error_);
    error_.put(": ");
  }
  error_.put(reading_.words.written());
  return Status::invalid;
}

Status SettingsReader::unknown_key(std::string_view near) {
  reading_.words.put("unknown key");
  if (!near.empty()) reading_.words.put("; did you mean ").put(near).put('?');
  return fail(here());
}

Status SettingsReader::missing(const Origin& at) {
  TextBuffer<256> name;
  reading_.path.put(name);
  reading_.words.clear();
  reading_.words.put("Missing configuration value: ").put(name.written());
  return fail(at);
}

void SettingsReader::put_error(std::string_view file, std::size_t line) {
  error_.put(cut_to(file, limits::file_path_bytes_max)).put(':').put_number(line).put(": ");
}

}  // namespace fieldpost
