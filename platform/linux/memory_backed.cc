#include "platform/linux/memory_backed.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <sys/statfs.h>
#include <sys/sysmacros.h>

#include <algorithm>
#include <array>
#include <optional>

#include "platform/linux/file.h"
#include "platform/linux/line_reader.h"

namespace fieldpost {
namespace {

// From linux/magic.h, and the network file systems that it leaves out: not every libc's kernel
// headers are at hand, and the numbers never change.
constexpr std::uint32_t kOverlay = 0x794c7630;
constexpr auto kMemory = std::to_array<std::uint32_t>({
    0x01021994,  // tmpfs
    0x858458f6,  // ramfs
    0x958458f6,  // hugetlbfs
});
constexpr auto kNetwork = std::to_array<std::uint32_t>({
    0x00006969,  // NFS
    0x0000517b,  // SMB
    0xff534d42,  // CIFS
    0xfe534d42,  // SMB2
    0x01021997,  // 9p
    0x5346414f,  // AFS
    0x6b414653,  // kAFS
    0x00c36400,  // Ceph
    0x73757245,  // Coda
    0x0bd00bd0,  // Lustre
    0x01161970,  // GFS2
    0x7461636f,  // OCFS2
});

// The kernel limits a mount's options to a page; a few hundred bytes of other fields precede them.
constexpr std::size_t kMountLineBytesMax = 8 * 1024;

// proc(5): blanks, tabs, new-lines and backslashes stand as three octal digits.
std::size_t unescape(std::string_view text, std::span<char> out) {
  std::size_t used = 0;
  while (!text.empty() && used < out.size()) {
    std::string_view digits = text.substr(1, 3);
    std::uint32_t byte = 0;
    const bool escaped =
        text[0] == '\\' && digits.size() == 3 && take_number(digits, byte, 8) && digits.empty();
    out[used++] = escaped ? static_cast<char>(byte) : text[0];
    text.remove_prefix(escaped ? 4 : 1);
  }
  return used;
}

// The upper layer of the overlay that is mounted as `device`.
std::optional<std::string_view> upper_layer(dev_t device, std::span<char> room) {
  const Fd mounts = open_file("/proc/self/mountinfo", O_RDONLY);
  LineReader lines(mounts.get());
  std::array<char, kMountLineBytesMax> line_room;
  for (std::string_view line; lines.next_that_fits(line_room, line);) {
    take_field(line, ' ');  // its id
    take_field(line, ' ');  // its parent's
    std::uint32_t major_number = 0, minor_number = 0;
    if (!take_number(line, major_number) || take_field(line, ':') != "" ||
        !take_number(line, minor_number) || makedev(major_number, minor_number) != device) {
      continue;
    }
    constexpr std::string_view kOption = ",upperdir=";
    const std::size_t at = line.find(kOption);
    if (at == line.npos) break;
    line.remove_prefix(at + kOption.size());
    const std::string_view path = line.substr(0, std::min(line.find(','), line.find(' ')));
    return std::string_view(room.data(), unescape(path, room));
  }
  return std::nullopt;
}

}  // namespace

Keeps what_keeps(std::uint32_t file_system_type) {
  const auto is_it = [file_system_type](std::uint32_t type) { return type == file_system_type; };
  if (std::any_of(kMemory.begin(), kMemory.end(), is_it)) return Keeps::memory;
  if (std::any_of(kNetwork.begin(), kNetwork.end(), is_it)) return Keeps::network;
  return Keeps::yes;
}

Keeps what_keeps(std::string_view folder) {
  const CPath name(folder);
  struct statfs system {};
  struct stat about {};
  if (!name.sound() || ::statfs(name.c_str(), &system) != 0) return Keeps::yes;
  // Its type is signed on some machines and wider on others; the numbers are of 32 bits.
  const auto type = static_cast<std::uint32_t>(system.f_type);
  if (type != kOverlay || ::stat(name.c_str(), &about) != 0) return what_keeps(type);

  std::array<char, limits::file_path_bytes_max> room;
  const auto upper = upper_layer(about.st_dev, room);
  // In a container the upper layer lies where it cannot be seen: nothing is known against it.
  const CPath upper_name(upper.value_or(""));
  if (!upper || !upper_name.sound() || ::statfs(upper_name.c_str(), &system) != 0) {
    return Keeps::yes;
  }
  return what_keeps(static_cast<std::uint32_t>(system.f_type));
}

}  // namespace fieldpost
