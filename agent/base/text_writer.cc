#include "agent/base/text_writer.h"

#include <cstring>

namespace fieldpost {

TextWriter& TextWriter::put(std::string_view text) {
  if (overflowed_ || text.size() > room_.size() - used_) {
    overflowed_ = true;
    return *this;
  }
  if (!text.empty()) std::memcpy(room_.data() + used_, text.data(), text.size());
  used_ += text.size();
  return *this;
}

TextWriter& TextWriter::put(const char* text) { return put(std::string_view(text)); }

TextWriter& TextWriter::put(char c) { return put(std::string_view(&c, 1)); }

TextWriter& TextWriter::put_number(std::uint64_t number) {
  std::array<char, 20> digits;
  std::size_t first = digits.size();
  do {
    digits[--first] = static_cast<char>('0' + number % 10);
    number /= 10;
  } while (number != 0);
  return put(std::string_view(digits.data() + first, digits.size() - first));
}

TextWriter& TextWriter::put_hex(std::uint64_t number, std::size_t digits) {
  for (std::size_t i = digits; i-- > 0;) {
    put("0123456789abcdef"[i < 16 ? (number >> (4 * i)) & 15 : 0]);
  }
  return *this;
}

Result<std::string_view> TextWriter::finish() const {
  if (overflowed_) return Status::full;
  return std::string_view(room_.data(), used_);
}

}  // namespace fieldpost
