// Lines of a file, a pipe or a terminal.
#pragma once

#include <array>
#include <cstddef>
#include <span>
#include <string_view>

#include "agent/base/status.h"

namespace fieldpost {

class LineReader {
 public:
  explicit LineReader(int fd) : fd_(fd) {}  // borrowed
  LineReader(const LineReader&) = delete;
  LineReader& operator=(const LineReader&) = delete;

  // The next line, without its end, in `room`. The last one needs no end.
  //   not_found: there are no more.   invalid: longer than `room`; it has been skipped.
  //   io: it cannot be read.
  Result<std::string_view> next(std::span<char> room);

 private:
  int fd_;
  std::size_t from_ = 0;  // buffer_[from_, to_) is not given out yet
  std::size_t to_ = 0;
  std::array<char, 1024> buffer_;
};

}  // namespace fieldpost
