// Why a local request is not granted: the words of the local API's `error`, a contract with the
// programs on the device, and their HTTP statuses.
#pragma once

#include <cstdint>
#include <optional>
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
  refused,  // by 1MSG, or by who was asked
};
inline constexpr std::size_t kErrorWordCount = static_cast<std::size_t>(ErrorWord::refused) + 1;

std::string_view to_text(ErrorWord);
std::optional<ErrorWord> error_named(std::string_view);

struct RequestRefusal {
  ErrorWord error = ErrorWord::invalid;
  FixedText<limits::field_name_bytes_max> field;  // empty: not about one
  FixedText<256> message;                         // a sentence for people
};

// {"ok":false,"error":"invalid","field":"to","message":"…"}, the field only where there is one.
void put_refusal(TextWriter& out, const RequestRefusal&);
// The same of its parts, and left open for more members.
void put_refusal_members(TextWriter& out, ErrorWord, std::string_view field,
                         std::string_view message);

// 422 for a field; a body that is no JSON is 400, since no field is at fault.
std::uint16_t http_status(ErrorWord, bool for_field);

}  // namespace fieldpost
