// What 1MSG's callbacks tell: the webhook's half of delivery news.
#pragma once

#include <cstddef>
#include <string_view>

#include "agent/json/arena.h"
#include "agent/port/source.h"

namespace fieldpost {

// Reads what one POST tells of messages, whosever they are, in any of the shapes
//
//   {"ack":[…]}   {"hooks":[…]}   {"entry":[{"changes":[{"value":{"statuses":[…]}}]}]}
//
// in that order and in the order of the text. The first `skip` of them are left out, the next fill
// `news` as far as it has room; each has message_id and what add_hook() knows. Whatever has no id or
// no word that is known is none of them; what stands beside them is passed over. Returns how many
// there are: with more than skip + news.count, ask again for the rest.
//   invalid: not strict JSON.   full: it has no room in the arena.
Result<std::size_t> read_callback(std::string_view body, std::size_t skip, JsonArena& arena,
                                  News& news);

}  // namespace fieldpost
