// What a device must provide: where local requests come from, and where their answers go.
//
// An `Ask` is what the gate, or a command without an agent, wants of the owner of the queue; a
// `Told` is its answer. Both are of fixed size, so that they can be frames between processes.
#pragma once

#include <array>
#include <cstdint>

#include "agent/base/fixed_text.h"
#include "agent/base/time.h"
#include "agent/message/message.h"
#include "agent/port/uplink.h"
#include "config/limits.h"

namespace fieldpost {

// All zeros is a value of every struct here, so that one in static storage costs no byte on flash.
enum class Wish : std::uint8_t {
  status = 0,
  take = 1,   // message
  rows = 2,   // query
  retry = 3,  // id, even_if_sent
  drop = 4,   // id
  pause = 5,
  resume = 6,
  block = 7,  // message.to
  unblock = 8,
  forget = 9,
  events = 10,  // query.cursor
};
inline constexpr std::size_t kWishes = 11;

// What happened behind an event comes as rows, in its order. Where there is none the answer has none,
// and a Told with the tag 0 says when to ask again: one for all who wait.
inline constexpr std::uint64_t kFromNowOn = ~std::uint64_t{0};  // as the cursor of `events`

// A store is written anew segment by segment until nothing of a number is left.
inline constexpr Duration kForgetWait = 10_min;

// Rows come history first, in the order in which messages ended, then the live ones by id; a cursor
// counts history as the queue does, and live messages by their id above this one.
inline constexpr std::uint64_t kLiveRows = std::uint64_t{1} << 63;

struct RowQuery {
  // 0 = from the start; then what the last page gave as its cursor. events: the last that is known.
  std::uint64_t cursor = 0;
  MessageId only = 0;         // just this one; 0 = all
  bool of_one_state = false;  // only those in `state`
  State state = State::queued;
  // Whoever asks may know and decide only of what this source handed in; empty: of all there is. One
  // that ends with a colon stands for all whose names begin so.
  FixedText<limits::source_bytes_max> of_source;

  bool of_one_source() const { return !of_source.empty() && !of_source.view().ends_with(':'); }
};

struct Ask {
  std::uint32_t tag = 0;  // comes back with the answer
  Wish wish = Wish::status;
  bool even_if_sent = false;  // retry: a person has read "the customer may get it twice"
  // take, retry: how much of the queue the message's source may fill; 0 = all.
  std::uint8_t share_percent = 0;
  MessageId id = 0;
  RowQuery query;  // retry, drop: of_source
  Message message;
};

// What a callback of 1MSG's tells of messages, whosever they are. Its answer is a Told, once what is
// news is durable.
struct News {
  std::uint32_t tag = 0;  // comes back with the answer
  std::uint32_t count = 0;
  bool more = false;  // the same callback goes on: the last piece's answer stands for all of it
  std::array<Answer, limits::news_at_once> told;  // of each: message_id, news, time, code, detail
};

// Why a wish was not granted; their names are the `error` words of the local API.
enum class Refusal : std::uint8_t {
  none = 0,
  queue_full,
  storage,
  busy,
  not_found,
  wrong_state,
  maybe_sent,  // wrong_state in words: retrying asks a person first
  text_gone,   // wrong_state in words: the store no longer holds what was said
  conflict,    // the key was used for something else
  too_late,    // wrong_state in words: its time to live is over
  blocked,     // the number gets no messages
  list_full,   // storage in words: no more numbers can be blocked
  share_full,  // queue_full in words: the app has filled its share
};
inline constexpr std::size_t kRefusals = static_cast<std::size_t>(Refusal::share_full) + 1;

// One message as people and tools see it.
struct Row {
  std::uint64_t event = 0;  // its number; 0 = it is none
  MessageId id = 0;
  FixedText<limits::scenario_id_bytes_max> scenario;
  FixedText<limits::phone_digits_max> to;
  FixedText<limits::language_bytes_max> language;
  FixedText<limits::key_bytes_max> key;
  FixedText<limits::topic_bytes_max> topic;
  FixedText<limits::operator_bytes_max> operator_name;
  FixedText<limits::source_bytes_max> source;
  FixedText<limits::message_id_bytes_max> message_id;
  FixedText<limits::detail_bytes_max> detail;
  State state = State::queued;
  Reason reason = Reason::none;
  std::uint16_t attempts = 0;
  MessageId retry_of = 0;
  UnixTime created, accepted_at, delivered_at, expires;  // 0 = none or not known
  UnixTime next_attempt;                                 // 0 = none planned or no clock
  UnixTime changed;                                      // when it became what it is
  std::int32_t code = 0;
};

// How far the processes of a running agent are sealed.
enum class Sandbox : std::uint8_t {
  off,          // not wished for, not built in, or no agent runs
  no_seccomp,   // the kernel cannot refuse calls
  no_landlock,  // the kernel can, and cannot keep a process out of files
  full,
};
inline constexpr std::size_t kSandboxes = 4;

struct StatusReport {
  std::array<std::uint32_t, kStates> counts{};  // live ones and what history the store still holds
  bool network_up = false;                      // the last try got through
  bool network_known = false;                   // false until something was tried
  Reason channel = Reason::none;                // none = open
  Reason network = Reason::none;                // why the last try did not get through
  FixedText<limits::detail_bytes_max> detail;   // of the network's or the channel's trouble
  UnixTime next_attempt;                        // 0 = none planned or no clock
  Duration next_attempt_in;                     // from now; kNever.ms = none planned
  MessageId oldest = 0;                         // the oldest that still waits
  UnixTime oldest_created;
  Duration oldest_age;  // 0 = not known
  Reason oldest_waits_for = Reason::none;
  std::uint32_t live = 0;  // entries in use, of limits or the configuration
  std::uint32_t live_max = 0;
  std::uint64_t store_bytes = 0;       // the region
  std::uint64_t store_used_bytes = 0;  // live records, with room for their outcomes
  std::uint64_t store_room_bytes = 0;  // how far that may grow: then the queue is full
  std::uint64_t bytes_written = 0;     // since start
  std::uint64_t syncs = 0;             // since start
  std::uint32_t begun_least = 0;       // the wear: how often a segment has been begun
  std::uint32_t begun_most = 0;
  std::uint32_t corrupt_units = 0;
  std::uint32_t torn_units = 0;
  bool store_failed = false;  // a sync failed: nothing is taken or sent
  bool store_volatile = false;
  bool configuration_rejected = false;
  bool paused = false;
  std::uint32_t blocked = 0;  // numbers that get no messages
  bool running = false;       // an agent looks after the queue
  bool tracking_off = false;  // the channel has no hookInfo
  Sandbox sandbox = Sandbox::off;
};

struct Told {
  std::uint32_t tag = 0;
  Wish wish = Wish::status;
  Refusal refusal = Refusal::none;
  bool duplicate = false;
  MessageId id = 0;  // of wish block, forget: how many that waited have ended
  State state = State::queued;
  StatusReport status;          // wish status
  std::uint32_t row_count = 0;  // wish rows, events
  bool gap = false;             // events: some behind `cursor` are gone; it now is the newest
  bool more = false;            // ask again with `cursor`; a page may be empty
  std::uint64_t cursor = 0;
  std::array<Row, limits::rows_per_page> rows;
};

class Source {
 public:
  //   io: whoever asked is gone. The answer is lost; what it says is true all the same.
  virtual Status tell(const Told&) = 0;

 protected:
  ~Source() = default;
};

}  // namespace fieldpost
