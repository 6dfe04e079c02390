#include "agent/base/letters.h"

namespace fieldpost {

bool starts_with_letters(std::string_view text, std::string_view small_letters) {
  if (text.size() < small_letters.size()) return false;
  for (std::size_t i = 0; i < small_letters.size(); ++i) {
    if (small(text[i]) != small_letters[i]) return false;
  }
  return true;
}

bool same_letters(std::string_view text, std::string_view small_letters) {
  return text.size() == small_letters.size() && starts_with_letters(text, small_letters);
}

std::size_t find_letters(std::string_view text, std::string_view small_letters, std::size_t from) {
  for (std::size_t at = from; at < text.size(); ++at) {
    if (starts_with_letters(text.substr(at), small_letters)) return at;
  }
  return std::string_view::npos;
}

}  // namespace fieldpost
