#include "agent/cli/commands.h"
#include "agent/cli/local.h"
#include "agent/cli/words.h"

namespace fieldpost {
namespace {

void put_line(TextWriter& text, std::string_view name, std::string_view value) {
  constexpr std::size_t kNameColumns = 14;
  if (value.empty()) return;
  text.put(name);
  for (std::size_t i = name.size(); i < kNameColumns; ++i) text.put(' ');
  text.put(value).put('\n');
}

void put_time_line(TextWriter& text, std::string_view name, std::string_view time) {
  TextBuffer<64> readable;
  put_readable_time(readable, time);
  put_line(text, name, readable.written());
}

void put_number_line(TextWriter& text, std::string_view name, std::uint64_t number) {
  TextBuffer<24> digits;
  digits.put_number(number);
  put_line(text, name, digits.written());
}

void put_block(TextWriter& text, JsonView row) {
  TextBuffer<128> state;
  const std::string_view name = text_of(row, "state");
  state.put(name).put(": ").put(words_of_state(name));
  TextBuffer<128> reason;
  if (const std::string_view why = text_of(row, "reason"); !why.empty()) {
    reason.put(why).put(": ").put(words_of_reason(why));
  }
  put_number_line(text, "Message", number_of(row, "id"));
  put_line(text, "Scenario", text_of(row, "scenario"));
  put_line(text, "To", text_of(row, "to"));
  put_line(text, "State", state.written());
  put_line(text, "Reason", reason.written());
  put_line(text, "In its words", text_of(row, "detail"));
  put_number_line(text, "Attempts", number_of(row, "attempts"));
  put_time_line(text, "Created", text_of(row, "created"));
  put_time_line(text, "Next attempt", text_of(row, "next_attempt"));
  put_time_line(text, "Accepted", text_of(row, "accepted_at"));
  put_time_line(text, "Delivered", text_of(row, "delivered_at"));
  put_time_line(text, "Expires", text_of(row, "expires"));
  put_line(text, "WhatsApp id", text_of(row, "message_id"));
  put_line(text, "Key", text_of(row, "key"));
  put_line(text, "Topic", text_of(row, "topic"));
  put_line(text, "Operator", text_of(row, "operator"));
  if (const std::uint64_t old = number_of(row, "retry_of"); old != 0) {
    put_number_line(text, "Retry of", old);
  }
}

}  // namespace

int show_main(Call& call) {
  const std::uint64_t id = read_id(call);
  if (id == 0) return kUsage;
  std::array<char, 64> room;
  LocalRequest request;
  request.path = message_path(room, id, call.arguments.has("--reveal") ? "?reveal=1" : "");
  Reply reply;
  if (ask_local(call, request, reply) != Status::ok) return report_trouble(call);
  if (!reply.ok()) return report_refusal(call, reply);
  if (call.json) {
    call.shell.out(reply.text);
    call.shell.out("\n");
    return kDone;
  }
  TextBuffer<4096> text;
  put_block(text, reply.object);
  call.shell.out(text.written());
  return kDone;
}

}  // namespace fieldpost
