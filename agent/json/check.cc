#include "agent/json/check.h"

#include <algorithm>
#include <array>
#include <cstdint>

#include "agent/base/letters.h"
#include "agent/base/utf8.h"
#include "agent/json/string.h"
#include "config/limits.h"

namespace fieldpost {
namespace {

// A recursive descent over the grammar of RFC 8259, one function per rule of it. Each returns
// false after fail(), and then nothing else is read.
class Checker {
 public:
  Checker(std::string_view text, JsonFault& fault) : text_(text), fault_(fault) {}

  bool whole_text() {
    if (text_.starts_with("\xef\xbb\xbf")) return fail("byte order mark"_packed);
    skip_space();
    if (!value()) return false;
    skip_space();
    return at_ == text_.size() || fail_here("text after the end"_packed);
  }

 private:
  bool fail(PackedText reason) { return fail(at_, reason); }
  bool fail(std::size_t at, PackedText reason) {
    fault_ = {at, reason};
    return false;
  }
  // Where something else should stand: the end and a NUL byte are faults of their own.
  bool fail_here(PackedText reason) {
    if (at_ == text_.size()) return fail("text ends too early"_packed);
    return fail(peek() == '\0' ? "NUL byte"_packed : reason);
  }

  // 0 at the end: a NUL byte is allowed nowhere, so the two need no telling apart while reading.
  char peek(std::size_t ahead = 0) const {
    return text_.size() - at_ > ahead ? text_[at_ + ahead] : '\0';
  }
  bool take(char c) {
    if (peek() != c) return false;
    ++at_;
    return true;
  }
  void skip_space() {
    while (peek() == ' ' || peek() == '\t' || peek() == '\n' || peek() == '\r') ++at_;
  }

  bool value() {
    const char first = peek();
    if (first == '{') return object();
    if (first == '[') return array();
    if (first == '"') return string();
    if (first == '-' || is_digit(first)) return number();
    return word("true") || word("false") || word("null") || fail_here("not a value"_packed);
  }

  bool word(std::string_view expected) {
    if (!text_.substr(at_).starts_with(expected)) return false;
    at_ += expected.size();
    return true;
  }

  bool digits(PackedText missing) {
    if (!is_digit(peek())) return fail(missing);
    while (is_digit(peek())) ++at_;
    return true;
  }

  bool number() {
    take('-');
    if (take('0')) {
      if (is_digit(peek())) return fail("number with a leading zero"_packed);
    } else if (!digits("digit expected"_packed)) {
      return false;
    }
    if (take('.') && !digits("digit expected after the point"_packed)) return false;
    if (take('e') || take('E')) {
      if (!take('+')) take('-');
      return digits("digit expected in the exponent"_packed);
    }
    return true;
  }

  bool string() {
    const std::size_t quote = at_;
    ++at_;
    while (at_ < text_.size()) {
      const char c = peek();
      if (c == '"') {
        ++at_;
        return true;
      }
      if (c == '\0') return fail("NUL byte"_packed);
      if (static_cast<unsigned char>(c) < 0x20) return fail("control character in a string"_packed);
      if (c == '\\' ? !escape() : !character()) return false;
    }
    return fail(quote, "string without an end"_packed);
  }

  bool escape() {
    const std::size_t start = at_;
    ++at_;
    if (peek() != 'u') {
      if (at_ == text_.size()) return fail("text ends too early"_packed);
      if (std::string_view("\"\\/bfnrt").find(peek()) == std::string_view::npos) {
        return fail(start, "unknown escape"_packed);
      }
      ++at_;
      return true;
    }
    unsigned code = 0, low = 0;
    if (!read_hex4(text_.substr(at_ + 1), code)) {
      return fail(start, "\\u needs four hexadecimal digits"_packed);
    }
    if (code == 0) return fail(start, "\\u0000"_packed);
    at_ += 5;
    if (code < 0xd800 || code > 0xdfff) return true;
    const bool has_low = peek() == '\\' && peek(1) == 'u' && read_hex4(text_.substr(at_ + 2), low);
    if (code > 0xdbff || !has_low || low < 0xdc00 || low > 0xdfff) {
      return fail(start, "lone surrogate"_packed);
    }
    at_ += 6;
    return true;
  }

  bool character() {
    const Character c = first_character(text_.substr(at_));
    if (c.bytes == 0) return fail("not UTF-8"_packed);
    at_ += c.bytes;
    return true;
  }

  bool enter() {
    if (depth_ == limits::json_depth_max) return fail("nested too deeply"_packed);
    ++depth_;
    ++at_;
    skip_space();
    return true;
  }

  bool leave() {
    --depth_;
    ++at_;
    return true;
  }

  // After a value inside brackets: a comma and more to come, or the end.
  bool comma(char close) {
    skip_space();
    if (peek() == close) return true;
    if (!take(',')) return fail_here("missing comma"_packed);
    skip_space();
    return peek() != close || fail("comma before the end"_packed);
  }

  bool array() {
    if (!enter()) return false;
    while (peek() != ']') {
      if (!value() || !comma(']')) return false;
    }
    return leave();
  }

  bool object() {
    if (!enter()) return false;
    const std::size_t first_key = keys_open_;
    while (peek() != '}') {
      if (!key(first_key) || !value() || !comma('}')) return false;
    }
    keys_open_ = first_key;
    return leave();
  }

  bool key(std::size_t first_key) {
    const std::size_t quote = at_;
    if (peek() != '"') return fail_here("key without quotes"_packed);
    if (!string()) return false;
    for (std::size_t i = first_key; i < keys_open_; ++i) {
      if (same_meaning(keys_[i], quote)) return fail(quote, "key occurs twice"_packed);
    }
    if (keys_open_ == keys_.size()) return fail(quote, "too many keys"_packed);
    keys_[keys_open_++] = static_cast<std::uint32_t>(quote);
    skip_space();
    if (!take(':')) return fail_here("missing colon"_packed);
    skip_space();
    return true;
  }

  bool same_meaning(std::size_t quote_a, std::size_t quote_b) const {
    JsonStringReader a(text_, quote_a), b(text_, quote_b);
    for (;;) {
      const int from_a = a.next();
      if (from_a != b.next()) return false;
      if (from_a == JsonStringReader::kEnd) return true;
    }
  }

  std::string_view text_;
  JsonFault& fault_;
  std::size_t at_ = 0;
  std::size_t depth_ = 0;
  std::size_t keys_open_ = 0;
  std::array<std::uint32_t, limits::json_open_keys_max> keys_;  // their opening quotes
};

}  // namespace

Status check_json(std::string_view text, JsonFault& fault) {
  if (text.size() > UINT32_MAX) {
    fault = {0, "text too long"_packed};
    return Status::invalid;
  }
  return Checker(text, fault).whole_text() ? Status::ok : Status::invalid;
}

std::size_t line_of(std::string_view text, std::size_t at) {
  const std::string_view before = text.substr(0, at);
  return 1 + static_cast<std::size_t>(std::count(before.begin(), before.end(), '\n'));
}

}  // namespace fieldpost
