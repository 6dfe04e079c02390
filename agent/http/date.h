// The time of day in HTTP headers, and the waits that servers ask for.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "agent/base/status.h"
#include "agent/base/time.h"

namespace fieldpost::http {

// All three forms that a recipient must accept (RFC 9110, 5.6.7):
//   Sun, 06 Nov 1994 08:49:37 GMT · Sunday, 06-Nov-94 08:49:37 GMT · Sun Nov  6 08:49:37 1994
//   invalid: none of them, or before 1970.
Result<UnixTime> read_date(std::string_view text);

// What Retry-After (RFC 9110, 10.2.3) says, as seconds from `now`; at most `cap_s`. Nothing for
// nonsense, and for a date where the clock is not set. A date that has passed is 0.
std::optional<std::uint32_t> read_retry_after(std::string_view value, std::optional<UnixTime> now,
                                              std::uint32_t cap_s);

// `timeout` of a Keep-Alive header ("timeout=5, max=100"; RFC 2068, 19.7.1.1), in seconds.
std::optional<std::uint32_t> read_keep_alive(std::string_view value);

}  // namespace fieldpost::http
