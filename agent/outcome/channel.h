// Whether anything may leave at all: the condition of the network and of the 1MSG channel, apart
// from any one message's fate.
//
//   open ──connect fails──▶ down ──wait, or the network changes──▶ one message ──accepted──▶ open
//   open ──refused, doubt─▶ shut ──wait──▶ GET /status ──good──▶ one message ──accepted──▶ open
//   open ──rate limit─────▶ slow ──wait──────────────────────▶ one message ──accepted──▶ open
//
// So an outage costs at most one doubt per probe, and no message pays for the channel's fault.
#pragma once

#include <cstdint>

#include "agent/base/fixed_text.h"
#include "agent/base/time.h"
#include "agent/message/state.h"
#include "agent/settings/settings.h"
#include "config/limits.h"

namespace fieldpost {

// What may leave now.
enum class Pass : std::uint8_t {
  closed,  // nothing
  probe,   // GET /status
  one,     // one message: its acceptance opens the rest
  all,
};

// The words of whoever caused the trouble, for people.
using Detail = FixedText<limits::detail_bytes_max>;

class Channel {
 public:
  explicit Channel(const RetrySettings& retry) : retry_(retry) {}

  Pass pass(Instant now) const;
  // When a pass that is not `all` should be asked for again; kNever when only an event changes it.
  Instant next_change(Instant now) const;
  // After a trouble, what gathered in it waits for a random moment of its own; what is new does not.
  Instant backlog_at(std::uint64_t message_id) const;

  // Why messages wait for the channel or the network; none when they don't.
  Reason channel_reason() const { return shut_; }
  Reason network_reason() const { return down_; }
  bool network_known() const { return network_known_; }
  // Something failed, and nothing has proved since that all is well.
  bool in_trouble() const { return in_trouble_; }
  std::string_view detail() const { return detail_.view(); }

  // `dice` is 0..255 from the entropy source.
  void connect_failed(Reason, const Detail&, Instant now, std::uint8_t dice);
  // `asked`: for how long the server wants to be left alone; honoured up to kRetryAfterMax.
  void shut_out(Reason, const Detail&, Instant now, std::uint8_t dice, Duration asked);
  // GET /status came back good: one message may try.
  void probe_good(Instant now);
  void accepted(Instant now, std::uint8_t dice);
  // An answer of any kind came: the network carries.
  void answered() { network_known_ = true, down_ = Reason::none, connect_tries_ = 0; }
  // A route or an address came or went: no reason to sit out a wait.
  void network_changed(Instant now);
  // A person asked for a drain now: the backlog does not wait for its random moment.
  void skip_spread() { spread_from_ = Instant{}, spread_ = Duration{}; }

 private:
  enum class Stage : std::uint8_t { open, waiting, canary };

  void trouble_began(Instant now);
  Duration next_wait(std::uint32_t doublings, std::uint8_t dice) const;
  Duration next_slow_wait(std::uint8_t dice);

  const RetrySettings& retry_;
  Stage stage_ = Stage::open;
  bool probe_first_ = false;    // the wait ends with GET /status, not with a message
  bool asked_to_wait_ = false;  // by the server, for as long as it waits now
  bool network_known_ = false;
  bool in_trouble_ = false;
  Reason shut_ = Reason::none;
  Reason down_ = Reason::none;
  std::uint32_t connect_tries_ = 0;
  std::uint32_t shut_tries_ = 0;
  Instant connect_at_;     // not before, while the network is down
  Instant wait_until_;     // end of the present wait of the channel
  Instant trouble_since_;  // the first failure since all was well
  Instant spread_from_;    // the backlog of the last trouble goes from then on,
  Duration spread_;        // over so long
  std::uint8_t spread_dice_ = 0;
  Detail detail_;
};

}  // namespace fieldpost
