#include "platform/linux/line_reader.h"

#include <errno.h>
#include <unistd.h>

#include <cstring>

namespace fieldpost {

Result<std::string_view> LineReader::next(std::span<char> room) {
  std::size_t used = 0;
  bool any = false;
  bool too_long = false;
  for (;;) {
    if (from_ == to_) {
      const ssize_t got = ::read(fd_, buffer_.data(), buffer_.size());
      if (got < 0 && errno == EINTR) continue;
      if (got < 0) return Status::io;
      from_ = 0;
      to_ = static_cast<std::size_t>(got);
      if (got == 0) break;
    }
    any = true;
    const std::string_view rest(buffer_.data() + from_, to_ - from_);
    const std::size_t end = rest.find('\n');
    const std::string_view piece = rest.substr(0, end);
    from_ += piece.size();
    if (piece.size() > room.size() - used) {
      too_long = true;
    } else {
      std::memcpy(room.data() + used, piece.data(), piece.size());
      used += piece.size();
    }
    if (end != rest.npos) {
      ++from_;
      break;
    }
  }
  if (!any) return Status::not_found;
  if (too_long) return Status::invalid;
  return std::string_view(room.data(), used);
}

}  // namespace fieldpost
