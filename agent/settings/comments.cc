#include "agent/settings/comments.h"

#include <algorithm>
#include <string_view>

namespace fieldpost {
namespace {

// Line ends stay: they carry the numbers of the lines.
void blank(std::span<char> comment) {
  for (char& c : comment) {
    if (c != '\n' && c != '\r') c = ' ';
  }
}

// Where the string that opens at `quote` is over. One without an end is over with its line, where
// the check will find it.
std::size_t after_string(std::string_view text, std::size_t quote) {
  for (std::size_t at = quote + 1; at < text.size(); ++at) {
    if (text[at] == '"') return at + 1;
    if (text[at] == '\n') return at;
    if (text[at] == '\\') ++at;
  }
  return text.size();
}

}  // namespace

std::optional<std::size_t> blank_comments(std::span<char> bytes) {
  const std::string_view text(bytes.data(), bytes.size());
  for (std::size_t at = 0; at < text.size();) {
    const std::string_view rest = text.substr(at);
    std::size_t end = at;
    if (rest.starts_with("//")) {
      end = std::min(text.find('\n', at), text.size());
    } else if (rest.starts_with("/*")) {
      end = text.find("*/", at + 2);
      if (end == std::string_view::npos) return at;
      end += 2;
    } else {
      at = text[at] == '"' ? after_string(text, at) : at + 1;
      continue;
    }
    blank(bytes.subspan(at, end - at));
    at = end;
  }
  return std::nullopt;
}

}  // namespace fieldpost
