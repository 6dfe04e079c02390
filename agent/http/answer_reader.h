// Reads one HTTP/1.1 answer (RFC 9112) as its bytes come, within fixed buffers.
//
// Interim answers (1xx) are skipped, redirects are answers like any other, trailers are ignored.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

#include "agent/base/time.h"
#include "agent/http/message_reader.h"
#include "config/limits.h"

namespace fieldpost::http {

using AnswerFault = Fault;
// The words go into a report's `detail`.
PackedText to_text(AnswerFault);

class AnswerReader final : public MessageReader {
 public:
  // `now`: for dates in Retry-After; nothing while the clock is not set.
  explicit AnswerReader(std::optional<UnixTime> now = std::nullopt)
      : MessageReader(body_, limits::answer_head_bytes_max) {
    start(now);
  }

  // What is asked for. `head`: of an answer to CONNECT, after which no body comes, or none that
  // anybody wants, whatever the head says (RFC 9110, 9.3.6).
  enum class Wanted : bool { all, head };

  // Forgets the last answer; ready for the next one on the same or another connection.
  void start(std::optional<UnixTime> now, Wanted wanted = Wanted::all);

  // The next bytes of the connection.
  State feed(std::string_view bytes);
  // The connection has ended. Completes an answer that has no length.
  State end();

  AnswerFault fault() const { return fault_; }

  // From here on only when complete.
  std::uint16_t status() const { return status_; }
  std::string_view body() const { return {body_.data(), body_bytes_}; }
  // More came than that answer.
  bool bytes_beyond() const { return bytes_beyond_; }
  // As the header has it, cut to what matters; empty without one.
  std::string_view content_type() const { return {type_.data(), type_bytes_}; }
  // The peer lets the connection stand, the answer's end was certain, and nothing came after it.
  bool may_reuse() const { return state_ == State::complete && keep_alive_ && !bytes_beyond_; }
  std::optional<std::uint32_t> retry_after_s() const { return retry_after_s_; }
  std::optional<std::uint32_t> keep_alive_timeout_s() const { return keep_alive_timeout_s_; }

 private:
  void refuse(Fault) override;
  void target(std::string_view) override {}
  void header() override;
  int head_complete(const llhttp__internal_s&) override;

  AnswerFault fault_ = AnswerFault::none;
  Wanted wanted_ = Wanted::all;
  bool bytes_beyond_ = false;
  std::uint16_t status_ = 0;
  std::optional<UnixTime> now_;
  std::optional<std::uint32_t> retry_after_s_;
  std::optional<std::uint32_t> keep_alive_timeout_s_;
  std::size_t type_bytes_ = 0;
  std::array<char, 64> type_{};
  std::array<char, limits::answer_body_bytes_max> body_;
};

}  // namespace fieldpost::http
