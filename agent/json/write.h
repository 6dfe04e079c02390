// JSON text, byte for byte as JSON.stringify writes it (ECMA-262, 25.5.2.4): the vendor's own
// sample uses that, so equal input must give equal bytes.
//
//   out.put('{');
//   put_json_text(out, "state", "held");
//   put_json_number(out, "id", 17);
//   out.put('}');
#pragma once

#include <cstdint>
#include <string_view>

#include "agent/base/text_writer.h"
#include "agent/base/time.h"

namespace fieldpost {

// A quoted string. `text` must be UTF-8: other bytes pass unchanged.
void put_json_string(TextWriter& out, std::string_view text);

// A comma, unless what comes is the first in its object or array.
TextWriter& put_json_comma(TextWriter& out);
// The comma, the name and the colon of a member whose value comes next.
TextWriter& put_json_name(TextWriter& out, const char* name);
// Whole members.
void put_json_text(TextWriter& out, const char* name, std::string_view text);
void put_json_text_if_any(TextWriter& out, const char* name, std::string_view text);
void put_json_number(TextWriter& out, const char* name, std::uint64_t number);
void put_json_bool(TextWriter& out, const char* name, bool yes);
// RFC 3339; null, or nothing, where it is 0.
void put_json_time(TextWriter& out, const char* name, UnixTime time);
void put_json_time_if_any(TextWriter& out, const char* name, UnixTime time);

}  // namespace fieldpost
