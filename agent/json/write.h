// JSON text, byte for byte as JSON.stringify writes it (ECMA-262, 25.5.2.4): the vendor's own
// sample uses that, so equal input must give equal bytes.
#pragma once

#include <string_view>

#include "agent/base/text_writer.h"

namespace fieldpost {

// A quoted string. `text` must be UTF-8: other bytes pass unchanged.
void put_json_string(TextWriter& out, std::string_view text);

}  // namespace fieldpost
