#include "platform/linux/keep_damaged.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/stat.h>
#include <sys/statfs.h>
#include <unistd.h>

#include <array>

#include "platform/linux/configuration.h"
#include "platform/linux/error_words.h"
#include "platform/linux/file.h"

namespace fieldpost {
namespace {

// A page that cannot be read is one of zeros in the copy: what is wrong must not hide the rest.
bool copy(int from, std::uint64_t bytes, int to) {
  struct statfs disk {};
  if (::fstatfs(to, &disk) != 0) return false;
  errno = ENOSPC;
  if (std::uint64_t{disk.f_bavail} * static_cast<std::uint64_t>(disk.f_bsize) / 2 < bytes) {
    return false;
  }
  std::array<char, 4096> page{};
  for (std::uint64_t at = 0; at < bytes; at += page.size()) {
    if (::pread(from, page.data(), page.size(), static_cast<off_t>(at)) < 0) page.fill(0);
    if (write_all(to, {page.data(), page.size()}) != Status::ok) return false;
  }
  return ::fsync(to) == 0;
}

}  // namespace

void keep_damaged(int region_fd, std::uint64_t bytes, std::string_view queue_path, const Log& log) {
  const std::string_view beside = path_beside(queue_path);
  const CPath name(beside, ".damaged"), aside(beside, ".damaged.new");
  struct stat about {};
  if (::lstat(name.c_str(), &about) == 0) return;
  // Whoever was cut off while copying left this name behind: what it holds is not the whole.
  const Fd file(::open(aside.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0600));
  if (file.is_open() && copy(region_fd, bytes, file.get()) &&
      ::rename(aside.c_str(), name.c_str()) == 0 && sync_folder(folder_of(beside)) == Status::ok) {
    log.line(LogLevel::warning, "damage_copied").key("file", name.c_str());
    return;
  }
  TextBuffer<64> why;
  why.put(error_words(errno));
  if (file.is_open()) ::unlink(aside.c_str());
  log.line(LogLevel::warning, "damage_not_copied")
      .key("file", name.c_str())
      .key("why", why.written());
}

bool has_damaged(std::string_view queue_path, TextWriter& path) {
  const CPath name(path_beside(queue_path), ".damaged");
  struct stat about {};
  path.put(name.c_str());
  return ::lstat(name.c_str(), &about) == 0;
}

}  // namespace fieldpost
