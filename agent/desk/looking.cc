// What is only looked at: messages, events, scenarios, the directory.
#include "agent/desk/desk.h"
#include "agent/desk/directory_lines.h"
#include "agent/desk/row.h"
#include "agent/desk/scenario_line.h"
#include "agent/panel/plain.h"

namespace fieldpost {

DeskStep DeskCall::ask_rows(std::uint64_t cursor, Ask& ask) {
  ask_for(Wish::rows, ask);
  ask.query.cursor = cursor;
  ask.query.only = route_.id;
  ask.query.of_one_state = route_.state.has_value();
  ask.query.state = route_.state.value_or(State::queued);
  return DeskStep::ask;
}

DeskStep DeskCall::rows(const Told& told, Ask& ask, TextWriter& out) {
  if (route_.kind == Route::Kind::show) {
    if (told.row_count == 0) return refuse(Refusal::not_found, out);
    put_row(out, told.rows[0], route_.reveal);
    return DeskStep::done;
  }
  for (std::size_t i = 0; i < told.row_count && left_ > 0; ++i, --left_) {
    put_row(out, told.rows[i], route_.reveal);
    began_ = true;
  }
  return told.more && left_ > 0 ? ask_rows(told.cursor, ask) : DeskStep::done;
}

// The state, then the rows behind it as they come.
DeskStep DeskCall::plain(const Told& told, Ask& ask, TextWriter& out) {
  head_.content_type = "text/html; charset=utf-8";
  began_ = true;
  if (told.wish == Wish::status) {
    put_plain_head(out, told.status, route_.state);
    return ask_rows(route_.state ? 0 : kLiveRows, ask);
  }
  put_plain_rows(out, std::span(told.rows).first(told.row_count));
  left_ += told.row_count;
  if (told.more) return ask_rows(told.cursor, ask);
  put_plain_end(out, left_ != 0);
  return DeskStep::done;
}

DeskStep DeskCall::ask_events(Ask& ask) {
  ask_for(Wish::events, ask);
  ask.query.cursor = left_;
  return DeskStep::ask;
}

// Where some are gone, what all messages are stands for them. These lines have no number, so that
// who is cut off in between asks for all of them again.
DeskStep DeskCall::events(const Told& told, Ask& ask, TextWriter& out) {
  began_ = true;
  for (std::size_t i = 0; i < told.row_count; ++i) put_event(out, told.rows[i]);
  if (told.wish == Wish::rows) {
    return told.more ? ask_rows(told.cursor, ask) : caught_up(ask, out);
  }
  if (told.gap) out.put(R"({"gap":)").put_number(left_).put("}\n");
  left_ = told.cursor;
  if (told.gap) return ask_rows(0, ask);
  if (told.row_count != 0 || told.more) return ask_events(ask);
  return caught_up_ ? DeskStep::wait : caught_up(ask, out);
}

// Says where what comes from now on begins. What has come since is asked for.
DeskStep DeskCall::caught_up(Ask& ask, TextWriter& out) {
  caught_up_ = true;
  out.put(R"({"event":)").put_number(left_).put("}\n");
  return ask_events(ask);
}

DeskStep DeskCall::too_many(TextWriter& out) {
  return error(429, ErrorWord::too_many, "others follow the events already: end one of them"_packed,
               {}, out);
}

// One scenario a line, as many as fit.
DeskStep DeskCall::more(const Settings& settings, TextWriter& out) {
  ASSERT(route_.kind == Route::Kind::scenarios);
  const std::size_t count = scenario_count(settings);
  bool any = false;
  while (left_ > 0 && left_ <= count) {
    Scenario scenario = scenario_at(settings, static_cast<std::size_t>(count - left_));
    if (scenario_line_bytes(scenario) > out.room_left()) {
      if (any) return DeskStep::more;
      scenario.text = {};  // a preview that fits nowhere
    }
    put_scenario(out, scenario);
    any = true;
    --left_;
  }
  return DeskStep::done;
}

// One piece: whoever sees that there is more says what to find.
DeskStep DeskCall::directory(const Settings& settings, DirectoryFile& file, JsonArena& arena,
                             TextWriter& out) {
  TextBuffer<limits::directory_find_bytes_max> find;
  if (!put_decoded(find, route_.find)) {
    return error(422, ErrorWord::invalid, "must be a text of at most 64 bytes, URL-encoded"_packed,
                 "find", out);
  }
  if (settings.intake.directory.empty()) {
    return error(404, ErrorWord::not_found,
                 "there is no intake.directory in the configuration"_packed, {}, out);
  }
  switch (put_directory(out, file, settings, find.written(), route_.reveal, arena)) {
    case Status::ok: return DeskStep::done;
    case Status::not_found:
      return error(404, ErrorWord::not_found,
                   "there is no directory at intake.directory yet"_packed, {}, out);
    default: break;
  }
  out.clear();
  return error(503, ErrorWord::busy, "the directory could not be read in time"_packed, {}, out);
}

}  // namespace fieldpost
