#include "platform/linux/folder.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <cstdint>
#include <cstring>

#include "platform/linux/file.h"

namespace fieldpost {
namespace {

// What getdents64(2) writes; opendir(3) would allocate.
struct Entry {
  std::uint64_t inode;
  std::int64_t next;
  std::uint16_t bytes;
  std::uint8_t type;
};
constexpr std::size_t kNameAt = 19;  // behind `type`, without padding

}  // namespace

Result<std::size_t> list_folder(std::string_view folder, std::string_view suffix,
                                std::span<FileName> names, WantsName wants, std::uint64_t what) {
  const Fd opened = open_file(folder, O_RDONLY | O_DIRECTORY);
  if (!opened.is_open()) return errno == ENOENT ? Status::not_found : Status::io;
  alignas(Entry) std::array<char, 2048> buffer;
  std::size_t count = 0;
  bool full = false;
  for (;;) {
    const long got = ::syscall(SYS_getdents64, opened.get(), buffer.data(), buffer.size());
    if (got < 0) return Status::io;
    if (got == 0) break;
    for (std::size_t at = 0; at < static_cast<std::size_t>(got);) {
      Entry entry;
      std::memcpy(&entry, buffer.data() + at, sizeof entry);
      const std::string_view name(buffer.data() + at + kNameAt);
      at += entry.bytes;
      if (name.starts_with('.') || !name.ends_with(suffix)) continue;
      if (wants != nullptr && !wants(opened.get(), name.data(), what)) continue;
      FileName fresh;
      if (fresh.assign(name) != Status::ok) continue;
      full = full || count == names.size();
      if (full && !(fresh.view() < names.back().view())) continue;
      // There are few: each goes to its place at once.
      std::size_t place = full ? count - 1 : count++;
      for (; place > 0 && fresh.view() < names[place - 1].view(); --place) {
        names[place] = names[place - 1];
      }
      names[place] = fresh;
    }
  }
  if (full) return Status::full;
  return count;
}

}  // namespace fieldpost
