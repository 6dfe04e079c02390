// The panel at the loopback port: its page, and who may act in it.
#pragma once

#include <string_view>

#include "agent/base/fixed_text.h"
#include "agent/panel/files.h"
#include "agent/panel/sessions.h"
#include "agent/port/entropy.h"
#include "agent/settings/settings.h"

namespace fieldpost {

class GatePanel {
 public:
  // `settings` and `entropy` are borrowed. `pin_file`: -1 where there is none; it is read now.
  GatePanel(const Settings& settings, int pin_file, Entropy& entropy);

  // The panel is served: it was built in, and a PIN is there, or none is needed.
  bool is_on() const { return find_panel_file("/") != nullptr && (is_open() || !pin_.empty()); }
  bool is_open() const { return settings_.intake.panel_open; }

  // GET /v1/panel
  void describe(TextWriter& out) const;
  // POST /v1/session: the HTTP status, and the answer.
  std::uint16_t open_session(std::string_view body, Instant now, JsonArena& arena, TextWriter& out);
  PanelSession* find(std::string_view token, Instant now) { return sessions_.find(token, now); }
  // What stands behind "Basic" (RFC 7617, 2): the PIN as the password of anybody.
  bool has_pin(std::string_view credentials) const;

 private:
  const Settings& settings_;
  Entropy& entropy_;
  FixedText<limits::pin_bytes_max> pin_;  // empty: none
  PanelSessions sessions_;
};

}  // namespace fieldpost
