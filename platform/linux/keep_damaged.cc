#include "platform/linux/keep_damaged.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
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
  const CPath name(path_beside(queue_path), ".damaged");
  const Fd file(::open(name.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600));
  if (!file.is_open() && errno == EEXIST) return;
  if (file.is_open() && copy(region_fd, bytes, file.get())) {
    log.line(LogLevel::warning, "damage_copied").key("file", name.c_str());
    return;
  }
  TextBuffer<64> why;
  why.put(error_words(errno));
  if (file.is_open()) ::unlink(name.c_str());
  log.line(LogLevel::warning, "damage_not_copied")
      .key("file", name.c_str())
      .key("why", why.written());
}

}  // namespace fieldpost
