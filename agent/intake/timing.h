// When a message is worthless, and when it may go: `ttl` and `not_before` of a request.
#pragma once

#include <string_view>

#include "agent/base/time.h"

namespace fieldpost {

// "8h", or "none".
//   invalid: anything else, or less than a minute.
Status read_ttl(std::string_view text, Duration& ttl);

// RFC 3339, or "+10m" after the taking, as Message::not_before has it.
//   invalid: anything else.
Status read_not_before(std::string_view text, UnixTime& not_before);

}  // namespace fieldpost
