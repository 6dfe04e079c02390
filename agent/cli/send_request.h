// The options of `send` → the request object, and how it is put to the queue.
#pragma once

#include <string_view>

#include "agent/cli/local.h"

namespace fieldpost {

// Writes the request object that the options describe into the call's room. Fields that are not
// honoured go along: the intake is the one place that refuses them.
//   invalid: an option means nothing here; said already, and `exit` has the code.
Result<std::string_view> compose_request(Call& call, int& exit);

// Puts one request object: to the queue, or with --dry-run only to the same checks.
//   As ask_local(); invalid: there is no configuration to check by, shell.trouble() has the words.
Status put_request(Call& call, std::string_view body, Reply& reply);

// How the field of a refusal is typed: "nextStep" → "--next-step". Written into `room`.
std::string_view option_of(Call& call, std::string_view field, std::span<char> room);

}  // namespace fieldpost
