#include "platform/linux/local_answer.h"

#include <algorithm>
#include <cstring>

#include "platform/linux/line_reader.h"

namespace fieldpost {
namespace {

bool same_ignoring_case(std::string_view a, std::string_view lower) {
  return std::equal(a.begin(), a.end(), lower.begin(), lower.end(), [](char x, char y) {
    return (x >= 'A' && x <= 'Z' ? static_cast<char>(x - 'A' + 'a') : x) == y;
  });
}

bool read_number(std::string_view digits, std::uint32_t& value) {
  return take_number(digits, value) && digits.empty();
}

// 16 for what is no hexadecimal digit.
std::uint32_t hex_digit(char c) {
  constexpr std::string_view kDigits = "0123456789abcdefABCDEF";
  const std::size_t at = kDigits.find(c);
  if (at == kDigits.npos) return 16;
  return static_cast<std::uint32_t>(at < 16 ? at : at - 6);
}

}  // namespace

LocalAnswer::State LocalAnswer::feed(std::string_view bytes) {
  while (!bytes.empty() && state_ == State::more) {
    if (part_ == Part::body || part_ == Part::chunk) {
      const bool bounded = part_ == Part::chunk || has_length_;
      const std::size_t size = bounded ? std::min<std::size_t>(left_, bytes.size()) : bytes.size();
      state_ = feed_text(bytes.substr(0, size));
      bytes.remove_prefix(size);
      if (!bounded || state_ != State::more) continue;
      left_ -= static_cast<std::uint32_t>(size);
      if (left_ != 0) continue;
      if (part_ == Part::chunk) {
        part_ = Part::chunk_end;
      } else {
        state_ = finish();
      }
    } else {
      state_ = part_ == Part::head ? feed_head(bytes.front()) : feed_framing(bytes.front());
      bytes.remove_prefix(1);
    }
  }
  return state_;
}

LocalAnswer::State LocalAnswer::end() {
  if (state_ != State::more) return state_;
  const bool ends_so = part_ == Part::body && !has_length_;
  state_ = ends_so ? finish() : State::refused;
  return state_;
}

LocalAnswer::State LocalAnswer::feed_head(char byte) {
  if (used_ == line_.size()) return State::refused;
  line_[used_++] = byte;
  const std::string_view head(line_.data(), used_);
  if (!head.ends_with("\r\n\r\n")) return State::more;
  used_ = 0;
  return read_head(head.substr(0, head.size() - 2));
}

LocalAnswer::State LocalAnswer::read_head(std::string_view head) {
  constexpr std::string_view kVersion = "HTTP/1.1 ";
  std::uint32_t status = 0;
  if (!head.starts_with(kVersion) || !read_number(head.substr(kVersion.size(), 3), status)) {
    return State::refused;
  }
  http_ = static_cast<std::uint16_t>(status);  // three digits
  if (http_ < 200) return State::more;         // an interim answer; the real one follows
  for (std::string_view rest = head.substr(head.find("\r\n") + 2); !rest.empty();) {
    const std::size_t end = rest.find("\r\n");
    if (read_header(rest.substr(0, end)) == State::refused) return State::refused;
    rest.remove_prefix(end + 2);
  }
  part_ = chunked_ ? Part::chunk_size : Part::body;
  return !chunked_ && has_length_ && left_ == 0 ? finish() : State::more;
}

LocalAnswer::State LocalAnswer::read_header(std::string_view line) {
  const std::size_t colon = line.find(':');
  if (colon == line.npos) return State::refused;
  const std::string_view name = line.substr(0, colon);
  std::string_view value = line.substr(colon + 1);
  if (value.starts_with(' ')) value.remove_prefix(1);
  if (same_ignoring_case(name, "content-length")) {
    has_length_ = read_number(value, left_);
    return has_length_ ? State::more : State::refused;
  }
  if (same_ignoring_case(name, "transfer-encoding")) {
    chunked_ = same_ignoring_case(value, "chunked");
    return chunked_ ? State::more : State::refused;
  }
  return State::more;
}

// What stands between chunks, byte by byte: an unfinished line of text may be waiting in line_.
LocalAnswer::State LocalAnswer::feed_framing(char byte) {
  switch (part_) {
    case Part::chunk_size: {
      if (byte == '\r') return State::more;
      if (byte != '\n') {
        const std::uint32_t digit = hex_digit(byte);
        if (digit == 16 || left_ > (UINT32_MAX >> 4)) return State::refused;
        left_ = left_ * 16 + digit;
        return State::more;
      }
      part_ = left_ == 0 ? Part::trailer : Part::chunk;
      return State::more;
    }
    case Part::chunk_end:
      if (byte == '\n') part_ = Part::chunk_size;
      return State::more;
    case Part::trailer: return byte == '\n' ? finish() : State::more;  // we send no trailers
    case Part::head:
    case Part::body:
    case Part::chunk: break;
  }
  return State::refused;
}

LocalAnswer::State LocalAnswer::feed_text(std::string_view text) {
  while (!text.empty()) {
    const std::size_t end = text.find('\n');
    const std::string_view piece = text.substr(0, end);
    if (piece.size() > line_.size() - used_) return State::refused;
    std::memcpy(line_.data() + used_, piece.data(), piece.size());
    used_ += piece.size();
    if (end == text.npos) return State::more;
    text.remove_prefix(end + 1);
    const bool wants_more = sink_.line(http_, {line_.data(), used_});
    used_ = 0;
    if (!wants_more) return State::complete;
  }
  return State::more;
}

LocalAnswer::State LocalAnswer::finish() {
  if (used_ != 0) sink_.line(http_, {line_.data(), used_});
  used_ = 0;
  return State::complete;
}

}  // namespace fieldpost
