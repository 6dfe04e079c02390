// Text written into borrowed room: each piece whole or not at all, one check at the end.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

#include "agent/base/status.h"

namespace fieldpost {

class PackedText;

class TextWriter {
 public:
  explicit TextWriter(std::span<char> room) : room_(room) {}

  // The first piece that does not fit closes the writer: nothing after it is written either, so
  // that no text with a hole can come out.
  TextWriter& put(std::string_view text);
  // Most pieces are literals: a pointer each is half the code of a pointer and a length.
  TextWriter& put(const char* text);
  // A text for people: "…"_packed (packed_text.h).
  TextWriter& put(PackedText text);
  TextWriter& put(char c);
  TextWriter& put_number(std::uint64_t number);
  // Lower-case hexadecimal, `digits` of them.
  TextWriter& put_hex(std::uint64_t number, std::size_t digits);

  bool overflowed() const { return overflowed_; }
  std::size_t size() const { return used_; }
  std::size_t room_left() const { return overflowed_ ? 0 : room_.size() - used_; }
  void clear() {
    used_ = 0;
    overflowed_ = false;
  }

  // All that was put.
  //   full: some piece did not fit.
  Result<std::string_view> finish() const;
  // What fitted, even when the writer is closed: for log lines, which are better cut than lost.
  std::string_view written() const { return {room_.data(), used_}; }

 private:
  std::span<char> room_;
  std::size_t used_ = 0;
  bool overflowed_ = false;
};

// A writer that brings its room along. Not copied: the copy would write into the original.
template <std::size_t N>
class TextBuffer : public TextWriter {
 public:
  TextBuffer() : TextWriter(std::span<char>(bytes_)) {}
  TextBuffer(const TextBuffer&) = delete;
  TextBuffer& operator=(const TextBuffer&) = delete;

 private:
  std::array<char, N> bytes_;
};

}  // namespace fieldpost
