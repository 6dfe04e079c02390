// What the API's bytes say → Answer.
#pragma once

#include "agent/api/raw_answer.h"
#include "agent/json/arena.h"
#include "agent/port/uplink.h"

namespace fieldpost {

// Fills what the status line and the body say: http, parsed, sent, job_id, names_template, code,
// message_id, detail. How far the request got and how long to wait are the caller's.
//
// `parsed` means that the answer can be relied on. A 2xx to a send is only that when it says in one
// of the documented ways whether the message was sent; anything else leaves the matter open, and
// open is what it must stay: the customer may have it already.
void read_answer(const RawAnswer& raw, JsonArena& arena, Answer& answer);

}  // namespace fieldpost
