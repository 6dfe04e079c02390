#include "platform/linux/gate_panel.h"

#include <sys/utsname.h>

#include "agent/base/base64.h"
#include "agent/base/secret.h"
#include "agent/desk/error.h"
#include "agent/json/write.h"
#include "fieldpost_build.h"
#include "platform/linux/uplink/tokens.h"

namespace fieldpost {

GatePanel::GatePanel(const Settings& settings, int pin_file, Entropy& entropy)
    : settings_(settings), entropy_(entropy) {
  Tokens in_it;
  if (pin_file < 0 || in_it.add(pin_file) != Status::ok) return;
  // What cannot be read lets nobody in.
  [[maybe_unused]] const Status kept = pin_.assign(in_it.current());
}

void GatePanel::describe(TextWriter& out) const {
  out.put('{');
  put_json_bool(out, "panel_open", is_open());
  utsname host{};
  std::string_view name = settings_.device_name.view();
  if (name.empty() && ::uname(&host) == 0) name = host.nodename;
  put_json_text(out, "device", name);
  put_json_text(out, "version", build::kVersion);
  out.put("}\n");
}

std::uint16_t GatePanel::open_session(std::string_view body, Instant now, JsonArena& arena,
                                      TextWriter& out) {
  PanelSessions::Secret secret;
  if (pin_.empty() || entropy_.fill(secret) != Status::ok) {
    put_error(out, ErrorWord::not_found, "no session is needed, or none can begin"_packed);
    return 404;
  }
  return sessions_.open(body, pin_.view(), secret, now, arena, out);
}

bool GatePanel::has_pin(std::string_view credentials) const {
  TextBuffer<limits::origin_bytes_max> pair;
  if (!put_decoded_base64(pair, credentials) || pair.overflowed()) return false;
  const std::size_t colon = pair.written().find(':');
  return colon != std::string_view::npos && !pin_.empty() &&
         is_secret(pair.written().substr(colon + 1), pin_.view());
}

}  // namespace fieldpost
