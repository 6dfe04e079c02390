#include "platform/linux/directory_file.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>

#include <array>

#include "platform/linux/file.h"
#include "platform/linux/line_reader.h"

namespace fieldpost {
namespace {

// What others' requests may wait.
constexpr Duration kReading = 2_s;
// More is not read in that time anyway, and may be one line without an end.
constexpr off_t kBytesMax = 64 * 1024 * 1024;

}  // namespace

Status LinuxDirectory::each_line(std::string_view path, LineVisitor& visitor) {
  const Deadline deadline{clock_.now() + kReading};
  // Nobody is waited for who may one day write into a pipe of this name.
  const Fd file = open_file(path, O_RDONLY | O_NONBLOCK | O_NOCTTY);
  if (!file.is_open()) return errno == ENOENT ? Status::not_found : Status::io;
  struct stat found {};
  if (::fstat(file.get(), &found) != 0 || !S_ISREG(found.st_mode)) return Status::io;
  if (found.st_size > kBytesMax) return Status::timeout;
  LineReader lines(file.get());
  std::array<char, limits::directory_line_bytes_max> room;
  for (;;) {
    const Result<std::string_view> line = lines.next(room);
    if (line.status() == Status::not_found) return Status::ok;
    if (line.status() == Status::io) return Status::io;
    if (!visitor.line(line)) return Status::ok;
    if (deadline.passed(clock_.now())) return Status::timeout;
  }
}

}  // namespace fieldpost
