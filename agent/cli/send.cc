// send: one message from the options, or one a line from standard input.
#include <algorithm>

#include "agent/cli/commands.h"
#include "agent/cli/pattern.h"
#include "agent/cli/send_request.h"
#include "agent/desk/error.h"

namespace fieldpost {
namespace {

constexpr Duration kWaitUnlessSaid = 30_s;
constexpr Duration kFirstLook = 100_ms;
constexpr Duration kSlowestLook = 1_s;

// What a state means to somebody who waits.
ExitCode outcome_of(std::string_view name) {
  const std::optional<State> state = state_named(name);
  if (!state.has_value()) return kStillQueued;
  switch (*state) {
    case State::queued:
    case State::sending:
    case State::uncertain: return kStillQueued;
    case State::accepted:
    case State::sent:
    case State::delivered:
    case State::read: return kDone;
    case State::held:
    case State::failed:
    case State::expired:
    case State::superseded:
    case State::dropped: return kRefused;
  }
  return kStillQueued;
}

// "held: stopped until a person decides; 1MSG refuses the token (its words)"
void report_end(Call& call, const Reply& reply) {
  if (call.json) return put_object(call, reply.text);
  TextBuffer<2048> text;
  put_filled(text, "{state}: {state:words}[; {reason:words}][ ({detail})]\n"_packed, reply.object);
  call.shell.err(text.written());
}

// Follows the message until something is decided or the time is up.
int follow(Call& call, std::uint64_t id, Duration wait) {
  const Deadline deadline = within(call.shell, wait);
  const MessageRequest request(id, "");
  Reply reply;
  for (Duration pause = kFirstLook;; pause.ms = std::min(pause.ms * 2, kSlowestLook.ms)) {
    // An agent that is being restarted does not answer for a moment: that decides nothing.
    const bool seen = ask_local(call, request, reply) == Status::ok && reply.ok();
    const ExitCode outcome =
        seen ? outcome_of(text_of(reply.object.member("state"))) : kStillQueued;
    const Instant now = call.shell.now().at;
    if (outcome == kStillQueued && !deadline.passed(now)) {
      call.shell.sleep(std::min(pause, deadline.left(now)));
      continue;
    }
    if (!seen) return report_trouble(call);
    report_end(call, reply);
    return outcome;
  }
}

// A drain whose end is told by the message that is waited for.
class Quiet final : public LineSink {
 public:
  bool line(std::uint16_t, std::string_view) override { return true; }
};

void report_taken(Call& call, const Reply& reply) {
  (void)show_reply(call, reply, "{id}\n"_packed);
  put_err(call.shell,
          is_true(reply.object.member("duplicate"))
              ? "The same message was taken before, under this id: nothing new is queued.\n"_packed
          : call.shell.agent_runs() || call.arguments.has("--wait")
              ? "Queued; it goes out as soon as the network allows.\n"_packed
              : "Queued; no agent is running: start it, or run fieldpost flush\n"_packed);
}

void report_preview(Call& call, JsonView object) {
  TextBuffer<limits::values_bytes_max + 2048> text;
  put_filled(
      text,
      "To        {to}\n"
      "Scenario  {scenario}\n"
      "Template  {template} ({language})\n"
      "[Text      {text}\n]"
      "[{approximate:if}          (approximate: fieldpost templates --save keeps the approved text)\n]"_packed,
      object);
  if (!object.member("text").exists()) {
    std::size_t i = 0;
    for (const JsonView value : object.member("values")) {
      text.put("Value ").put_number(++i).put("   ").put(text_of(value)).put('\n');
    }
  }
  text.put("Nothing was queued.\n"_packed);
  call.shell.out(text.written());
}

int send_one(Call& call, Duration wait) {
  int exit = kInternal;
  const Result<std::string_view> body = compose_request(call, exit);
  if (!body.ok()) return exit;
  Reply reply;
  if (put_request(call, body.value(), reply) != Status::ok) return report_trouble(call);
  if (!reply.ok()) {
    std::array<char, limits::field_name_bytes_max * 2 + 2> room;
    return report_refusal(call, reply,
                          option_of(call, text_of(reply.object.member("field")), room));
  }
  if (call.json) {
    put_object(call, reply.text);
  } else if (call.arguments.has("--dry-run")) {
    report_preview(call, reply.object);
  } else {
    report_taken(call, reply);
  }
  if (!call.arguments.has("--wait")) return kDone;
  if (!call.shell.agent_runs()) {
    Quiet progress;
    const Status drained = call.shell.drain(progress);
    if (drained != Status::ok && drained != Status::full) return report_trouble(call);
    wait = Duration{0};
  }
  return follow(call, number_of(reply.object.member("id")), wait);
}

// The answer to one line of standard input.
int send_line(Call& call, Result<std::string_view> line) {
  Reply reply;
  if (!line.ok()) {
    TextBuffer<256> text;
    put_error(text, ErrorWord::too_large, "a request has at most 16 KiB"_packed);
    call.shell.out(text.written());
    return kBadField;
  }
  if (put_request(call, line.value(), reply) != Status::ok) return report_trouble(call);
  if (!reply.ok()) return report_refusal(call, reply);
  put_object(call, reply.text);
  return kDone;
}

int send_lines(Call& call) {
  call.json = true;
  int worst = kDone;
  for (;;) {
    const Result<std::string_view> line = call.shell.read_line(call.room.body);
    if (line.status() == Status::not_found) return worst;
    ++call.line;
    if (!line.ok() && line.status() != Status::invalid) return report_trouble(call);
    if (line.ok() && line.value().find_first_not_of(" \t\r") == std::string_view::npos) continue;
    worst = std::max(worst, send_line(call, line));
  }
}

}  // namespace

int send_main(Call& call) {
  const Arguments& given = call.arguments;
  if (given.has("--stdin")) {
    for (const Arguments::Given& one : given.options()) {
      if (one.name != "--stdin" && one.name != "--dry-run" && one.name != "--json") {
        return report_usage(
            call, "with --stdin each line says everything; it does not go with "_packed, one.name);
      }
    }
    if (given.operands().empty()) return send_lines(call);
    return report_usage(call, "with --stdin each line names its scenario"_packed);
  }
  if (given.operands().empty()) return report_usage(call, "a scenario is missing"_packed);
  if (!given.has("--to") && !given.has("--ref"))
    return report_usage(call, "--to PHONE or --ref REF is missing"_packed);
  Duration wait = kWaitUnlessSaid;
  if (const std::string_view said = given.value_of("--wait"); !said.empty()) {
    const Result<Duration> read = read_duration(said);
    if (!read.ok())
      return report_usage(call, "--wait takes a time such as 30s or 5m, not "_packed, said);
    wait = read.value();
  }
  if (given.has("--wait") && given.has("--dry-run")) {
    return report_usage(call, "--dry-run queues nothing to --wait for"_packed);
  }
  return send_one(call, wait);
}

}  // namespace fieldpost
