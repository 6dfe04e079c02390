// Answers as libcoap's messages: options in their order, and bodies in blocks (RFC 7959).
#pragma once

#include <coap3/coap.h>

#include <cstdint>
#include <optional>

#include "platform/libcoap/answer.h"
#include "platform/libcoap/bodies.h"

namespace fieldpost {

// RFC 7252, 12.3.
inline constexpr std::uint16_t kJson = COAP_MEDIATYPE_APPLICATION_JSON;

// What of a request says how its answer is to look.
struct AnswerShape {
  std::optional<std::uint32_t> block_1;  // the option of the request's last block
  std::optional<std::uint32_t> block_2;  // the option of the request: which part is wanted
};

inline std::string_view text_of(const coap_bin_const_t& bytes) {
  return {reinterpret_cast<const char*>(bytes.s), bytes.length};
}

// An option that is a number; nothing where there is none.
std::optional<std::uint32_t> number_option(const coap_pdu_t* request, std::uint16_t option);

// Block1 or Block2 (RFC 7959, 2.2); nothing where its size is not one of those there are.
std::optional<Block> read_block(std::uint32_t option);

// Where it asks for a block behind the end, that is what it is answered.
void put_answer(coap_pdu_t* to, const CoapAnswer&, const AnswerShape&);

}  // namespace fieldpost
