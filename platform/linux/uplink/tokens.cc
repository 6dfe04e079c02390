#include "platform/linux/uplink/tokens.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

namespace fieldpost {
namespace {

constexpr bool is_space(char c) { return c == ' ' || c == '\t' || c == '\r' || c == '\n'; }

}  // namespace

Tokens::~Tokens() { ::explicit_bzero(&tokens_, sizeof tokens_); }

Status Tokens::add(int fd) {
  if (count_ == tokens_.size()) return Status::full;
  // White space around it, a line end above all, is not part of it, but must fit.
  std::array<char, limits::token_bytes_max + 64> room;
  ssize_t got = 0;
  std::size_t size = 0;
  do {
    got = ::pread(fd, room.data() + size, room.size() - size, static_cast<off_t>(size));
    if (got > 0) size += static_cast<std::size_t>(got);
  } while (size < room.size() && (got > 0 || (got < 0 && errno == EINTR)));
  Token& token = tokens_[count_];
  token.size = 0;
  Status status = got < 0 ? Status::io : Status::invalid;
  if (got == 0) {
    std::string_view text(room.data(), size);
    while (!text.empty() && is_space(text.front())) text.remove_prefix(1);
    while (!text.empty() && is_space(text.back())) text.remove_suffix(1);
    bool sound = !text.empty() && text.size() <= token.bytes.size();
    for (const char c : text) sound = sound && c > ' ' && c <= '~';
    if (sound) {
      token.size = text.copy(token.bytes.data(), token.bytes.size());
      ++count_;
      status = Status::ok;
    }
  }
  ::explicit_bzero(room.data(), room.size());
  return status;
}

std::string_view Tokens::current() const {
  if (count_ == 0) return {};
  return {tokens_[current_].bytes.data(), tokens_[current_].size};
}

void Tokens::refused() {
  if (count_ != 0) current_ = (current_ + 1) % count_;
}

}  // namespace fieldpost
