// What the readers of requests and of answers share: the head is bounded and scanned in front of
// llhttp, its lines are put together, and the body goes into a fixed buffer.
//
// What two programs could read differently is refused, never guessed at.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

#include "agent/base/packed_text.h"
#include "agent/http/head_scan.h"
#include "agent/http/header_line.h"

struct llhttp__internal_s;

namespace fieldpost::http {

// Why a message is refused.
enum class Fault : std::uint8_t {
  none,
  no_answer,       // the connection ended before the first byte
  cut_short,       // it ended within the answer
  not_http,        // no HTTP/1.0 or 1.1 status line
  bad_head,        // a header line breaks the grammar
  folded_line,     // obs-fold
  two_lengths,     // Content-Length twice, or beside Transfer-Encoding
  bad_length,      // Content-Length is no number
  bad_coding,      // a transfer coding other than chunked
  bad_chunk,       // the chunks break the grammar
  head_too_large,  // of an answer: interim answers and trailers included
  body_too_large,
  upgraded,  // 101 to a request that asked for no other protocol
  // Of a request; an answer says the same in other words.
  bad_method,
  bad_version,
  much_framing,  // chunk sizes, extensions and trailers without end
};

class MessageReader {
 public:
  enum class State : std::uint8_t { more, complete, refused };

  MessageReader(const MessageReader&) = delete;
  MessageReader& operator=(const MessageReader&) = delete;

  State state() const { return state_; }

 protected:
  MessageReader(std::span<char> body_room, std::size_t head_bytes_max)
      : body_room_(body_room), head_bytes_max_(head_bytes_max) {}
  ~MessageReader() = default;

  enum class Kind : bool { request, answer };
  // Forgets the last message.
  void start(Kind);
  // Reads the start of `bytes` and returns how many that was. REQUIRES: state() is more.
  std::size_t feed(std::string_view bytes);
  llhttp__internal_s& parser();
  // What llhttp's callbacks return: 0, go on; or, after refuse(), something else.
  int refused(Fault fault);

  virtual void refuse(Fault) = 0;
  // More of the target of a request.
  virtual void target(std::string_view piece) = 0;
  // A header line has come whole: line_.
  virtual void header() = 0;
  // The head has. 0: go on with the body. 1: there is none, whatever the head says.
  virtual int head_complete(const llhttp__internal_s&) = 0;

  State state_ = State::more;
  bool in_head_ = true;
  bool interim_ = false;  // this head is none yet: another follows
  bool any_byte_ = false;
  bool keep_alive_ = false;
  std::size_t body_bytes_ = 0;
  HeaderLine line_;

 private:
  struct Callbacks;  // what llhttp calls; its header stays out of ours

  std::size_t feed_head(std::string_view bytes);
  std::size_t feed_body(std::string_view bytes);
  void parse(std::string_view bytes);

  const std::span<char> body_room_;
  const std::size_t head_bytes_max_;
  HeadScan scan_;
  std::size_t head_bytes_ = 0;      // of this message and the interim ones before it
  std::size_t overhead_bytes_ = 0;  // what frames the body: chunk sizes, extensions, trailers
  alignas(std::max_align_t) std::array<std::byte, 128> parser_;
};

}  // namespace fieldpost::http
