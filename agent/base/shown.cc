#include "agent/base/shown.h"

#include "agent/base/utf8.h"

namespace fieldpost {

void put_shown(TextWriter& out, std::string_view words, std::size_t bytes_max) {
  const std::string_view shown = cut_to(words, bytes_max - 3);
  for (std::string_view rest = shown; !rest.empty();) {
    const Character c = first_character(rest);
    const std::size_t bytes = c.bytes == 0 ? 1 : c.bytes;
    out.put(c.bytes == 0 || is_control(c.code) ? "?" : rest.substr(0, bytes));
    rest.remove_prefix(bytes);
  }
  if (shown.size() < words.size()) out.put("…");
}

}  // namespace fieldpost
