// What the agent's answers (HTTP) are in CoAP.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "agent/base/packed_text.h"
#include "agent/base/text_writer.h"
#include "agent/desk/error.h"
#include "agent/message/message.h"
#include "config/coap_limits.h"

namespace fieldpost {

// As on the wire: the class in the upper three bits (RFC 7252, 3).
constexpr std::uint8_t coap_code(unsigned int number) {
  return static_cast<std::uint8_t>(number / 100 << 5 | number % 100);
}

struct CoapAnswer {
  std::uint8_t code = 0;
  std::uint32_t max_age_s = 0;                // 0 = no such option
  MessageId created = 0;                      // for Location-Path; 0 = none
  std::optional<std::uint32_t> observe = {};  // the number of a notice
  bool size_1 = false;                        // Size1 says how large a body may be
  // JSON; it is borrowed, and empty where there is none.
  std::string_view body;
};

// The code for what an HTTP status says; `handed_in`: about a message that came with the request.
constexpr std::uint8_t code_of_http(std::uint16_t status, bool handed_in) {
  switch (status) {
    case 200: return coap_code(handed_in ? 204 : 205);
    case 202: return coap_code(201);
    case 401: return coap_code(401);
    case 403: return coap_code(403);
    case 404: return coap_code(404);
    case 405: return coap_code(405);
    case 409: return coap_code(409);
    case 413: return coap_code(413);
    case 415: return coap_code(415);
    case 429: return coap_code(429);
    case 503: return coap_code(503);
    default: return coap_code(status >= 400 && status <= 499 ? 400 : 500);
  }
}

// How long whoever is turned away for a while should stay away, if the agent doesn't say.
inline constexpr std::uint32_t kStayAway_s = 5;

// Fills `answer` with a refusal of our own, in the agent's form; its words go into `room`.
void refuse(CoapAnswer& answer, unsigned int code, ErrorWord error, PackedText words,
            TextWriter& room, std::uint32_t max_age_s = 0);

}  // namespace fieldpost
