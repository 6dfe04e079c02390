// The heads of what goes out: to the API, and to a proxy before it. Composed where the token is, and
// nowhere else.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

#include "agent/base/text_writer.h"
#include "agent/port/uplink.h"

namespace fieldpost {

struct RequestHead {
  Method method = Method::post;
  std::string_view host;       // a name or an address; IPv6 with or without its brackets
  std::uint16_t port = 0;      // 0: the default one of the URL's scheme
  std::string_view base_path;  // of the base URL: "" or "/v1", without a slash at the end
  std::string_view path;       // of the request
  std::string_view token;
  std::size_t body_bytes = 0;
  std::string_view version;  // of Fieldpost
};

// Writes the head with the empty line that ends it.
//   invalid: a part holds a byte that could end a line or a word; nothing has been written.
//   full: `out` is too small.
Result<std::string_view> compose_head(const RequestHead& head, TextWriter& out);

// What is said to a proxy.
struct TunnelHead {
  std::string_view host;  // of the API, as above
  std::uint16_t port = 0;
  std::string_view login;    // "name:password"; empty: none is shown
  std::string_view version;  // of Fieldpost
};

// Asks for a tunnel to that host (RFC 9110, 9.3.6; RFC 7617).
//   invalid, full: as above; invalid for a login without a colon, too.
Result<std::string_view> compose_tunnel_head(const TunnelHead& head, TextWriter& out);

}  // namespace fieldpost
