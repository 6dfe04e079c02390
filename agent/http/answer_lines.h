// Reads the agent's answer to a command, of any length, line by line as it comes.
//
// AnswerReader, for 1MSG's answers, holds a whole body and refuses a long one; a list of messages is
// as long as there are messages. This one trusts its peer more: it has the rights of the agent.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "agent/port/shell.h"
#include "config/limits.h"

namespace fieldpost::http {

class AnswerLines {
 public:
  enum class State : std::uint8_t { more, complete, refused };

  explicit AnswerLines(LineSink& sink);
  AnswerLines(const AnswerLines&) = delete;
  AnswerLines& operator=(const AnswerLines&) = delete;

  // The next bytes of the connection. `complete` too where the sink wants no more lines.
  State feed(std::string_view bytes);
  // The connection has ended.
  State end();

 private:
  struct Callbacks;  // what llhttp calls; its header stays out of ours

  int add(std::uint16_t http, std::string_view text);

  LineSink& sink_;
  State state_ = State::more;
  std::size_t used_ = 0;  // of line_
  std::array<char, limits::local_answer_bytes_max> line_;
  alignas(std::max_align_t) std::array<std::byte, 128> parser_;
};

}  // namespace fieldpost::http
