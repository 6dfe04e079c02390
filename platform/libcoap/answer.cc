#include "platform/libcoap/answer.h"

namespace fieldpost {

void refuse(CoapAnswer& answer, unsigned int code, ErrorWord error, PackedText words,
            TextWriter& room, std::uint32_t max_age_s) {
  room.clear();
  put_error(room, error, words);
  answer = {};
  answer.code = coap_code(code);
  answer.max_age_s = max_age_s;
  answer.body = room.written();
}

}  // namespace fieldpost
