#include "platform/linux/file_lock.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <sys/file.h>
#include <sys/stat.h>

namespace fieldpost {

Status FileLock::take(std::string_view queue_path, Deadline deadline, const Clock& clock) {
  const bool beside = !is_flash_device(queue_path);
  const CPath name(queue_path, beside ? ".lock" : "");
  const int how = O_RDWR | O_CLOEXEC | O_NOFOLLOW | (beside ? O_CREAT : 0);
  errno = ENAMETOOLONG;
  Fd file(name.sound() ? ::open(name.c_str(), how, 0660) : -1);
  if (!file.is_open()) return errno == ENOENT ? Status::not_found : Status::io;
  // flock() itself knows no deadline, so it is asked now and then.
  while (::flock(file.get(), LOCK_EX | LOCK_NB) != 0) {
    if (errno != EWOULDBLOCK && errno != EINTR) return Status::io;
    if (deadline.passed(clock.now())) return Status::timeout;
    ::poll(nullptr, 0, 20);
  }
  file_ = static_cast<Fd&&>(file);
  return Status::ok;
}

}  // namespace fieldpost
