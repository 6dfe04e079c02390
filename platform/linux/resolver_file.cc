#include "platform/linux/resolver_file.h"

#include <sys/inotify.h>
#include <unistd.h>

#include "platform/linux/control.h"
#include "platform/linux/line_reader.h"

namespace fieldpost {
namespace {

constexpr std::uint32_t kEvents =
    IN_CLOSE_WRITE | IN_CREATE | IN_MOVED_TO | IN_MOVED_FROM | IN_DELETE | IN_ATTRIB;

std::string_view take_word(std::string_view& line) {
  const std::size_t start = line.find_first_not_of(" \t\r");
  if (start == line.npos) return {};
  line.remove_prefix(start);
  const std::string_view word = line.substr(0, line.find_first_of(" \t\r"));
  line.remove_prefix(word.size());
  return word;
}

// "fe80::1%eth0", "192.0.2.53"
bool read_server(std::string_view word, Address& address) {
  const std::size_t percent = word.find('%');
  if (!read_address(word.substr(0, percent), address)) return false;
  if (percent == word.npos) return true;
  const CPath interface(word.substr(percent + 1));
  address.scope = interface.sound() ? interface_index(interface.c_str()) : 0;
  return address.scope != 0;
}

}  // namespace

NameServers read_name_servers(std::string_view text) {
  NameServers list;
  while (!text.empty() && list.count < list.servers.size()) {
    std::string_view line = take_field(text, '\n');
    if (take_word(line) != "nameserver") continue;
    Address address;
    if (read_server(take_word(line), address)) list.servers[list.count++] = address;
  }
  return list;
}

ResolverFile::ResolverFile(std::string_view path)
    : path_(path), watch_(::inotify_init1(IN_NONBLOCK | IN_CLOEXEC)) {
  refresh();
}

void ResolverFile::watch(std::string_view path) {
  if (!watch_.is_open()) return;
  // Watching a folder again changes nothing, and follows a link that points elsewhere now.
  const CPath folder(folder_of(path));
  if (folder.sound()) ::inotify_add_watch(watch_.get(), folder.c_str(), kEvents);
  const CPath link(path);
  std::array<char, limits::file_path_bytes_max> target{};
  const ssize_t size = ::readlink(link.c_str(), target.data(), target.size());
  if (size <= 0) return;
  const std::string_view name(target.data(), static_cast<std::size_t>(size));
  TextBuffer<2 * limits::file_path_bytes_max + 2> whole;
  if (!name.starts_with('/')) whole.put(folder_of(path)).put('/');
  whole.put(folder_of(name));
  const CPath target_folder(whole.written());
  if (target_folder.sound()) ::inotify_add_watch(watch_.get(), target_folder.c_str(), kEvents);
}

bool ResolverFile::refresh() {
  alignas(inotify_event) std::array<char, 1024> events;
  while (watch_.is_open() && ::read(watch_.get(), events.data(), events.size()) > 0) {
  }
  watch(path_);
  std::array<char, 4096> text;
  const Result<std::size_t> got = read_file(path_, text);
  const std::size_t bytes =
      got.ok() ? got.value() : (got.status() == Status::full ? text.size() : 0);
  const NameServers fresh = read_name_servers({text.data(), bytes});
  const bool same = fresh.count == servers_.count && fresh.servers == servers_.servers;
  servers_ = fresh;
  return !same;
}

}  // namespace fieldpost
