// Why a local request is not granted: the words of the local API's `error`, a contract with the
// programs on the device, and their HTTP statuses.
#pragma once

#include <cstdint>
#include <string_view>

#include "agent/base/fixed_text.h"
#include "agent/base/text_writer.h"
#include "config/limits.h"

namespace fieldpost {

enum class ErrorWord : std::uint8_t {
  invalid,
  unknown_scenario,
  unknown_ref,
  not_configured,
  too_long,
  too_large,
  queue_full,
  storage,
  busy,
  too_many,
  denied,
  unauthorized,
  unsupported,
  blocked,
  conflict,
  not_found,
  wrong_state,
};

std::string_view to_text(ErrorWord);

struct RequestRefusal {
  ErrorWord error = ErrorWord::invalid;
  FixedText<limits::field_name_bytes_max> field;  // empty: not about one
  FixedText<256> message;                         // a sentence for people
};

// {"ok":false,"error":"invalid","field":"to","message":"…"}, the field only where there is one.
void put_refusal(TextWriter& out, const RequestRefusal&);

// 422 for a field; a body that is no JSON is 400, since no field is at fault.
std::uint16_t http_status(const RequestRefusal&);

}  // namespace fieldpost
