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

bool LineReader::next_that_fits(std::span<char> room, std::string_view& line) {
  Result<std::string_view> got = next(room);
  while (got.status() == Status::invalid) got = next(room);
  if (got.ok()) line = got.value();
  return got.ok();
}

std::string_view take_field(std::string_view& line, char separator) {
  const std::string_view field = line.substr(0, line.find(separator));
  line.remove_prefix(field.size() < line.size() ? field.size() + 1 : line.size());
  return field;
}

bool take_number(std::string_view& text, std::uint32_t& number, unsigned int base) {
  constexpr std::string_view kDigits = "0123456789abcdef";
  std::uint64_t value = 0;
  std::size_t used = 0;
  for (; used < text.size(); ++used) {
    const std::size_t digit = kDigits.find(text[used]);
    if (digit >= base) break;  // npos is larger than any
    value = value * base + digit;
    if (value > UINT32_MAX) return false;
  }
  text.remove_prefix(used);
  number = static_cast<std::uint32_t>(value);
  return used != 0;
}

}  // namespace fieldpost
