// What a peer says, made fit for a log line, a screen and flash: no token, no full number, nothing
// that steers a terminal.
#pragma once

#include <string_view>

#include "agent/base/text_writer.h"

namespace fieldpost {

// Writes `words` to `out`, at most limits::detail_bytes_max bytes of UTF-8 on one line. Hidden are
//   - what equals `token`, stands in quotes after the word token (1MSG's 401 echoes it), follows
//     Bearer or "token=", or is long and random enough to be a secret;
//   - all but the ends of numbers of seven digits or more, written together or apart.
// Template names, which are small letters with underscores, stay readable.
void put_redacted(TextWriter& out, std::string_view words, std::string_view token);

}  // namespace fieldpost
