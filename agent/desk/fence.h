// The fence of the loopback port: what a browser may have been made to ask is told from what an app
// asks, before anybody reads what it wants.
//
// Every page that is open on the device can send requests to 127.0.0.1. Four things keep them out,
// none of them alone: the name under which the page believes to reach us (DNS rebinding), the origin
// that the browser says it asks for, the site that it says it comes from, and a token that only the
// app has. A local program can forge the first three, so the token is never done without.
#pragma once

#include <cstdint>
#include <string_view>

#include "agent/base/packed_text.h"
#include "agent/port/uplink.h"
#include "agent/settings/settings.h"

namespace fieldpost {

struct WebRequest {
  Method method = Method::get;
  bool options = false;  // a preflight, in place of the method
  std::string_view path;
  std::string_view host;
  std::string_view content_type;
  std::string_view origin;      // empty: not a browser, or a page of our own
  std::string_view fetch_site;  // empty: not a browser, or an old one
  bool asks_method = false;     // Access-Control-Request-Method is there
};

struct Passage {
  std::uint16_t http = 0;  // 0: it may pass; 204: a preflight that is granted; else it is refused
  PackedText words = {};
  std::string_view reader = {};  // the origin whose page may read the answer; empty: none
  bool needs_token = true;
};

// `place`: where we listen, as the configuration has it.
Passage look_at(const WebRequest& request, std::string_view place, const OriginList& origins);

// The app whose token has that SHA-256, nullptr for none. Takes as long for a sum that is nearly
// right as for any other.
const Allowance* find_app_by(const AllowanceList& apps, std::string_view sha256);

}  // namespace fieldpost
