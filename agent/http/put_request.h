// Writes the head of a request to the local API (RFC 9112), one for each connection.
#pragma once

#include <cstddef>
#include <string_view>

#include "agent/base/text_writer.h"
#include "agent/port/uplink.h"

namespace fieldpost::http {

// `content_type` and `body_bytes` count for POST only; an empty type is left out. `source`: whom a
// relay speaks for; empty: for itself.
void put_local_request(TextWriter&, Method, std::string_view path, std::string_view content_type,
                       std::size_t body_bytes, std::string_view source = {});

}  // namespace fieldpost::http
