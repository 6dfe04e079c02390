#include "agent/cli/local.h"

#include <algorithm>
#include <array>

#include "agent/base/shown.h"
#include "agent/cli/pattern.h"
#include "agent/desk/error.h"
#include "agent/desk/route.h"

namespace fieldpost {
namespace {

// In the order of ErrorWord.
constexpr auto kErrorExits = std::to_array<std::uint8_t>({
    kBadField,       // invalid
    kBadField,       // unknown_scenario
    kBadField,       // unknown_ref
    kConfiguration,  // not_configured
    kBadField,       // too_long
    kBadField,       // too_large
    kQueueFull,      // queue_full
    kFlashError,     // storage
    kNotReachable,   // busy
    kNotReachable,   // too_many
    kNotAllowed,     // denied
    kNotAllowed,     // unauthorized
    kBadField,       // unsupported
    kRefused,        // blocked
    kBadField,       // conflict
    kNoSuchId,       // not_found
    kBadField,       // wrong_state
    kRefused,        // refused
});
static_assert(kErrorExits.size() == kErrorWordCount);

// The word for a failure that no answer describes, from its exit code.
ErrorWord error_for_exit(int exit) {
  switch (exit) {
    case kConfiguration: return ErrorWord::not_configured;
    case kNotAllowed: return ErrorWord::denied;
    case kFlashError: return ErrorWord::storage;
    case kQueueFull: return ErrorWord::queue_full;
    case kRefused: return ErrorWord::refused;
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
  out.put("fieldpost");
  if (*call.command != '\0') out.put(' ').put(call.command);
  out.put(": ");
  if (call.line != 0) out.put("line ").put_number(call.line).put(": ");
  if (call.about != 0) out.put("message ").put_number(call.about).put(": ");
}

}  // namespace

Deadline within(const Shell& shell, Duration wait) { return Deadline{shell.now().at + wait}; }

Status ask_local(Call& call, const LocalRequest& request, Reply& reply, Duration wait) {
  reply = Reply{};
  FirstLine sink(call.room, reply);
  TRY(call.shell.ask(request, within(call.shell, wait), sink));
  return read_reply(call, reply);
}

Status read_reply(Call& call, Reply& reply) {
  JsonFault fault;
  const Result<JsonView> root = parse_json(reply.text, call.arena, fault);
  if (!root.ok() || !root.value().is_object()) return Status::io;
  reply.object = root.value();
  return Status::ok;
}

int show_reply(Call& call, const Reply& reply, PackedText pattern) {
  if (call.json) {
    put_object(call, reply.text);
    return kDone;
  }
  TextBuffer<limits::values_bytes_max + 2048> text;
  put_filled(text, pattern, reply.object);
  call.shell.out(text.written());
  return kDone;
}

int ask_and_show(Call& call, const LocalRequest& request, PackedText pattern) {
  Reply reply;
  if (ask_local(call, request, reply) != Status::ok) return report_trouble(call);
  return reply.ok() ? show_reply(call, reply, pattern) : report_refusal(call, reply);
}

void put_out(Shell& shell, PackedText text) {
  TextBuffer<1024> plain;
  shell.out(plain.put(text).written());
  ASSERT(!plain.overflowed());
}

void put_err(Shell& shell, PackedText text) {
  TextBuffer<128> plain;
  shell.err(plain.put(text).written());
  ASSERT(!plain.overflowed());
}

void put_object(Call& call, std::string_view object) {
  call.shell.out(object);
  call.shell.out("\n");
}

int ReplyLines::ask(const LocalRequest& request, Duration wait) {
  return finish(call_.shell.ask(request, within(call_.shell, wait), *this));
}

int ReplyLines::finish(Status asked) {
  return asked != Status::ok || unreadable_ ? report_trouble(call_) : exit_;
}

bool ReplyLines::line(std::uint16_t http, std::string_view line) {
  Reply reply;
  reply.http = http;
  reply.text = line;
  unreadable_ = read_reply(call_, reply) != Status::ok;
  if (unreadable_) return false;
  // A refusal can also come late, after some rows.
  if (!reply.ok() || reply.object.member("ok").exists()) {
    exit_ = report_refusal(call_, reply);
    return false;
  }
  if (!wants(reply.object)) return true;
  if (call_.json) {
    put_object(call_, line);
  } else {
    show(reply.object);
  }
  return true;
}

std::uint64_t number_of(JsonView value) {
  const std::int64_t number = value.integer().value_or(0);
  return number < 0 ? 0 : static_cast<std::uint64_t>(number);
}

bool is_true(JsonView value) { return value.boolean() == true; }

int exit_code_of(std::string_view error) {
  const std::optional<ErrorWord> word = error_named(error);
  return word.has_value() ? kErrorExits[static_cast<std::size_t>(*word)] : int{kInternal};
}

int report_trouble(Call& call) {
  const std::string_view trouble = call.shell.trouble();
  if (!trouble.empty()) return report_fault(call, call.shell.trouble_exit_code(), trouble);
  return report_fault(call, kInternal, "the agent gave no answer that can be read: try again");
}

int report_fault(Call& call, int exit, std::string_view words, std::string_view reason) {
  TextBuffer<2048> text;
  put_name(text, call);
  text.put(words).put('\n');
  call.shell.err(text.written());
  if (call.json) {
    text.clear();
    put_error(text, error_for_exit(exit), words, {}, reason);
    call.shell.out(text.written());
  }
  return exit;
}

int report_fault(Call& call, int exit, PackedText words) {
  TextBuffer<256> plain;
  return report_fault(call, exit, plain.put(words).written());
}

int report_refusal(Call& call, const Reply& reply, std::string_view option) {
  const std::string_view field = text_of(reply.object.member("field"));
  std::string_view message = text_of(reply.object.member("message"));
  TextBuffer<2048> text;
  put_name(text, call);
  if (!option.empty() && !field.empty() && message.starts_with(field)) {
    text.put(option);
    message.remove_prefix(field.size());
  }
  text.put(message.empty() ? "refused" : message).put('\n');
  call.shell.err(text.written());
  if (call.json) put_object(call, reply.text);
  return exit_code_of(text_of(reply.object.member("error")));
}

int report_usage(Call& call, PackedText fault, std::string_view shown) {
  TextBuffer<256> words;
  words.put(fault);
  put_shown(words, shown);
  return report_usage(call, words);
}

int report_usage(Call& call, const TextWriter& fault) {
  TextBuffer<640> text;
  put_name(text, call);
  text.put(fault.written()).put("; see fieldpost help");
  if (*call.command != '\0') text.put(' ').put(call.command);
  text.put('\n');
  call.shell.err(text.written());
  return kUsage;
}

std::optional<ListChange> read_list_change(Call& call, PackedText form) {
  const auto operands = call.arguments.operands();
  ListChange change;
  if (operands[0] == "add") {
    change.kind = ListChange::Kind::add;
  } else if (operands[0] == "remove") {
    change.kind = ListChange::Kind::remove;
  } else if (operands[0] != "list") {
    (void)report_usage(call, "it does add, remove and list, not "_packed, operands[0]);
    return std::nullopt;
  }
  const bool lists = change.kind == ListChange::Kind::none;
  if (lists != (operands.size() == 1)) {
    (void)report_usage(call, form);
    return std::nullopt;
  }
  if (!lists) change.of = operands[1];
  return change;
}

void put_beside_configuration(TextWriter& out, const Shell& shell, const char* name) {
  const std::string_view path = shell.configuration();
  const std::size_t slash = path.rfind('/');
  out.put(slash == path.npos ? "." : path.substr(0, slash)).put(name);
}

MessageRequest::MessageRequest(std::uint64_t id, const char* rest) {
  path_.put("/v1/messages/").put_number(id).put(rest);
  path = path_.written();
}

std::uint64_t read_id(Call& call) {
  const std::string_view word = call.arguments.operands().front();
  const std::optional<std::uint64_t> id = read_whole_number(word);
  if (id.value_or(0) != 0) return *id;
  (void)report_usage(call, "an id is a whole number, such as 17, not "_packed, word);
  return 0;
}

}  // namespace fieldpost
