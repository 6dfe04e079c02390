#include "agent/base/word_list.h"

#include <cstring>

namespace fieldpost {
namespace {

const char* end_of(const char* line) { return std::strchr(line, '\n'); }

std::string_view word_of(const char* line) {
  return {line, static_cast<std::size_t>(end_of(line) - line)};
}

}  // namespace

std::string_view WordList::word_at(const char* lines, std::size_t i) {
  while (i-- > 0) lines = end_of(lines) + 1;
  return word_of(lines);
}

std::optional<std::size_t> WordList::number_of(const char* lines, std::string_view word) {
  for (std::size_t i = 0; *lines != '\0'; ++i, lines = end_of(lines) + 1) {
    if (word_of(lines) == word) return i;
  }
  return std::nullopt;
}

}  // namespace fieldpost
