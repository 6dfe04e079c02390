// Words by number, kept as one text of a word a line.
//
// A table of string views would cost sixteen bytes a word more: a pointer, a length, and the
// pointer's relocation in a position-independent program.
#pragma once

#include <cstddef>
#include <optional>
#include <string_view>

namespace fieldpost {

class WordList {
 public:
  // Each word ends with '\n', the last one too.
  consteval explicit WordList(const char* lines) : lines_(lines) {}

  constexpr std::size_t size() const {
    std::size_t count = 0;
    for (const char* c = lines_; *c != '\0'; ++c) count += *c == '\n' ? 1 : 0;
    return count;
  }
  // REQUIRES: i < size().
  std::string_view operator[](std::size_t i) const { return word_at(lines_, i); }
  std::optional<std::size_t> find(std::string_view word) const { return number_of(lines_, word); }

 private:
  static std::string_view word_at(const char* lines, std::size_t i);
  static std::optional<std::size_t> number_of(const char* lines, std::string_view word);

  const char* lines_;
};

}  // namespace fieldpost
