#include "platform/linux/configuration.h"

#include <errno.h>

#include <algorithm>
#include <cstring>

#include "agent/base/crc32c.h"
#include "platform/linux/error_words.h"
#include "platform/linux/file.h"
#include "platform/linux/folder.h"
#include "platform/linux/line_reader.h"
#include "platform/linux/zone_file.h"

namespace fieldpost {
namespace {

constexpr std::string_view kCopyBegins = "fieldpost-configuration 1 ";
constexpr std::string_view kFileBegins = "file ";
constexpr unsigned int kCopyMode =
    0640;  // as the configuration: it names files, it holds no secret

using FileHead = TextBuffer<limits::file_path_bytes_max + 32>;
using CopyHead = TextBuffer<64>;

std::uint32_t add_crc(std::uint32_t before, std::string_view text) {
  return crc32c(std::as_bytes(std::span(text)), before);
}

// Takes the first line off `text`, without its end; false: there is no line end.
bool take_line(std::string_view& text, std::string_view& line) {
  if (text.find('\n') == text.npos) return false;
  line = take_field(text, '\n');
  return true;
}

// Takes a number and the space or end behind it off `text`.
bool take_count(std::string_view& text, unsigned int base, std::uint32_t& number) {
  if (!take_number(text, number, base)) return false;
  if (text.starts_with(' ')) text.remove_prefix(1);
  return true;
}

}  // namespace

std::string_view path_beside(std::string_view queue_path) {
  return is_flash_device(queue_path) ? kUsualQueuePath : queue_path;
}

std::string_view copy_path_of(std::string_view queue_path, TextWriter& room) {
  room.put(path_beside(queue_path)).put(".config");
  return room.overflowed() ? std::string_view() : room.written();
}

std::string_view Configuration::error() const {
  return error_.written().empty() ? reader_.error() : error_.written();
}

Status Configuration::fail(std::string_view path, PackedText words) {
  error_.clear();
  error_.put(path).put(": ").put(words);
  return Status::invalid;
}

Status Configuration::load(std::string_view path, const Draft& draft) {
  TRY(read_file_of(path));
  TextBuffer<limits::file_path_bytes_max + 8> folder;
  folder.put(folder_of(path)).put("/conf.d");
  if (folder.overflowed()) return fail(path, "the path is too long"_packed);
  TRY(read_extra_files(folder.written(), draft));
  if (!draft.path.empty()) TRY(read_file_of(draft.path, draft.text));
  TRY(check());
  if (!settings_.pace.quiet.on || find_zone_rule(settings_.pace.quiet) == Status::ok) {
    return Status::ok;
  }
  return fail(path,
              "pace.quiet.zone: this system knows no such zone; its rule can be written here, such "
              "as CET-1CEST,M3.5.0,M10.5.0/3"_packed);
}

Status Configuration::read_extra_files(std::string_view folder, const Draft& draft) {
  std::array<FileName, limits::config_files_max - 1> names;
  const Result<std::size_t> count = list_folder(folder, ".json", names);
  switch (status_of(count)) {
    case Status::ok: break;
    case Status::not_found: return Status::ok;
    case Status::full: return fail(folder, "more than 15 files"_packed);
    case Status::timeout:
    case Status::io:
    case Status::torn:
    case Status::corrupt:
    case Status::invalid:
    case Status::newer: return fail(folder, error_words(errno));
  }
  static_assert(limits::config_files_max == 16, "the words above name the number");
  for (std::size_t i = 0; i < count.value(); ++i) {
    TextBuffer<limits::file_path_bytes_max> path;
    path.put(folder).put('/').put(names[i].view());
    if (path.overflowed()) return fail(folder, "the path of a file in it is too long"_packed);
    if (path.written() != draft.path) TRY(read_file_of(path.written()));
  }
  return Status::ok;
}

Status Configuration::read_file_of(std::string_view path, std::string_view draft) {
  if (file_count_ == files_.size()) return fail(path, "more than 15 files"_packed);
  File& file = files_[file_count_];
  if (file.name.assign(path) != Status::ok) return fail(path, "the path is too long"_packed);
  const std::span<char> room(text_.data() + text_bytes_, limits::config_file_bytes_max);
  ASSERT(draft.size() <= room.size());
  std::copy(draft.begin(), draft.end(), room.begin());
  const Result<std::size_t> got = draft.empty() ? read_file(path, room) : draft.size();
  switch (status_of(got)) {
    case Status::ok: break;
    case Status::full: return fail(path, "larger than 64 KiB"_packed);
    case Status::not_found:
      return fail(path, "there is no such file; -c or FIELDPOST_CONFIG name another"_packed);
    case Status::timeout:
    case Status::io:
    case Status::torn:
    case Status::corrupt:
    case Status::invalid:
    case Status::newer: return fail(path, error_words(errno));
  }
  static_assert(limits::config_file_bytes_max == 64 * 1024, "the words above name the number");
  file.text = room.first(got.value());
  text_bytes_ += got.value();
  ++file_count_;
  return Status::ok;
}

Status Configuration::check() {
  for (std::size_t i = 0; i < file_count_; ++i) {
    TRY(reader_.add(files_[i].name.view(), files_[i].text));
  }
  return reader_.finish();
}

std::string_view Configuration::guess_queue_path() const {
  for (std::size_t i = 0; i < file_count_; ++i) {
    std::string_view text(files_[i].text.data(), files_[i].text.size());
    for (const std::string_view word : {R"("queue")", R"("path")", ":", "\""}) {
      const std::size_t at = text.find(word);
      text = at == text.npos ? std::string_view() : text.substr(at + word.size());
    }
    const std::string_view path = text.substr(0, text.find('"'));
    if (path.starts_with('/') && path.size() < limits::file_path_bytes_max) return path;
  }
  return {};
}

void Configuration::put_file_head(const File& file, TextWriter& head) const {
  head.put(kFileBegins).put_number(file.text.size()).put(' ').put(file.name.view()).put('\n');
}

void Configuration::put_copy_head(TextWriter& head) const {
  std::uint32_t crc = 0;
  std::size_t bytes = 0;
  for (std::size_t i = 0; i < file_count_; ++i) {
    FileHead file_head;
    put_file_head(files_[i], file_head);
    const std::string_view text(files_[i].text.data(), files_[i].text.size());
    crc = add_crc(add_crc(crc, file_head.written()), text);
    bytes += file_head.size() + text.size();
  }
  head.put(kCopyBegins).put_hex(crc, 8).put(' ').put_number(bytes).put('\n');
}

Status Configuration::keep_copy(std::string_view copy_path) const {
  CopyHead head;
  put_copy_head(head);
  // The head stands for all of it: flash is not written for what it holds already.
  std::array<char, 64> there{};
  const Result<std::size_t> got = read_file(copy_path, there);
  if ((got.ok() || got.status() == Status::full) &&
      std::string_view(there.data(), there.size()).starts_with(head.written())) {
    return Status::ok;
  }
  std::array<FileHead, limits::config_files_max> heads;
  std::array<std::string_view, 1 + 2 * limits::config_files_max> pieces;
  pieces[0] = head.written();
  for (std::size_t i = 0; i < file_count_; ++i) {
    put_file_head(files_[i], heads[i]);
    pieces[1 + 2 * i] = heads[i].written();
    pieces[2 + 2 * i] = {files_[i].text.data(), files_[i].text.size()};
  }
  return replace_file(copy_path, std::span(pieces).first(1 + 2 * file_count_), kCopyMode);
}

Status Configuration::load_copy(std::string_view copy_path, std::string_view path) {
  const Result<std::size_t> got = read_file(copy_path, text_);
  if (got.status() == Status::not_found) return Status::not_found;
  if (!got.ok()) return fail(copy_path, error_words(errno));
  std::string_view rest(text_.data(), got.value());
  std::string_view line;
  std::uint32_t crc = 0;
  std::uint32_t bytes = 0;
  if (!take_line(rest, line) || !line.starts_with(kCopyBegins)) {
    return fail(copy_path, "it is no copy of a configuration"_packed);
  }
  line.remove_prefix(kCopyBegins.size());
  if (!take_count(line, 16, crc) || !take_count(line, 10, bytes) || bytes != rest.size() ||
      crc != add_crc(0, rest)) {
    return fail(copy_path, "the copy is damaged"_packed);
  }
  while (!rest.empty() && file_count_ < files_.size()) {
    File& file = files_[file_count_];
    if (!take_line(rest, line) || !line.starts_with(kFileBegins)) break;
    line.remove_prefix(kFileBegins.size());
    if (!take_count(line, 10, bytes) || bytes > rest.size()) break;
    if (file.name.assign(line) != Status::ok) break;
    file.text = std::span(text_.data() + (rest.data() - text_.data()), bytes);
    rest.remove_prefix(bytes);
    ++file_count_;
  }
  if (!rest.empty() || file_count_ == 0) return fail(copy_path, "the copy is damaged"_packed);
  if (files_[0].name.view() != path) return Status::not_found;
  // By a copy nothing is sent: a zone that has gone since need not keep the agent from taking.
  TRY(check());
  if (settings_.pace.quiet.on) static_cast<void>(find_zone_rule(settings_.pace.quiet));
  return Status::ok;
}

void Configuration::print(bool json, Shell& shell) const {
  // One line may be as long as a list of texts; it is static so that no stack has to hold it.
  static TextBuffer<limits::config_line_bytes_max> line;
  const auto form = json ? SettingsReader::LineForm::json : SettingsReader::LineForm::text;
  for (std::size_t i = 0; i < reader_.line_count(); ++i) {
    line.clear();
    reader_.put_line(i, form, line);
    shell.out(line.written());
    shell.out("\n");
  }
}

}  // namespace fieldpost
