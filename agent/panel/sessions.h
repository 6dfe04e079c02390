// Who may act in the panel: sessions that the PIN opened. They live in memory, and end after eight
// hours or with it.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

#include "agent/base/fixed_text.h"
#include "agent/base/text_writer.h"
#include "agent/base/time.h"
#include "agent/json/arena.h"
#include "config/limits.h"

namespace fieldpost {

struct PanelSession {
  FixedText<limits::operator_bytes_max> operator_name;  // bound to what is sent
  FixedText<32> token;  // 128 bits in hexadecimal; empty: no session
  Instant ends;
};

class PanelSessions {
 public:
  using Secret = std::array<std::byte, 16>;

  // Answers {"pin":"…","operator":"…"}, and returns the HTTP status: 200 with a token made of
  // `secret`, which must be new and random; 401; or 400 and 422 for what is no such object. Where all
  // places are taken the session that would end first ends now.
  // REQUIRES: `pin` is not empty.
  std::uint16_t open(std::string_view body, std::string_view pin, const Secret& secret, Instant now,
                     JsonArena& arena, TextWriter& out);

  // nullptr: no session has that token, or its time is over.
  PanelSession* find(std::string_view token, Instant now);

 private:
  std::array<PanelSession, limits::panel_sessions_max> sessions_{};
};

}  // namespace fieldpost
