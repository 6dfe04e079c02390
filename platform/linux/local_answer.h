// Reads the agent's answer to a command, of any length, line by line as it comes.
//
// The HTTP reader for 1MSG's answers holds a whole body, and refuses a long one; a list of messages
// is as long as there are messages. This one trusts its peer more: it has the rights of the agent.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "agent/port/shell.h"
#include "config/limits.h"

namespace fieldpost {

class LocalAnswer {
 public:
  enum class State : std::uint8_t { more, complete, refused };

  explicit LocalAnswer(LineSink& sink) : sink_(sink) {}
  LocalAnswer(const LocalAnswer&) = delete;
  LocalAnswer& operator=(const LocalAnswer&) = delete;

  // The next bytes of the connection. `complete` too where the sink wants no more lines.
  State feed(std::string_view bytes);
  // The connection has ended.
  State end();

 private:
  enum class Part : std::uint8_t { head, body, chunk_size, chunk, chunk_end, trailer };

  State feed_head(char byte);
  State read_head(std::string_view head);
  State read_header(std::string_view line);
  State feed_framing(char byte);
  State feed_text(std::string_view text);
  State finish();

  LineSink& sink_;
  State state_ = State::more;
  Part part_ = Part::head;
  std::uint16_t http_ = 0;
  bool has_length_ = false;
  bool chunked_ = false;
  std::uint32_t left_ = 0;  // of the body or the chunk
  std::size_t used_ = 0;    // of line_
  std::array<char, limits::local_answer_bytes_max> line_;
};

}  // namespace fieldpost
