// A complete answer as HTTP gave it. It is read where its bytes arrive, so that hostile JSON never
// gets to the owner of the queue.
#pragma once

#include <cstdint>
#include <string_view>

#include "agent/port/uplink.h"

namespace fieldpost {

struct RawAnswer {
  Purpose purpose = Purpose::send_template;
  std::uint16_t http = 0;
  std::string_view content_type;  // as the header has it; "" without one
  std::string_view body;
  std::string_view wanted;  // the request's body: of a GET, what to look for
  std::string_view token;   // of the request: never to be shown
};

}  // namespace fieldpost
