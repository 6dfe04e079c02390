// The characters of a JSON string (RFC 8259, 7), read one byte of UTF-8 at a time, so that two
// strings can be compared without room for either.
#pragma once

#include <array>
#include <cstddef>
#include <string_view>

namespace fieldpost {

class JsonStringReader {
 public:
  // REQUIRES: `text` has passed check_json(); text[quote] opens a string.
  JsonStringReader(std::string_view text, std::size_t quote) : text_(text), at_(quote + 1) {}

  static constexpr int kEnd = -1;
  // The next byte of what the string means, from 0 to 255; kEnd behind the last one.
  int next();

 private:
  unsigned code_unit();

  std::string_view text_;
  std::size_t at_;
  std::array<unsigned char, 4> decoded_{};  // what is left of one escape
  std::size_t decoded_at_ = 0, decoded_end_ = 0;
};

// Whether the string that opens at text[quote] means `meaning`.
bool json_string_is(std::string_view text, std::size_t quote, std::string_view meaning);

// Reads four hexadecimal digits. False: they are not four.
bool read_hex4(std::string_view text, unsigned& number);

}  // namespace fieldpost
