// Whether a message of ours stands in the history of a chat, as GET /messages gives it.
#pragma once

#include <string_view>

#include "agent/json/tree.h"

namespace fieldpost {

// The only entry that can be the message looked for; absent where none can, or more than one: then
// nothing is proved, as by an empty history. `wanted` has the lines
//
//   from, until   seconds since 1970, both included
//   chat          "12025550123@c.us"
//   values        each of the message, which its text must hold; an entry without a text passes
JsonView find_in_history(JsonView root, std::string_view wanted);

}  // namespace fieldpost
