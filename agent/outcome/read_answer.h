// What the API's bytes say → Answer. Runs where the bytes arrive, so that hostile JSON never gets
// to the owner of the queue.
#pragma once

#include <cstdint>
#include <string_view>

#include "agent/json/arena.h"
#include "agent/port/uplink.h"

namespace fieldpost {

// A complete answer as HTTP gave it.
struct RawAnswer {
  Purpose purpose = Purpose::send_template;
  std::uint16_t http = 0;
  std::string_view content_type;  // as the header has it; "" without one
  std::string_view body;
  std::string_view wanted;  // the request's body: of a GET, what to look for
  std::string_view token;   // of the request: never to be shown
};

// Fills what the status line and the body say: http, parsed, sent, job_id, names_template, code,
// message_id, detail. How far the request got and how long to wait are the caller's.
//
// `parsed` means that the answer can be relied on. A 2xx to a send is only that when it says in one
// of the documented ways whether the message was sent; anything else leaves the matter open, and
// open is what it must stay: the customer may have it already.
void read_answer(const RawAnswer& raw, JsonArena& arena, Answer& answer);

}  // namespace fieldpost
