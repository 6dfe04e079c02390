// A message → the request that 1MSG documents for it.
#pragma once

#include <string_view>

#include "agent/base/text_writer.h"
#include "agent/message/message.h"
#include "agent/port/uplink.h"
#include "config/limits.h"

namespace fieldpost {

using RequestPath = FixedText<limits::path_bytes_max>;

// The body of sendTemplate, byte for byte what the vendor's sample sends with JSON.stringify.
//   full: `out` is too small.
Result<std::string_view> compose_body(const Message& message, TextWriter& out);

// "/VID182868781/sendTemplate", the channel percent-encoded so that it stays one segment
// (RFC 3986, 2.1). Without the path of the base URL.
//   invalid: no channel, or too long.
Status compose_path(std::string_view channel, std::string_view method, RequestPath& path);

// What may be a message of ours in the history of a chat.
struct Wanted {
  std::string_view phone;
  UnixTime from, until;  // by our clock, with what the API's may differ by
  const Values* values;  // what its text holds, where the history holds texts
};

// The path of the look-up, and as its body what to look for (outcome/history.h).
//   invalid: no room in a request.
Status compose_look_up(std::string_view channel, const Wanted& wanted, Request& request);

// The path of a page of the channel's templates, the first `offset` left out, and as its body what
// to look for (outcome/template_list.h).
//   invalid: no room in a request.
Status compose_template_check(std::string_view channel, const Message& message, std::size_t offset,
                              Request& request);

// The path of a question for what became of a message, and as its body the id that 1MSG gave it
// (tracking/hook_info.h).
//   invalid: no room in a request.
Status compose_question(std::string_view channel, std::string_view message_id, Request& request);

// Path and body of a send; the number of the exchange is the caller's.
//   invalid: the message has no room in a request.
Status compose_request(std::string_view channel, const Message& message, Request& request);

}  // namespace fieldpost
