// Reads one HTTP/1.1 answer (RFC 9112) as its bytes come, within fixed buffers.
//
// Interim answers (1xx) are skipped, redirects are answers like any other, trailers are ignored.
// What two programs could read differently is refused, never guessed at.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

#include "agent/base/time.h"
#include "agent/http/head_scan.h"
#include "agent/http/header_line.h"
#include "config/limits.h"

namespace fieldpost::http {

// Why an answer was refused. The words go into a report's `detail`.
enum class AnswerFault : std::uint8_t {
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
  head_too_large,  // more than limits::answer_head_bytes_max, interim answers and trailers included
  body_too_large,  // more than limits::answer_body_bytes_max
  upgraded,        // 101 to a request that asked for no other protocol
};
std::string_view to_text(AnswerFault);

class AnswerReader {
 public:
  enum class State : std::uint8_t { more, complete, refused };

  // `now`: for dates in Retry-After; nothing while the clock is not set.
  explicit AnswerReader(std::optional<UnixTime> now = std::nullopt) { start(now); }
  AnswerReader(const AnswerReader&) = delete;
  AnswerReader& operator=(const AnswerReader&) = delete;

  // Forgets the last answer; ready for the next one on the same or another connection.
  void start(std::optional<UnixTime> now);

  // The next bytes of the connection.
  State feed(std::string_view bytes);
  // The connection has ended. Completes an answer that has no length.
  State end();

  State state() const { return state_; }
  AnswerFault fault() const { return fault_; }

  // From here on only when complete.
  std::uint16_t status() const { return status_; }
  std::string_view body() const { return {body_.data(), body_bytes_}; }
  // As the header has it, cut to what matters; empty without one.
  std::string_view content_type() const { return {type_.data(), type_bytes_}; }
  // The peer lets the connection stand, the answer's end was certain, and nothing came after it.
  bool may_reuse() const { return state_ == State::complete && keep_alive_ && !bytes_beyond_; }
  std::optional<std::uint32_t> retry_after_s() const { return retry_after_s_; }
  std::optional<std::uint32_t> keep_alive_timeout_s() const { return keep_alive_timeout_s_; }

 private:
  struct Callbacks;  // what llhttp calls; its header stays out of ours

  std::size_t feed_head(std::string_view bytes);
  std::size_t feed_body(std::string_view bytes);
  void refuse(AnswerFault);
  void parse(std::string_view bytes);

  alignas(std::max_align_t) std::array<std::byte, 128> parser_;
  State state_ = State::more;
  AnswerFault fault_ = AnswerFault::none;
  std::optional<UnixTime> now_;
  HeadScan scan_;
  HeaderLine<20, 64> line_;
  bool in_head_ = true;
  bool interim_ = false;
  bool any_byte_ = false;
  bool keep_alive_ = false;
  bool bytes_beyond_ = false;
  std::uint16_t status_ = 0;
  std::size_t head_bytes_ = 0;      // of this answer and the interim ones before it
  std::size_t overhead_bytes_ = 0;  // what frames the body: chunk sizes, extensions, trailers
  std::size_t body_bytes_ = 0;
  std::size_t type_bytes_ = 0;
  std::array<char, 64> type_{};
  std::optional<std::uint32_t> retry_after_s_;
  std::optional<std::uint32_t> keep_alive_timeout_s_;
  std::array<char, limits::answer_body_bytes_max> body_;
};

}  // namespace fieldpost::http
