// What GET hookInfo says became of a message.
#pragma once

#include "agent/api/raw_answer.h"
#include "agent/json/arena.h"
#include "agent/port/uplink.h"

namespace fieldpost {

// Fills http and parsed: there is a list of hooks. From those about the message whose id is
// `raw.wanted`, the most advanced one, whatever their order and number:
//   news     what became of it; queued where nothing is told, or nothing that is known
//   time     when it came onto the phone, 0 where that is not told
//   code, detail   of a failure; else `detail` is the last word that is not known
void read_hook_info(const RawAnswer& raw, JsonArena& arena, Answer& answer);

}  // namespace fieldpost
