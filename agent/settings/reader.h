// Configuration files → Settings, and back to text for `check --print`.
//
//   SettingsReader reader(settings, arena);
//   TRY(reader.add("/etc/fieldpost/fieldpost.json", text));   // then conf.d/*.json by name
//   TRY(reader.finish());
//
// A later file overrides an earlier one key by key; a list, or a window of quiet hours, is one key.
// What is wrong is said once, for a person, with file, line and key:
//
//   /etc/fieldpost/fieldpost.json:7: templates.next-step.namespace:
//       Missing configuration value: templates.next-step.namespace        (in one line)
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

#include "agent/base/status.h"
#include "agent/base/text_writer.h"
#include "agent/json/arena.h"
#include "agent/json/tree.h"
#include "agent/settings/keys.h"
#include "agent/settings/near.h"
#include "agent/settings/reading.h"
#include "agent/settings/settings.h"

namespace fieldpost {

class SettingsReader {
 public:
  // Both are borrowed. `into` starts as the defaults and holds a configuration only after finish()
  // was ok. `arena` has limits::config_arena_bytes and is free again after each add().
  SettingsReader(Settings& into, std::span<std::byte> arena);
  SettingsReader(const SettingsReader&) = delete;
  SettingsReader& operator=(const SettingsReader&) = delete;

  // Reads one more file, at most limits::config_files_max of them. `name` is for messages. Comments
  // in `text` are overwritten with spaces; it can be forgotten afterwards.
  //   invalid: error() says why; so will every call after it.
  Status add(std::string_view name, std::span<char> text);

  // Checks what only the whole can show: missing keys, keys that contradict each other.
  //   invalid: error() says why.
  Status finish();

  // One line without its end: FILE:LINE: KEY: what is wrong. Empty after success.
  std::string_view error() const { return error_.written(); }

  // The effective values, one a line, with where each came from: "FILE:LINE" or "default". What a
  // file holds (a token, a PIN) is never shown, only where it lies.
  // REQUIRES: finish() was ok; i < line_count(); `out` has limits::config_line_bytes_max.
  enum class LineForm : std::uint8_t { text, json };
  std::size_t line_count() const;
  void put_line(std::size_t i, LineForm, TextWriter& out) const;

 private:
  // Where a key was set. Until it is, where its section stands, so that a missing key has a line.
  struct Origin {
    bool set = false;
    std::uint16_t file = 0;
    std::uint32_t line = 0;  // 0: not even the section was there
  };
  using TemplateOrigins = std::array<Origin, kTemplateKeys.size()>;

  Status read_root(JsonView root);
  Status read_section(JsonView section);
  Status read_templates(JsonView templates);
  Status read_template(JsonView one);
  Status read_members(JsonView object, std::string_view section, std::span<const Key> keys,
                      void* owner, std::span<Origin> origins);
  Status read_key(const Key& key, JsonView value, void* owner, Origin& origin);
  Status check_missing();
  Status check_scenarios();
  Status check_together();
  Status check_allowed(const char* key, const AllowanceList& list);

  Origin here() const;  // the key that reading_.path leads to
  void set_section_origin(std::string_view prefix);

  // Each of these makes error() of reading_.path and the words.
  Status fail_in(std::string_view file, std::size_t line);
  Status fail(const Origin& at);
  Status fail(PackedText words);  // here()
  Status unknown_key(const NearestWord& near);
  Status missing(const Origin& at);
  const Origin& origin_of(std::string_view key) const;
  void put_origin(const Origin& origin, TextWriter& out) const;

  Settings& settings_;
  JsonArena arena_;
  std::string_view text_;  // of the file that is being read
  Reading reading_;
  std::uint16_t file_count_ = 0;
  std::array<FilePath, limits::config_files_max> files_;
  std::array<Origin, kKeys.size()> origins_{};
  std::array<TemplateOrigins, limits::scenarios_max> template_origins_{};
  TextBuffer<limits::log_line_bytes_max> error_;
};

}  // namespace fieldpost
