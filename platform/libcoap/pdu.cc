#include "platform/libcoap/pdu.h"

#include <algorithm>
#include <array>

#include "agent/base/crc32c.h"

namespace fieldpost {
namespace {

constexpr std::uint32_t kMore = 8;
constexpr std::uint32_t kSizeBits = 7;
constexpr std::uint32_t kReserved = 7;  // as a size
constexpr std::uint32_t kLargest = 6;   // 1,024 bytes

std::uint32_t bytes_of(std::uint32_t size) { return 16u << size; }

void put_number(coap_pdu_t* to, std::uint16_t option, std::uint32_t number) {
  std::array<std::uint8_t, 4> bytes{};
  coap_add_option(to, option, coap_encode_var_safe(bytes.data(), bytes.size(), number),
                  bytes.data());
}

void put_text(coap_pdu_t* to, std::uint16_t option, std::string_view text) {
  coap_add_option(to, option, text.size(), reinterpret_cast<const std::uint8_t*>(text.data()));
}

}  // namespace

std::optional<std::uint32_t> number_option(const coap_pdu_t* request, std::uint16_t option) {
  coap_opt_iterator_t iterator;
  const coap_opt_t* const found = coap_check_option(request, option, &iterator);
  if (found == nullptr) return {};
  return coap_decode_var_bytes(coap_opt_value(found), coap_opt_length(found));
}

std::optional<Block> read_block(std::uint32_t option) {
  if ((option & kSizeBits) == kReserved) return {};
  return Block{option >> 4, (option & kMore) != 0, bytes_of(option & kSizeBits)};
}

void put_answer(coap_pdu_t* to, const CoapAnswer& answer, const AnswerShape& shape) {
  std::string_view body = answer.body;
  const std::uint32_t wanted = shape.block_2.value_or(kLargest);
  const std::uint32_t size = std::min(wanted & kSizeBits, kLargest), number = wanted >> 4;
  const std::size_t at = std::size_t{number} * bytes_of(size);
  const bool in_blocks = shape.block_2.has_value() || body.size() > bytes_of(size);
  if (at > 0 && at >= body.size()) {
    coap_pdu_set_code(to, COAP_RESPONSE_CODE_BAD_OPTION);
    return;
  }
  coap_pdu_set_code(to, static_cast<coap_pdu_code_t>(answer.code));
  // The parts of what changed in between don't belong together.
  if (in_blocks) put_number(to, COAP_OPTION_ETAG, crc32c(std::as_bytes(std::span(body))));
  if (answer.observe) put_number(to, COAP_OPTION_OBSERVE, *answer.observe);
  if (answer.created != 0) {
    TextBuffer<20> id;
    id.put_number(answer.created);
    put_text(to, COAP_OPTION_LOCATION_PATH, "v1");
    put_text(to, COAP_OPTION_LOCATION_PATH, "messages");
    put_text(to, COAP_OPTION_LOCATION_PATH, id.written());
  }
  if (!body.empty()) put_number(to, COAP_OPTION_CONTENT_FORMAT, kJson);
  if (answer.max_age_s != 0) put_number(to, COAP_OPTION_MAXAGE, answer.max_age_s);
  if (in_blocks) {
    const bool more = at + bytes_of(size) < body.size();
    put_number(to, COAP_OPTION_BLOCK2, number << 4 | (more ? kMore : 0) | size);
    body = body.substr(at, bytes_of(size));
  }
  if (shape.block_1) put_number(to, COAP_OPTION_BLOCK1, *shape.block_1);
  if (answer.size_1) put_number(to, COAP_OPTION_SIZE1, limits::local_body_bytes_max);
  if (!body.empty()) {
    coap_add_data(to, body.size(), reinterpret_cast<const std::uint8_t*>(body.data()));
  }
}

}  // namespace fieldpost
