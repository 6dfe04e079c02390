// What 1MSG says in one place about one message, wherever that place is.
#pragma once

#include "agent/api/said.h"
#include "agent/json/tree.h"
#include "agent/port/uplink.h"

namespace fieldpost {

// Adds what one hook tells to what others told of the same message. The most advanced counts:
//   news   what became of it; queued where nothing is told, or nothing that is known
//   time   when it came onto the phone, 0 where that is not told
//   code   of a failure
// `said` has its words then, or the last word that is not known.
void add_hook(JsonView hook, Answer& answer, Said& said);

}  // namespace fieldpost
