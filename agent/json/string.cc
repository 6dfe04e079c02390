#include "agent/json/string.h"

namespace fieldpost {
namespace {

constexpr std::optional<unsigned> hex_digit(char c) {
  if (c >= '0' && c <= '9') return static_cast<unsigned>(c - '0');
  if (c >= 'a' && c <= 'f') return static_cast<unsigned>(c - 'a' + 10);
  if (c >= 'A' && c <= 'F') return static_cast<unsigned>(c - 'A' + 10);
  return std::nullopt;
}

constexpr char unescaped(char letter) {
  switch (letter) {
    case 'b': return '\b';
    case 'f': return '\f';
    case 'n': return '\n';
    case 'r': return '\r';
    case 't': return '\t';
    default: return letter;  // a quote, a backslash, a slash
  }
}

// RFC 3629, 3. Returns how many bytes it took.
std::size_t encode_utf8(unsigned code, std::array<char, 4>& out) {
  const std::size_t bytes = code < 0x80 ? 1 : code < 0x800 ? 2 : code < 0x10000 ? 3 : 4;
  for (std::size_t i = bytes - 1; i > 0; --i) {
    out[i] = static_cast<char>(0x80 | (code & 0x3f));
    code >>= 6;
  }
  // As many ones in front as there are bytes, but none for a single one.
  out[0] = static_cast<char>(bytes == 1 ? code : 0xf00u >> bytes | code);
  return bytes;
}

}  // namespace

std::optional<unsigned> read_hex4(std::string_view text) {
  if (text.size() < 4) return std::nullopt;
  unsigned number = 0;
  for (const char c : text.substr(0, 4)) {
    const auto digit = hex_digit(c);
    if (!digit) return std::nullopt;
    number = number << 4 | *digit;
  }
  return number;
}

std::optional<char> JsonStringReader::next() {
  if (decoded_at_ < decoded_end_) return decoded_[decoded_at_++];
  const char c = text_[at_];
  if (c == '"') return std::nullopt;
  ++at_;
  if (c != '\\') return c;
  const char letter = text_[at_++];
  if (letter != 'u') return unescaped(letter);
  unsigned code = *read_hex4(text_.substr(at_));
  at_ += 4;
  if (code >= 0xd800 && code <= 0xdbff) {  // the check has seen that a low surrogate follows
    code = 0x10000 + ((code - 0xd800) << 10) + (*read_hex4(text_.substr(at_ + 2)) - 0xdc00);
    at_ += 6;
  }
  decoded_end_ = encode_utf8(code, decoded_);
  decoded_at_ = 1;
  return decoded_[0];
}

bool json_string_is(std::string_view text, std::size_t quote, std::string_view meaning) {
  JsonStringReader reader(text, quote);
  for (const char expected : meaning) {
    if (reader.next() != expected) return false;
  }
  return !reader.next().has_value();
}

}  // namespace fieldpost
