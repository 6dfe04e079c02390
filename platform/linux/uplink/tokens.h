// The channel's tokens: read from open files, kept in this process alone, wiped at its end.
// There is no way to print one; whoever composes a head takes the view and puts it there.
#pragma once

#include <array>
#include <cstddef>
#include <string_view>

#include "agent/base/status.h"
#include "config/limits.h"

namespace fieldpost {

class Tokens {
 public:
  Tokens() = default;
  Tokens(const Tokens&) = delete;
  Tokens& operator=(const Tokens&) = delete;
  ~Tokens();

  // Adds what the file holds, without the white space around it. Files are tried in this order.
  //   invalid: empty, too long, or with bytes that cannot stand in a header.
  //   full: there are enough already.   io: it cannot be read.
  Status add(int fd);

  // The one in use; empty where there is none.
  std::string_view current() const;
  // That one was refused: the next request takes the next one, after the last the first again.
  void refused();

 private:
  struct Token {
    std::array<char, limits::token_bytes_max> bytes{};
    std::size_t size = 0;
  };
  std::array<Token, 4> tokens_{};
  std::size_t count_ = 0;
  std::size_t current_ = 0;
};

}  // namespace fieldpost
