// Who wants to hear what becomes of a message (RFC 7641). Nothing is told from here: an observer is
// marked, the agent asked on its behalf, and what that answers is told if it is something new. So an
// observer hears nothing that it could not ask for itself.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "agent/base/fixed_text.h"
#include "agent/base/time.h"
#include "agent/message/message.h"
#include "config/coap_limits.h"

struct coap_session_t;

namespace fieldpost {

// Whoever was told nothing for so long is told the same again, and has to acknowledge it.
inline constexpr Duration kQuiet = 50_min;
inline constexpr std::uint32_t kObservedMaxAge_s = 3600;
inline constexpr std::uint32_t kNoticeNumbers = 0xffffff;  // they begin again behind it

inline constexpr std::size_t kTokenBytesMax = 8;  // RFC 7252, 3

// For whom the agent is asked, and with what share of the queue (agent/desk/relay.h).
using Claim = FixedText<limits::source_bytes_max + 4>;

struct Observer {
  coap_session_t* session = nullptr;  // nullptr: none
  FixedText<kTokenBytesMax> token;
  MessageId id = 0;
  std::uint16_t device = 0;  // who has to share the room
  Claim claim;
  std::uint32_t sum = 0;  // of what it was told last
  Instant told;
  bool marked = false;
};

class Observers {
 public:
  Observers() = default;
  Observers(const Observers&) = delete;
  Observers& operator=(const Observers&) = delete;

  // In place of the one of that session and token, if there is one; then its session is the same.
  // nullptr: no room, for anybody or for that device.
  Observer* add(coap_session_t* session, std::string_view token, std::uint16_t device);
  Observer* find(const coap_session_t* session, std::string_view token);
  Observer* of(const coap_session_t* session);  // any

  std::size_t count() const;
  // Something may have become of the message; of any.
  void mark(MessageId id);
  void mark_all();
  void mark_quiet(Instant now);
  Observer* next_marked();

 private:
  std::array<Observer, limits::coap_observers_max> all_;
};

// Nothing more becomes of a message in that state.
bool is_last_state(std::string_view state);

}  // namespace fieldpost
