#include "platform/linux/file.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cstdio>
#include <cstring>

namespace fieldpost {

void Fd::reset(int fd) {
  // Linux frees the number even when close() reports an error, so there is nothing to try again.
  if (fd_ >= 0) ::close(fd_);
  fd_ = fd;
}

CPath::CPath(std::string_view path, std::string_view suffix) {
  if (path.size() + suffix.size() >= bytes_.size() || path.find('\0') != path.npos) return;
  std::memcpy(bytes_.data(), path.data(), path.size());
  if (!suffix.empty()) std::memcpy(bytes_.data() + path.size(), suffix.data(), suffix.size());
  sound_ = true;
}

std::string_view folder_of(std::string_view path) {
  const std::size_t slash = path.rfind('/');
  if (slash == path.npos) return ".";
  return slash == 0 ? path.substr(0, 1) : path.substr(0, slash);
}

Fd open_file(std::string_view path, int flags) {
  const CPath name(path);
  errno = ENAMETOOLONG;
  return Fd(name.sound() ? ::open(name.c_str(), flags | O_CLOEXEC) : -1);
}

Result<std::size_t> read_file(int fd, std::span<char> room) {
  std::size_t used = 0;
  for (;;) {
    char beyond = 0;
    const bool is_full = used == room.size();
    const ssize_t got =
        is_full ? ::pread(fd, &beyond, 1, static_cast<off_t>(used))
                : ::pread(fd, room.data() + used, room.size() - used, static_cast<off_t>(used));
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return Status::io;
    if (got == 0) return used;
    if (is_full) return Status::full;
    used += static_cast<std::size_t>(got);
  }
}

Result<std::size_t> read_file(std::string_view path, std::span<char> room) {
  // Without O_NONBLOCK the opening of a FIFO would wait for its other end.
  const Fd file = open_file(path, O_RDONLY | O_NONBLOCK);
  if (!file.is_open()) return errno == ENOENT ? Status::not_found : Status::io;
  struct stat about {};
  if (::fstat(file.get(), &about) != 0) return Status::io;
  if (!S_ISREG(about.st_mode)) {
    errno = S_ISDIR(about.st_mode) ? EISDIR : EINVAL;
    return Status::io;
  }
  return read_file(file.get(), room);
}

Status write_all(int fd, std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t done = ::write(fd, bytes.data(), bytes.size());
    if (done < 0 && errno == EINTR) continue;
    if (done < 0) return Status::io;
    bytes.remove_prefix(static_cast<std::size_t>(done));
  }
  return Status::ok;
}

Status sync_folder(std::string_view folder) {
  const Fd opened = open_file(folder, O_RDONLY | O_DIRECTORY);
  return opened.is_open() && ::fsync(opened.get()) == 0 ? Status::ok : Status::io;
}

Status replace_file(std::string_view path, std::span<const std::string_view> pieces,
                    unsigned int mode, bool only_new) {
  const CPath name(path);
  const CPath aside(path, ".new");
  if (!name.sound() || !aside.sound()) {
    errno = ENAMETOOLONG;
    return Status::io;
  }
  Fd file(::open(aside.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, mode));
  if (!file.is_open()) return Status::io;
  // What an earlier try left behind has its own mode.
  bool done = ::fchmod(file.get(), mode) == 0;
  for (const std::string_view piece : pieces) {
    done = done && write_all(file.get(), piece) == Status::ok;
  }
  const auto put_in_place = only_new ? ::link : ::rename;
  done = done && ::fsync(file.get()) == 0 && put_in_place(aside.c_str(), name.c_str()) == 0;
  if (!done || only_new) {
    const int why = errno;
    ::unlink(aside.c_str());
    errno = why;
  }
  return done ? sync_folder(folder_of(path)) : Status::io;
}

bool make_folders(std::string_view folder, unsigned int mode) {
  const CPath name(folder);
  if (!name.sound()) return false;
  if (::mkdir(name.c_str(), mode) == 0 || errno == EEXIST) return true;
  if (errno != ENOENT || folder_of(folder) == folder) return false;
  if (!make_folders(folder_of(folder), mode)) return false;
  return ::mkdir(name.c_str(), mode) == 0 || errno == EEXIST;
}

}  // namespace fieldpost
