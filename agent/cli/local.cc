#include "agent/cli/local.h"

#include <algorithm>
#include <array>

#include "agent/desk/error.h"
#include "agent/desk/route.h"

namespace fieldpost {
namespace {

struct ErrorExit {
  ErrorWord error;
  ExitCode exit;
};

constexpr auto kErrorExits = std::to_array<ErrorExit>({
    {ErrorWord::invalid, kBadField},
    {ErrorWord::unknown_scenario, kBadField},
    {ErrorWord::unknown_ref, kBadField},
    {ErrorWord::not_configured, kConfiguration},
    {ErrorWord::too_long, kBadField},
    {ErrorWord::too_large, kBadField},
    {ErrorWord::queue_full, kQueueFull},
    {ErrorWord::storage, kFlashError},
    {ErrorWord::busy, kNotReachable},
    {ErrorWord::too_many, kNotReachable},
    {ErrorWord::denied, kNotAllowed},
    {ErrorWord::unauthorized, kNotAllowed},
    {ErrorWord::unsupported, kBadField},
    {ErrorWord::blocked, kRefused},
    {ErrorWord::conflict, kBadField},
    {ErrorWord::not_found, kNoSuchId},
    {ErrorWord::wrong_state, kBadField},
});

// The word for a failure that no answer describes, from its exit code.
ErrorWord error_for_exit(int exit) {
  switch (exit) {
    case kConfiguration: return ErrorWord::not_configured;
    case kNotAllowed: return ErrorWord::denied;
    case kFlashError: return ErrorWord::storage;
    case kQueueFull: return ErrorWord::queue_full;
    default: return ErrorWord::busy;
  }
}

// Keeps the first line of an answer.
class FirstLine final : public LineSink {
 public:
  FirstLine(CliRoom& room, Reply& reply) : room_(room), reply_(reply) {}

  bool line(std::uint16_t http, std::string_view line) override {
    if (line.size() > room_.answer.size()) return false;
    std::copy(line.begin(), line.end(), room_.answer.begin());
    reply_.http = http;
    reply_.text = {room_.answer.data(), line.size()};
    return false;
  }

 private:
  CliRoom& room_;
  Reply& reply_;
};

void put_name(TextWriter& out, const Call& call) {
  out.put("fieldpost ").put(call.command).put(": ");
  if (call.line != 0) out.put("line ").put_number(call.line).put(": ");
}

}  // namespace

Deadline within(const Shell& shell, Duration wait) { return Deadline{shell.now().at + wait}; }

Status ask_local(Call& call, const LocalRequest& request, Reply& reply) {
  reply = Reply{};
  FirstLine sink(call.room, reply);
  TRY(call.shell.ask(request, within(call.shell, kAnswerWait), sink));
  return read_reply(call, reply);
}

Status read_reply(Call& call, Reply& reply) {
  JsonFault fault;
  const Result<JsonView> root = parse_json(reply.text, call.room.json, fault);
  if (!root.ok() || !root.value().is_object()) return Status::io;
  reply.object = root.value();
  return Status::ok;
}

std::string_view text_of(JsonView object, std::string_view member) {
  return object.member(member).string().value_or(std::string_view{});
}

std::uint64_t number_of(JsonView object, std::string_view member) {
  const std::int64_t number = object.member(member).integer().value_or(0);
  return number < 0 ? 0 : static_cast<std::uint64_t>(number);
}

int exit_code_of(std::string_view error) {
  for (const ErrorExit& one : kErrorExits) {
    if (to_text(one.error) == error) return one.exit;
  }
  return kInternal;
}

int report_trouble(Call& call) {
  const std::string_view trouble = call.shell.trouble();
  const std::string_view words =
      trouble.empty() ? "the agent gave no answer that can be read: try again" : trouble;
  const int exit = trouble.empty() ? int{kInternal} : call.shell.trouble_exit_code();
  TextBuffer<2048> text;
  put_name(text, call);
  text.put(words).put('\n');
  call.shell.err(text.written());
  if (call.json) {
    text.clear();
    put_error(text, error_for_exit(exit), words);
    call.shell.out(text.written());
  }
  return exit;
}

int report_refusal(Call& call, const Reply& reply, std::string_view option) {
  const std::string_view field = text_of(reply.object, "field");
  std::string_view message = text_of(reply.object, "message");
  TextBuffer<2048> text;
  put_name(text, call);
  if (!option.empty() && !field.empty() && message.starts_with(field)) {
    text.put(option);
    message.remove_prefix(field.size());
  }
  text.put(message.empty() ? "refused" : message).put('\n');
  call.shell.err(text.written());
  if (call.json) {
    call.shell.out(reply.text);
    call.shell.out("\n");
  }
  return exit_code_of(text_of(reply.object, "error"));
}

int report_usage(Call& call, std::string_view fault, std::string_view shown) {
  TextBuffer<512> text;
  put_name(text, call);
  text.put(fault);
  put_shown(text, shown);
  text.put("; see fieldpost help ").put(call.command).put('\n');
  call.shell.err(text.written());
  return kUsage;
}

std::string_view message_path(std::span<char> room, std::uint64_t id, std::string_view rest) {
  TextWriter path(room);
  path.put("/v1/messages/").put_number(id).put(rest);
  return path.written();
}

std::uint64_t read_id(Call& call) {
  const std::string_view word = call.arguments.operands().front();
  const std::optional<std::uint64_t> id = read_whole_number(word);
  if (id.value_or(0) != 0) return *id;
  (void)report_usage(call, "an id is a whole number, such as 17, not ", word);
  return 0;
}

}  // namespace fieldpost
