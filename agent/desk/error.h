// The refusals of the local API that are not about a request object (agent/intake has those), in
// the same JSON form.
#pragma once

#include <cstdint>
#include <string_view>

#include "agent/base/packed_text.h"
#include "agent/base/text_writer.h"
#include "agent/intake/refusal.h"

namespace fieldpost {

// {"ok":false,"error":"wrong_state","field":…,"message":"…","reason":…} and a line end. `field` and
// `reason` are left out where they are empty; a field stands in front of its message, too.
void put_error(TextWriter& out, ErrorWord error, std::string_view message,
               std::string_view field = {}, std::string_view reason = {});
void put_error(TextWriter& out, ErrorWord error, PackedText message, std::string_view field = {},
               std::string_view reason = {});

// The word for a status that came first: what the gate refuses before it knows what is wanted.
ErrorWord error_of_http(std::uint16_t status);

}  // namespace fieldpost
