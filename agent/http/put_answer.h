// Writes the answers of the local API: heads and chunks (RFC 9112).
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

#include "agent/base/packed_text.h"
#include "agent/base/text_writer.h"

namespace fieldpost::http {

enum class Framing : std::uint8_t {
  length,       // Content-Length: AnswerHead::length
  chunked,      // put_chunk() … put_last_chunk()
  until_close,  // for HTTP/1.0; the head then says so
  nothing,      // 204: no body, and no length of one (RFC 9110, 8.6)
};

struct AnswerHead {
  std::uint16_t status = 200;
  std::string_view content_type = "application/json";  // empty: none
  Framing framing = Framing::length;
  std::size_t length = 0;
  bool keep_alive = true;
  std::uint32_t retry_after_s = 0;  // 0 = none
  std::string_view extra;           // whole header lines, each with its CRLF
};

void put_answer_head(TextWriter&, const AnswerHead&);

// One piece of a chunked body; an empty one is nothing, for it would end the body.
void put_chunk(TextWriter&, std::string_view piece);
void put_last_chunk(TextWriter&);
// What a chunk takes beyond its piece, at most.
inline constexpr std::size_t kChunkFrameBytes = 8 + 2 + 2;

// What a client waits for that sent "Expect: 100-continue".
inline constexpr std::string_view kContinue = "HTTP/1.1 100 Continue\r\n\r\n";

// The words of RFC 9110, 15; empty for a number that we never send.
PackedText reason_phrase(std::uint16_t status);

}  // namespace fieldpost::http
