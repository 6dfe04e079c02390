#include "agent/desk/error.h"

#include "agent/json/write.h"

namespace fieldpost {

void put_error(TextWriter& out, ErrorWord error, std::string_view message, std::string_view field,
               std::string_view reason) {
  TextBuffer<512> words;
  if (!field.empty()) words.put(field).put(": ");
  words.put(message);
  put_refusal_members(out, error, field, words.written());
  put_json_text_if_any(out, "reason", reason);
  out.put("}\n");
}

void put_error(TextWriter& out, ErrorWord error, PackedText message, std::string_view field,
               std::string_view reason) {
  TextBuffer<256> plain;
  put_error(out, error, plain.put(message).written(), field, reason);
}

ErrorWord error_of_http(std::uint16_t status) {
  switch (status) {
    case 401: return ErrorWord::unauthorized;
    case 403: return ErrorWord::denied;
    case 404: return ErrorWord::not_found;
    case 405:
    case 415:
    case 417:
    case 501:
    case 505: return ErrorWord::unsupported;
    case 413:
    case 414:
    case 431: return ErrorWord::too_large;
    case 429: return ErrorWord::too_many;
    case 503: return ErrorWord::busy;
    case 507: return ErrorWord::storage;
    default: return ErrorWord::invalid;
  }
}

}  // namespace fieldpost
