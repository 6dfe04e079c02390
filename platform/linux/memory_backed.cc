#include "platform/linux/memory_backed.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <sys/statfs.h>
#include <sys/sysmacros.h>

#include <algorithm>
#include <array>
#include <charconv>
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

// What stands before the first blank, and takes it and the blank away.
std::string_view next_field(std::string_view& line) {
  const std::size_t end = std::min(line.find(' '), line.size());
  const std::string_view field = line.substr(0, end);
  line.remove_prefix(std::min(end + 1, line.size()));
  return field;
}

// proc(5): blanks, tabs, new-lines and backslashes stand as three octal digits.
std::size_t unescape(std::string_view text, std::span<char> out) {
  std::size_t used = 0;
  while (!text.empty() && used < out.size()) {
    unsigned byte = 0;
    if (text.size() >= 4 && text[0] == '\\' &&
        std::from_chars(text.data() + 1, text.data() + 4, byte, 8).ptr == text.data() + 4) {
      out[used++] = static_cast<char>(byte);
      text.remove_prefix(4);
    } else {
      out[used++] = text[0];
      text.remove_prefix(1);
    }
  }
  return used;
}

// The upper layer of the overlay that is mounted as `device`.
std::optional<std::string_view> upper_layer(dev_t device, std::span<char> room) {
  const Fd mounts(::open("/proc/self/mountinfo", O_RDONLY | O_CLOEXEC));
  if (!mounts.is_open()) return std::nullopt;
  LineReader lines(mounts.get());
  std::array<char, kMountLineBytesMax> line_room;
  for (;;) {
    const auto line = lines.next(line_room);
    if (line.status() == Status::invalid) continue;
    if (!line.ok()) return std::nullopt;
    std::string_view left = line.value();
    next_field(left);  // its id
    next_field(left);  // its parent's
    std::string_view number = next_field(left);
    unsigned major_number = 0, minor_number = 0;
    const std::size_t colon = number.find(':');
    if (colon == number.npos) continue;
    std::from_chars(number.data(), number.data() + colon, major_number);
    std::from_chars(number.data() + colon + 1, number.data() + number.size(), minor_number);
    if (makedev(major_number, minor_number) != device) continue;

    constexpr std::string_view kOption = ",upperdir=";
    const std::size_t at = left.find(kOption);
    if (at == left.npos) return std::nullopt;
    left.remove_prefix(at + kOption.size());
    const std::string_view path = left.substr(0, std::min(left.find(','), left.find(' ')));
    return std::string_view(room.data(), unescape(path, room));
  }
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
