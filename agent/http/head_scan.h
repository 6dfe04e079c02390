// Follows the head of an HTTP/1.1 message (RFC 9112, 2.1) byte by byte, in front of llhttp: it finds
// the head's last byte, so that its size can be bounded and what follows told apart, and refuses
// what llhttp takes even when strict: folded lines, lines that end in a bare LF, control characters.
// Two programs that read such a head differently are how requests get smuggled.
#pragma once

#include <cstddef>
#include <cstdint>

namespace fieldpost::http {

class HeadScan {
 public:
  enum class Step : std::uint8_t {
    inside,
    at_end,  // this was the last byte of the head
    folded,  // a line that goes on in the next one (obs-fold; RFC 9112, 5.2)
    bad,     // a byte that no head may hold
  };

  constexpr Step take(char c) {
    const auto byte = static_cast<unsigned char>(c);
    if (after_cr_) {
      if (c != '\n') return Step::bad;
      after_cr_ = false;
      const bool blank = line_bytes_ == 0;
      line_bytes_ = 0;
      // Blank lines before the first one are skipped (RFC 9112, 2.2).
      if (blank) return seen_line_ ? Step::at_end : Step::inside;
      seen_line_ = true;
      return Step::inside;
    }
    if (c == '\r') {
      after_cr_ = true;
      return Step::inside;
    }
    if ((byte < 0x20 && c != '\t') || byte == 0x7f) return Step::bad;
    if (line_bytes_ == 0 && (c == ' ' || c == '\t')) return seen_line_ ? Step::folded : Step::bad;
    ++line_bytes_;
    return Step::inside;
  }

  // The first line has come whole: what breaks later breaks within the headers.
  constexpr bool seen_line() const { return seen_line_; }

 private:
  std::size_t line_bytes_ = 0;
  bool seen_line_ = false;
  bool after_cr_ = false;
};

}  // namespace fieldpost::http
