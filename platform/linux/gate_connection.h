// One connection of a local program: request after request, each through the desk to its answer.
//
//   reading ─▶ asking ─▶ writing ─▶ reading …      asking and writing alternate for a long list
//                 └─▶ parked ─▶ asking …            events: until there is one
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>

#include "agent/desk/desk.h"
#include "agent/desk/fence.h"
#include "agent/desk/rates.h"
#include "agent/http/put_answer.h"
#include "agent/http/request_reader.h"
#include "agent/json/arena.h"
#include "agent/port/clock.h"
#include "agent/port/source.h"
#include "agent/settings/settings.h"
#include "platform/linux/directory_file.h"
#include "platform/linux/file.h"
#include "platform/linux/gate_panel.h"
#include "platform/linux/peer.h"

namespace fieldpost {

inline constexpr Duration kArriving = 5_s;     // a whole request, from its first byte
inline constexpr Duration kKeeperWait = 10_s;  // the keeper's answer to it

// What all connections of the gate share: one works at a time.
class GateRoom {
 public:
  // `arena` holds the JSON of one request: limits::json_arena_bytes.
  GateRoom(const Settings& settings, const AllowedIds& allowed, const Clock& clock, int keeper,
           std::span<std::byte> arena)
      : settings_(settings),
        allowed_(allowed),
        clock_(clock),
        directory_(clock),
        keeper_(keeper),
        bytes_(arena),
        arena_(arena) {}

  // Tags go on from `tag`: what the keeper still tells the gate before this one fits none of ours.
  void start_tags_at(std::uint32_t tag) { last_tag_ = tag; }
  // No connection is kept beyond the answer that is on its way.
  void close_after_answers() { closing_ = true; }
  // How many connections follow the events now.
  void count_streams(std::size_t count) { streams_ = count; }
  // All of them, for places_of().
  void look_over(std::span<class GateConnection* const> connections) { connections_ = connections; }
  // Serves the panel at the loopback port from now on; it is borrowed.
  void serve(GatePanel& panel) { panel_ = &panel; }

 private:
  friend class GateConnection;
  friend class DropFolder;
  friend class Webhook;

  std::size_t places_of(std::string_view source) const;
  std::uint32_t next_tag() {
    if (++last_tag_ == 0) ++last_tag_;
    return last_tag_;
  }

  const Settings& settings_;
  const AllowedIds allowed_;
  const Clock& clock_;
  LinuxDirectory directory_;
  int keeper_;
  std::uint32_t last_tag_ = 0;
  bool closing_ = false;
  std::size_t streams_ = 0;
  std::span<class GateConnection* const> connections_;
  Rates rates_;
  GatePanel* panel_ = nullptr;  // not served
  std::span<std::byte> bytes_;  // the same as the arena's
  JsonArena arena_;
  Ask ask_;
  TextBuffer<limits::local_answer_bytes_max> piece_;
};

class GateConnection {
 public:
  // `web`: it came to the loopback port, where a token says who it is.
  GateConnection(Fd socket, bool web, const GateRoom& room);
  GateConnection(const GateConnection&) = delete;
  GateConnection& operator=(const GateConnection&) = delete;

  bool is_web() const { return web_; }
  std::string_view source() const { return source_.written(); }
  // False: its source has too many places already, and it ends with 429.
  bool keeps_to_its_places(GateRoom& room);

  // It has ended, and its place can be given to another.
  bool is_over() const { return !socket_.is_open(); }
  // Nobody would miss it: no request is under way, and there was time to begin one.
  bool is_idle(Instant now) const;
  Instant idle_since() const { return since_; }
  // A request is under way, or its answer is.
  bool is_busy() const { return !is_over() && stage_ != Stage::reading && stage_ != Stage::parked; }
  // It follows the events.
  bool is_stream() const {
    return !is_over() && stage_ != Stage::reading && call_.follows_events();
  }

  int fd() const { return socket_.get(); }
  short events() const;  // for poll(2)
  Instant deadline() const { return is_over() ? kNever : deadline_; }

  void on_events(short events, GateRoom& room);
  // The keeper has answered. False: not what this connection asked.
  bool on_told(const Told& told, GateRoom& room);
  // The keeper has something for those who wait.
  void on_news(GateRoom& room);
  // The deadline has passed.
  void on_late(GateRoom& room);

 private:
  enum class Stage : std::uint8_t { reading, asking, writing, parked };
  enum class Kind : std::uint8_t { api, page, plain };  // of an answer
  // An ask that must wait until what was written before it is out. Only long answers make one, and
  // they carry no message.
  struct Next {
    Wish wish = Wish::rows;
    RowQuery query;
  };

  void close();

  void read(GateRoom& room);
  void handle_requests(GateRoom& room);
  bool passes_fence(const LocalRequest& request, GateRoom& room);
  bool answers_for_panel(const LocalRequest& request, GateRoom& room);
  bool is_limited() const { return caller_.may != nullptr || caller_.is_stranger; }
  bool shows_pin(std::string_view proof, GateRoom& room);
  void answer_at_once(std::uint16_t status, PackedText words, GateRoom& room,
                      Kind kind = Kind::api);
  void answer_whole(http::AnswerHead& head, Kind kind, GateRoom& room);
  void put_head(http::AnswerHead& head, std::string_view allow, Kind kind);
  void take_step(DeskStep step, GateRoom& room);
  void put_piece(DeskStep step, GateRoom& room);
  bool flush();
  void go_on(GateRoom& room);
  void send_ask(GateRoom& room);
  void set_deadline(Instant now, Duration wait) {
    since_ = now;
    deadline_ = now + wait;
  }

  Fd socket_;
  const bool web_;
  std::string_view reader_origin_;  // whose page may read this answer
  Stage stage_ = Stage::reading;
  DeskStep step_ = DeskStep::done;  // what comes once out_ is empty
  bool head_is_out_ = false;
  bool chunked_ = false;
  bool keep_ = false;
  std::uint32_t tag_ = 0;     // of the answer that is awaited; 0 = none
  bool may_be_done_ = false;  // what is asked changes something, and the keeper has it
  Instant since_;
  Instant deadline_ = kNever;
  TextBuffer<limits::source_bytes_max> source_;
  Caller caller_;  // source_ and what it may do
  http::RequestReader reader_;
  DeskCall call_;
  bool ask_waits_ = false;  // in next_
  Next next_;
  std::size_t sent_ = 0;  // of out_
  TextBuffer<limits::local_answer_bytes_max + 1024> out_;
};

}  // namespace fieldpost
