#include "agent/http/header_line.h"

namespace fieldpost::http {

std::string_view trimmed(std::string_view text) {
  while (text.starts_with(' ') || text.starts_with('\t')) text.remove_prefix(1);
  while (text.ends_with(' ') || text.ends_with('\t')) text.remove_suffix(1);
  return text;
}

bool HeaderLine::Part::is(const char* small_letters) const {
  return !cut && same_letters(whole(), small_letters);
}

void HeaderLine::Part::add(std::string_view piece) {
  const std::size_t taken = piece.copy(text.data() + bytes, text.size() - bytes);
  bytes += taken;
  if (taken < piece.size()) cut = true;
}

}  // namespace fieldpost::http
