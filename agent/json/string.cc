#include "agent/json/string.h"

#include "agent/base/assert.h"
#include "agent/base/letters.h"

namespace fieldpost {
namespace {

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
std::size_t encode_utf8(unsigned code, std::array<unsigned char, 4>& out) {
  const std::size_t bytes = code < 0x80 ? 1 : code < 0x800 ? 2 : code < 0x10000 ? 3 : 4;
  for (std::size_t i = bytes - 1; i > 0; --i) {
    out[i] = static_cast<unsigned char>(0x80 | (code & 0x3f));
    code >>= 6;
  }
  // As many ones in front as there are bytes, but none for a single one.
  out[0] = static_cast<unsigned char>(bytes == 1 ? code : 0xf00u >> bytes | code);
  return bytes;
}

}  // namespace

bool read_hex4(std::string_view text, unsigned& number) {
  if (text.size() < 4) return false;
  number = 0;
  for (const char c : text.substr(0, 4)) {
    const char letter = small(c);
    if (!is_digit(letter) && (letter < 'a' || letter > 'f')) return false;
    number = number << 4 | static_cast<unsigned>(is_digit(c) ? c - '0' : letter - 'a' + 10);
  }
  return true;
}

int JsonStringReader::next() {
  if (decoded_at_ < decoded_end_) return decoded_[decoded_at_++];
  const auto c = static_cast<unsigned char>(text_[at_]);
  if (c == '"') return kEnd;
  ++at_;
  if (c != '\\') return c;
  const char letter = text_[at_++];
  if (letter != 'u') return unescaped(letter);
  const unsigned code = code_unit();
  // The check has seen that a low surrogate follows a high one.
  const bool pair = code >= 0xd800 && code <= 0xdbff;
  if (pair) at_ += 2;
  decoded_end_ = encode_utf8(
      pair ? 0x10000 + ((code - 0xd800) << 10) + (code_unit() - 0xdc00) : code, decoded_);
  decoded_at_ = 1;
  return decoded_[0];
}

unsigned JsonStringReader::code_unit() {
  unsigned code = 0;
  const bool sound = read_hex4(text_.substr(at_), code);
  ASSERT(sound);
  at_ += 4;
  return code;
}

bool json_string_is(std::string_view text, std::size_t quote, std::string_view meaning) {
  JsonStringReader reader(text, quote);
  for (const char expected : meaning) {
    if (reader.next() != static_cast<unsigned char>(expected)) return false;
  }
  return reader.next() == JsonStringReader::kEnd;
}

}  // namespace fieldpost
