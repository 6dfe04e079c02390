#include <array>

#include "agent/cli/commands.h"
#include "agent/cli/local.h"
#include "agent/cli/words.h"

namespace fieldpost {
namespace {

enum class Kind : std::uint8_t { text, number, time, state, reason };

struct Line {
  std::string_view label;
  const char* member;
  Kind kind;
};

constexpr auto kLines = std::to_array<Line>({
    {"Message", "id", Kind::number},
    {"Scenario", "scenario", Kind::text},
    {"To", "to", Kind::text},
    {"State", "state", Kind::state},
    {"Reason", "reason", Kind::reason},
    {"In its words", "detail", Kind::text},
    {"Attempts", "attempts", Kind::number},
    {"Created", "created", Kind::time},
    {"Next attempt", "next_attempt", Kind::time},
    {"Accepted", "accepted_at", Kind::time},
    {"Delivered", "delivered_at", Kind::time},
    {"Expires", "expires", Kind::time},
    {"WhatsApp id", "message_id", Kind::text},
    {"Key", "key", Kind::text},
    {"Topic", "topic", Kind::text},
    {"Operator", "operator", Kind::text},
    {"Retry of", "retry_of", Kind::number},
});

// A line for each member that is there and not null.
void put_block(TextWriter& out, JsonView row) {
  constexpr std::size_t kLabelColumns = 14;
  for (const Line& line : kLines) {
    const JsonView value = row.member(line.member);
    if (!value.is_string() && !value.is_number()) continue;
    const std::string_view text = value.string().value_or(std::string_view{});
    out.put(line.label);
    for (std::size_t i = line.label.size(); i < kLabelColumns; ++i) out.put(' ');
    switch (line.kind) {
      case Kind::text: out.put(text); break;
      case Kind::number: out.put_number(number_of(row, line.member)); break;
      case Kind::time: put_readable_time(out, text); break;
      case Kind::state: out.put(text).put(": ").put(words_of_state(text)); break;
      case Kind::reason: out.put(text).put(": ").put(words_of_reason(text)); break;
    }
    out.put('\n');
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
