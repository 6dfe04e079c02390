// Lines of a file, a pipe or a terminal, and the fields of such lines.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
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
  // The next one that `room` holds, into `line`. False: there are no more.
  bool next_that_fits(std::span<char> room, std::string_view& line);

 private:
  int fd_;
  std::size_t from_ = 0;  // buffer_[from_, to_) is not given out yet
  std::size_t to_ = 0;
  std::array<char, 1024> buffer_;
};

// Takes what stands before the next `separator`, and that too, off `line`.
std::string_view take_field(std::string_view& line, char separator);

// Takes the digits at the start of `text` off it. False: there are none, or too many.
bool take_number(std::string_view& text, std::uint32_t& number, unsigned int base = 10);

}  // namespace fieldpost
