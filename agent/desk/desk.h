// The desk: one request of the local API, from its path to its answer. It turns what local programs
// say into the wishes of agent/port/source.h, and what the owner of the queue tells into JSON
// objects, one a line.
//
//   begin ─▶ done                      the answer is complete
//        ├─▶ ask ─▶ … ─▶ told ─▶ …     someone puts `ask` to the owner of the queue
//        ├─▶ more ─▶ …                 what was written has been handed on
//        └─▶ wait ─▶ … ─▶ ask_again    events: nothing is new
//
// The same code serves the gate, which has several calls open at once and answers come as frames,
// and a command that owns the queue itself.
#pragma once

#include <cstdint>
#include <string_view>

#include "agent/base/text_writer.h"
#include "agent/desk/error.h"
#include "agent/desk/route.h"
#include "agent/json/tree.h"
#include "agent/port/shell.h"
#include "agent/port/source.h"
#include "agent/settings/settings.h"

namespace fieldpost {

enum class DeskStep : std::uint8_t {
  done,  // what was written, if anything, ends the answer
  ask,   // `ask` is filled: put it to the owner of the queue, then call told()
  more,  // hand on what was written, then call more()
  wait,  // nothing was written; when a Told without a tag comes, call ask_again()
};

// What stands above the body of an answer.
struct DeskHead {
  std::uint16_t http = 200;
  std::uint32_t retry_after_s = 0;  // 0 = none
  std::string_view content_type = "application/json";
  std::string_view allow;  // for 405; else empty
};

// Who puts a request, and what it may do.
struct Caller {
  std::string_view source;           // for the message's record: "uid:1000"
  const Allowance* may = nullptr;    // nullptr: everything
  bool is_stranger = false;          // no entry speaks of it: it may not even ask how the agent is
  bool is_relayed = false;           // a relay speaks for it: what others sent is not there for it
  std::uint8_t share_percent = 100;  // of the queue; `may` can make it less
  std::string_view operator_name = {};  // bound to what it sends, whatever that says; "": nobody
};

// One request; an object can be used again by begin(). Each step writes at most
// limits::local_answer_bytes_max, into a writer that must have that much room left and borrows
// nothing beyond the step.
class DeskCall {
 public:
  // Reads all of `request`, and keeps nothing of it; what `caller` points to must last as long as
  // the call. The arena is free again when this returns.
  DeskStep begin(const LocalRequest& request, const Settings& settings, DirectoryFile& directory,
                 const Caller& caller, JsonArena& arena, Ask& ask, TextWriter& out);
  // REQUIRES: the last step was `ask`. `ask` may be the same object.
  DeskStep told(const Told& told, Ask& ask, TextWriter& out);
  // REQUIRES: the last step was `more`.
  DeskStep more(const Settings& settings, TextWriter& out);
  // REQUIRES: the last step was `wait`.
  DeskStep ask_again(Ask& ask) { return ask_events(ask); }
  // Its answer has no end. Instead of what begin() asked for: too many are open already.
  bool follows_events() const { return route_.kind == Route::Kind::events; }
  // It is the page for who has no script.
  bool is_plain() const { return route_.kind == Route::Kind::plain; }
  DeskStep too_many(TextWriter& out);
  // Instead of told(): the owner of the queue did not answer.
  DeskStep give_up(Refusal why, TextWriter& out) { return refuse(why, out); }

  // Known from the first text that is written, and from `done`.
  const DeskHead& head() const { return head_; }

 private:
  std::string_view missing_right() const;
  DeskStep deny(std::string_view right, TextWriter& out);
  DeskStep take(const LocalRequest&, const Settings&, DirectoryFile&, JsonArena&, Ask&,
                TextWriter& out);
  DeskStep directory(const Settings&, DirectoryFile&, JsonArena&, TextWriter& out);
  DeskStep decide(const LocalRequest&, const Settings&, JsonArena&, Ask&, TextWriter& out);
  DeskStep ask_for(Wish, Ask&);
  DeskStep ask_rows(std::uint64_t cursor, Ask&);
  DeskStep rows(const Told&, Ask&, TextWriter& out);
  DeskStep plain(const Told&, Ask&, TextWriter& out);
  DeskStep ask_events(Ask&);
  DeskStep events(const Told&, Ask&, TextWriter& out);
  DeskStep caught_up(Ask&, TextWriter& out);
  DeskStep granted(const Told&, TextWriter& out);
  DeskStep refuse(Refusal, TextWriter& out);
  DeskStep wrong_type(TextWriter& out);
  DeskStep error(std::uint16_t http, ErrorWord, PackedText message, std::string_view field,
                 TextWriter& out);

  DeskHead head_;
  Caller caller_;
  Route route_;                             // its `field` and `find` end with begin()
  FixedText<limits::phone_digits_max> to_;  // block, unblock, forget
  bool began_ = false;      // some of the answer is out: its head can't be changed any more
  bool caught_up_ = false;  // events: all there were have been told
  // list: rows that may still come; scenarios: the next one; events: the last one; plain: rows so far
  std::uint64_t left_ = 0;
};

}  // namespace fieldpost
