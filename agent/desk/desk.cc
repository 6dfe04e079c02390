#include "agent/desk/desk.h"

#include <algorithm>
#include <array>
#include <limits>

#include "agent/base/utf8.h"
#include "agent/desk/metrics.h"
#include "agent/desk/preview_line.h"
#include "agent/desk/row.h"
#include "agent/intake/request.h"
#include "agent/json/write.h"
#include "agent/scenario/phone.h"
#include "agent/scenario/scenario.h"

namespace fieldpost {
namespace {

constexpr std::string_view kJson = "application/json";
constexpr std::string_view kJsonLines = "application/x-ndjson";
constexpr std::uint32_t kRetryBusyAfter_s = 2;
constexpr std::uint32_t kRetryFullAfter_s = 60;  // room comes when messages get accepted

// By the number of a refusal; so are their words.
constexpr std::array kErrors = {
    ErrorWord::invalid,  // none
    ErrorWord::queue_full,  ErrorWord::storage,     ErrorWord::busy,        ErrorWord::not_found,
    ErrorWord::wrong_state, ErrorWord::wrong_state, ErrorWord::wrong_state, ErrorWord::conflict,
    ErrorWord::wrong_state, ErrorWord::blocked,     ErrorWord::storage,     ErrorWord::queue_full,
};
constexpr PackedWords kRefusalWords =
    "\n"
    "the queue is full: nothing was taken, try again later\n"
    "the store could not be written: nothing was changed\n"
    "the agent is busy or starting: try again in a moment\n"
    "no message has this id\n"
    "only one that waits, is held, or ended as failed or expired can be retried\n"
    "it may already have been sent: the customer may get it twice; to retry all the same say "
    "even_if_sent\n"
    "its text has been erased: it cannot be sent again\n"
    "this key was used for another message: what is new needs a key of its own\n"
    "its time to live is over: if it did not arrive and is still true, send it anew\n"
    "this number is blocked: who has it asked for no messages; see fieldpost unblock\n"
    "no more numbers can be blocked: unblock one that is no longer in use\n"
    "this app's share of the queue is full: nothing was taken, try again later\n"_packed_words;
static_assert(kErrors.size() == kRefusals && kErrors.size() == kRefusalWords.size());

PackedText words_of(Refusal refusal, Route::Kind kind) {
  if (refusal == Refusal::wrong_state && kind == Route::Kind::drop) {
    return "it is being sent or has already ended: it cannot be dropped"_packed;
  }
  return kRefusalWords[static_cast<std::size_t>(refusal)];
}

void put_done(TextWriter& out, MessageId id, State state) {
  out.put(R"({"ok":true,"id":)").put_number(id);
  out.put(R"(,"state":")").put(to_text(state)).put('"');
}

}  // namespace

DeskStep DeskCall::begin(const LocalRequest& request, const Settings& settings, DirectoryFile& file,
                         const Caller& caller, JsonArena& arena, Ask& ask, TextWriter& out) {
  *this = DeskCall{};
  caller_ = caller;
  read_route(request, route_);
  if (const std::string_view right = missing_right(); !right.empty()) return deny(right, out);
  switch (route_.kind) {
    case Route::Kind::none:
      head_.allow = route_.allow;
      return error(route_.http, error_of_http(route_.http), route_.message, route_.field, out);
    case Route::Kind::take: return take(request, settings, file, arena, ask, out);
    case Route::Kind::directory:
      head_.content_type = kJsonLines;
      return directory(settings, file, arena, out);
    case Route::Kind::list:
      head_.content_type = kJsonLines;
      left_ = route_.limit.value_or(std::numeric_limits<std::uint64_t>::max());
      return ask_rows(0, ask);
    case Route::Kind::show: return ask_rows(0, ask);
    case Route::Kind::events:
      head_.content_type = kJsonLines;
      left_ = route_.from.value_or(kFromNowOn);
      return ask_events(ask);
    case Route::Kind::retry:
    case Route::Kind::drop:
    case Route::Kind::pause:
    case Route::Kind::resume:
    case Route::Kind::block:
    case Route::Kind::unblock:
    case Route::Kind::forget: return decide(request, settings, arena, ask, out);
    case Route::Kind::status:
    case Route::Kind::metrics:
    case Route::Kind::plain:
    case Route::Kind::health: return ask_for(Wish::status, ask);
    case Route::Kind::scenarios:
      head_.content_type = kJsonLines;
      left_ = scenario_count(settings);
      return more(settings, out);
  }
  ASSERT(false);
  return DeskStep::done;
}

// Empty: none is. Whoever stops the sending, or a number's, stops everybody's.
std::string_view DeskCall::missing_right() const {
  if (caller_.is_stranger) return "come in";
  const Allowance* const may = caller_.may;
  if (may == nullptr) return {};
  switch (route_.kind) {
    case Route::Kind::take: return may->send ? "" : "send";
    case Route::Kind::list:
    case Route::Kind::show:
    case Route::Kind::plain:
    case Route::Kind::events:
      if (route_.reveal && !may->reveal) return "reveal";
      return may->read_own || may->read_all ? "" : "read_own";
    case Route::Kind::directory:
      if (route_.reveal && !may->reveal) return "reveal";
      return may->read_all ? "" : "read_all";
    case Route::Kind::pause:
    case Route::Kind::resume:
    case Route::Kind::block:
    case Route::Kind::unblock:
    case Route::Kind::forget:
      if (!may->read_all) return "read_all";
      [[fallthrough]];
    case Route::Kind::retry:
    case Route::Kind::drop: return may->decide ? "" : "decide";
    case Route::Kind::none:
    case Route::Kind::status:
    case Route::Kind::metrics:
    case Route::Kind::scenarios:
    case Route::Kind::health: break;
  }
  return {};
}

DeskStep DeskCall::deny(std::string_view right, TextWriter& out) {
  head_.http = 403;
  route_.kind = Route::Kind::none;  // it follows no events
  TextBuffer<160> words;
  words.put(caller_.source).put(" may not "_packed).put(right);
  words.put(caller_.is_stranger
                ? ": no entry of intake.allow names this user or a group that it is in"_packed
                : " here: its entry in the configuration does not say so"_packed);
  put_error(out, ErrorWord::denied, words.written());
  return DeskStep::done;
}

// A dry run says what would be queued, and asks nobody.
DeskStep DeskCall::take(const LocalRequest& request, const Settings& settings, DirectoryFile& file,
                        JsonArena& arena, Ask& ask, TextWriter& out) {
  if (request.content_type != kJson) return wrong_type(out);
  ask_for(Wish::take, ask);
  RequestRefusal why;
  if (read_request(request.body, settings, file, arena, ask.message, why) != Status::ok) {
    head_.http = http_status(why.error, !why.field.empty());
    if (why.error == ErrorWord::busy) head_.retry_after_s = kRetryBusyAfter_s;
    put_refusal(out, why);
    out.put('\n');
    return DeskStep::done;
  }
  if (!caller_.operator_name.empty()) {
    MUST(ask.message.operator_name.assign(caller_.operator_name));
  }
  if (caller_.may != nullptr) {
    const auto& scenarios = caller_.may->scenarios;
    const std::string_view scenario = ask.message.scenario.view();
    if (scenarios.count != 0 && !scenarios.holds(scenario)) {
      TextBuffer<limits::scenario_id_bytes_max + 8> what;
      return deny(what.put("send ").put(scenario).written(), out);
    }
  }
  if (route_.dry_run) {
    put_preview(out, settings, ask.message);
    return DeskStep::done;
  }
  MUST(ask.message.source.assign(cut_to(caller_.source, limits::source_bytes_max)));
  return DeskStep::ask;
}

DeskStep DeskCall::told(const Told& told, Ask& ask, TextWriter& out) {
  if (told.refusal != Refusal::none) return refuse(told.refusal, out);
  switch (route_.kind) {
    case Route::Kind::take:
    case Route::Kind::retry:
    case Route::Kind::drop: return granted(told, out);
    case Route::Kind::pause:
    case Route::Kind::resume:
      out.put(R"({"ok":true,"paused":)");
      out.put(route_.kind == Route::Kind::pause ? "true}\n" : "false}\n");
      return DeskStep::done;
    case Route::Kind::block:
    case Route::Kind::unblock:
    case Route::Kind::forget:
      out.put(R"({"ok":true,"to":")").put(to_.view()).put('"');
      if (route_.kind != Route::Kind::forget) {
        put_json_bool(out, "blocked", route_.kind == Route::Kind::block);
      }
      put_json_number(out, "dropped", told.id);
      out.put("}\n");
      return DeskStep::done;
    case Route::Kind::list:
    case Route::Kind::show: return rows(told, ask, out);
    case Route::Kind::events: return events(told, ask, out);
    case Route::Kind::plain: return plain(told, ask, out);
    case Route::Kind::status: put_status(out, told.status); return DeskStep::done;
    case Route::Kind::metrics:
      head_.content_type = kMetricsType;
      put_metrics(out, told.status);
      return DeskStep::done;
    case Route::Kind::health:
      if (told.status.store_failed) return refuse(Refusal::storage, out);
      out.put("{\"ok\":true}\n");
      return DeskStep::done;
    case Route::Kind::none:
    case Route::Kind::directory:
    case Route::Kind::scenarios: break;  // these ask nobody
  }
  ASSERT(false);
  return DeskStep::done;
}

DeskStep DeskCall::ask_for(Wish wish, Ask& ask) {
  ask = Ask{};
  ask.wish = wish;
  ask.id = route_.id;
  const Allowance* const may = caller_.may;
  std::uint8_t share = caller_.share_percent;
  if (may != nullptr) share = std::min(share, may->share_percent);
  ask.share_percent = share % 100;
  if (caller_.is_relayed || (may != nullptr && !may->read_all)) {
    MUST(ask.query.of_source.assign(caller_.source));
  }
  return DeskStep::ask;
}

DeskStep DeskCall::granted(const Told& told, TextWriter& out) {
  if (route_.kind == Route::Kind::take) head_.http = told.duplicate ? 200 : 202;
  put_done(out, told.id, told.state);
  if (told.duplicate) out.put(R"(,"duplicate":true)");
  if (route_.id != 0 && told.id != route_.id) out.put(R"(,"retry_of":)").put_number(route_.id);
  out.put("}\n");
  return DeskStep::done;
}

// {} or nothing; a retry may say {"even_if_sent":true}, and what is about a number has {"to":…}.
DeskStep DeskCall::decide(const LocalRequest& request, const Settings& settings, JsonArena& arena,
                          Ask& ask, TextWriter& out) {
  constexpr auto kFirst = static_cast<std::uint8_t>(Route::Kind::retry);
  constexpr auto kFirstWish = static_cast<std::uint8_t>(Wish::retry);
  static_assert(static_cast<std::uint8_t>(Route::Kind::forget) - kFirst ==
                static_cast<std::uint8_t>(Wish::forget) - kFirstWish);
  ask_for(static_cast<Wish>(static_cast<std::uint8_t>(route_.kind) - kFirst + kFirstWish), ask);
  const bool retry = route_.kind == Route::Kind::retry;
  const bool of_number = route_.kind >= Route::Kind::block;
  if (of_number || !request.body.empty()) {
    if (request.content_type != kJson) return wrong_type(out);
    JsonFault fault;
    const Result<JsonView> root = parse_json(request.body, arena, fault);
    if (!root.ok() || !root.value().is_object()) {
      return error(400, ErrorWord::invalid, "the body must be empty or a JSON object"_packed, {},
                   out);
    }
    for (const JsonView one : root.value()) {
      if (of_number && one.name() == "to") {
        const Rule rule = read_phone(text_of(one), settings.phone, to_);
        if (rule != Rule::none) {
          return error(422, ErrorWord::invalid, to_text(rule), one.name(), out);
        }
        continue;
      }
      if (!retry || one.name() != "even_if_sent") {
        return error(422, ErrorWord::invalid, "is not known here"_packed, one.name(), out);
      }
      if (!one.is_bool()) {
        return error(422, ErrorWord::invalid, "must be true or false"_packed, one.name(), out);
      }
      ask.even_if_sent = one.boolean().value_or(false);
    }
    if (of_number && to_.empty()) {
      return error(422, ErrorWord::invalid, "is missing"_packed, "to", out);
    }
  }
  ask.message.to = to_;
  return DeskStep::ask;
}

DeskStep DeskCall::wrong_type(TextWriter& out) {
  return error(415, ErrorWord::unsupported,
               "the body must be JSON: Content-Type: application/json"_packed, {}, out);
}

DeskStep DeskCall::refuse(Refusal refusal, TextWriter& out) {
  const ErrorWord word = kErrors[static_cast<std::size_t>(refusal)];
  if (word == ErrorWord::busy) head_.retry_after_s = kRetryBusyAfter_s;
  if (word == ErrorWord::queue_full) head_.retry_after_s = kRetryFullAfter_s;
  if (!began_) {
    head_.http = http_status(word, false);
    head_.content_type = kJson;
  }
  put_error(out, word, words_of(refusal, route_.kind), {},
            refusal == Refusal::maybe_sent ? to_text(Reason::maybe_sent) : std::string_view{});
  return DeskStep::done;
}

DeskStep DeskCall::error(std::uint16_t http, ErrorWord why, PackedText message,
                         std::string_view field, TextWriter& out) {
  head_.http = http;
  head_.content_type = kJson;
  // Names come from outside, and a path need not be UTF-8.
  field = is_utf8(field) ? cut_to(field, limits::field_name_bytes_max) : "";
  put_error(out, why, message, field);
  return DeskStep::done;
}

}  // namespace fieldpost
