// The files of the configuration: the one that is named, then conf.d/*.json beside it, by name.
//
// After each good start they are kept as one file beside the queue, `<queue.path>.config`, for a
// boot at which somebody has broken them. That copy:
//
//   fieldpost-configuration 1 CRC BYTES     of all that follows: crc32c in hexadecimal, and how much
//   file BYTES PATH
//   …its bytes…
//   file BYTES PATH
//   …
#pragma once

#include <array>
#include <cstddef>
#include <optional>
#include <span>
#include <string_view>

#include "agent/base/text_writer.h"
#include "agent/port/shell.h"
#include "agent/settings/reader.h"
#include "agent/settings/settings.h"

namespace fieldpost {

// About 1.7 MB, of which only what the files need is ever touched: make it with Mapping<>.
class Configuration {
 public:
  Configuration() : reader_(settings_, arena_) {}
  Configuration(const Configuration&) = delete;
  Configuration& operator=(const Configuration&) = delete;

  // One of conf.d's files as it is going to be.
  struct Draft {
    std::string_view path, text;
  };
  // Reads and checks, with `draft` in the place of what may lie there. Called once, before anything
  // else.
  //   invalid: error() says why, with file, line and key.
  Status load(std::string_view path, const Draft& draft = {});
  // The same from the last good copy. Only one that was made of the configuration at `path` counts.
  //   not_found: there is none.   invalid: it does not check out, or is wrong by today's rules.
  Status load_copy(std::string_view copy_path, std::string_view path);

  const Settings& settings() const { return settings_; }
  std::string_view error() const;

  // What is wrong is told by load(); this only finds where the queue, and so the copy, may be: the
  // text of "path" after "queue", in files that cannot be read as a whole. Empty: not found.
  std::string_view guess_queue_path() const;

  // Keeps what load() has read, durably, unless the copy there is the same. REQUIRES: load() was ok.
  //   io: errno says why; the old copy stands.
  Status keep_copy(std::string_view copy_path) const;

  // REQUIRES: load() was ok.
  void print(bool json, Shell& shell) const;

 private:
  struct File {
    FilePath name;
    std::span<char> text;
  };

  Status read_file_of(std::string_view path, std::string_view draft = {});
  Status read_extra_files(std::string_view folder, const Draft&);
  Status check();
  Status fail(std::string_view path, PackedText words);
  void put_copy_head(TextWriter& head) const;
  void put_file_head(const File& file, TextWriter& head) const;

  Settings settings_;
  SettingsReader reader_;
  TextBuffer<limits::log_line_bytes_max> error_;
  std::size_t file_count_ = 0;
  std::size_t text_bytes_ = 0;
  std::array<File, limits::config_files_max> files_;
  // Left as the mapping brings them: not one page of them is touched without need.
  std::array<std::byte, limits::config_arena_bytes> arena_;
  std::array<char, limits::config_files_max * limits::config_file_bytes_max> text_;
};

// What the names of files that go with a queue begin with: its own, or the usual one's where it is a
// flash device.
std::string_view path_beside(std::string_view queue_path);
// Where a last good copy lies for a queue at `queue_path`.
std::string_view copy_path_of(std::string_view queue_path, TextWriter& room);
// And where it is looked for when the configuration cannot even say where its queue is.
inline constexpr std::string_view kUsualQueuePath = "/var/lib/fieldpost/queue";

}  // namespace fieldpost
