// list: a table for people, objects for programs. Lines are printed as they come: a full queue is
// never in memory here.
#include <algorithm>

#include "agent/base/utf8.h"
#include "agent/cli/commands.h"
#include "agent/cli/local.h"
#include "agent/cli/words.h"
#include "agent/desk/route.h"

namespace fieldpost {
namespace {

// Columns of the table; the last one is what remains of 80.
constexpr std::size_t kIdColumns = 6, kStateColumns = 10, kToColumns = 11, kScenarioColumns = 16,
                      kCreatedColumns = 11, kReasonColumns = 21;
static_assert(kIdColumns + kStateColumns + kToColumns + kScenarioColumns + kCreatedColumns +
                  kReasonColumns + 5 ==
              80);

constexpr std::size_t kPushedMax = kScenarioColumns - 4;

// One cell, cut or filled to its width (a code point is a column: names are Latin, "•" is one).
void put_cell(TextWriter& out, std::string_view text, std::size_t columns) {
  const std::size_t characters = count_characters(text);
  if (characters <= columns) {
    out.put(text);
    for (std::size_t i = characters; i < columns; ++i) out.put(' ');
    return;
  }
  for (std::size_t i = 0; i + 1 < columns; ++i) {
    const Character next = first_character(text);
    out.put(text.substr(0, next.bytes));
    text.remove_prefix(next.bytes);
  }
  out.put("…");
}

class Table final : public LineSink {
 public:
  explicit Table(Call& call) : call_(call) {}

  bool line(std::uint16_t http, std::string_view line) override {
    Reply reply;
    reply.http = http;
    reply.text = line;
    if (read_reply(call_, reply) != Status::ok) {
      unreadable_ = true;
      return false;
    }
    // A refusal can also come late, after some rows.
    if (!reply.ok() || reply.object.member("ok").exists()) {
      exit_ = report_refusal(call_, reply);
      return false;
    }
    if (call_.json) {
      call_.shell.out(line);
      call_.shell.out("\n");
    } else {
      put_row(reply.object);
    }
    return true;
  }

  int exit() const { return exit_; }
  bool unreadable() const { return unreadable_; }

  // What the states in the table mean, for people who see it for the first time.
  void finish() {
    if (call_.json) return;
    if (!any_) {
      call_.shell.out("No messages.\n");
      return;
    }
    if (!call_.shell.out_is_terminal()) return;
    call_.shell.out("\n");
    for (std::size_t i = 0; i < kStates; ++i) {
      if (!seen_[i]) continue;
      TextBuffer<128> text;
      const auto state = static_cast<State>(i);
      put_cell(text, to_text(state), kStateColumns);
      text.put("  ").put(words_of(state)).put('\n');
      call_.shell.out(text.written());
    }
  }

 private:
  void put_row(JsonView row) {
    if (!any_)
      call_.shell.out("ID     STATE      TO          SCENARIO         CREATED UTC REASON\n");
    any_ = true;
    const std::string_view state = text_of(row, "state");
    if (const auto known = state_named(state)) seen_[static_cast<std::size_t>(*known)] = true;
    TextBuffer<24> id, created;
    id.put_number(number_of(row, "id"));
    // "2026-11-21T09:12:00Z" → "11-21 09:12"
    if (const std::string_view time = text_of(row, "created"); time.size() >= 16) {
      created.put(time.substr(5, 5)).put(' ').put(time.substr(11, 5));
    }
    // A long id or a whole number pushes into the scenario, so that the rest stays in line.
    const std::string_view to = text_of(row, "to");
    const std::size_t id_columns = std::max(kIdColumns, id.size());
    const std::size_t to_columns = std::max(kToColumns, count_characters(to));
    const std::size_t pushed = id_columns - kIdColumns + to_columns - kToColumns;
    TextBuffer<512> text;
    put_cell(text, id.written(), id_columns);
    put_cell(text.put(' '), state, kStateColumns);
    put_cell(text.put(' '), to, to_columns);
    put_cell(text.put(' '), text_of(row, "scenario"),
             kScenarioColumns - std::min(pushed, kPushedMax));
    put_cell(text.put(' '), created.written(), kCreatedColumns);
    const std::string_view reason = text_of(row, "reason");
    if (!reason.empty()) {
      put_cell(text.put(' '), reason, std::min(kReasonColumns, count_characters(reason)));
    }
    text.put('\n');
    call_.shell.out(text.written());
  }

  Call& call_;
  bool any_ = false;
  bool unreadable_ = false;
  std::array<bool, kStates> seen_{};
  int exit_ = kDone;
};

}  // namespace

int list_main(Call& call) {
  const Arguments& given = call.arguments;
  TextBuffer<128> path;
  path.put("/v1/messages");
  char separator = '?';
  if (given.has("--state")) {
    const std::string_view state = given.value_of("--state");
    if (!state_named(state).has_value()) return report_usage(call, "there is no state ", state);
    path.put(separator).put("state=").put(state);
    separator = '&';
  }
  if (given.has("--limit")) {
    const std::string_view limit = given.value_of("--limit");
    if (read_whole_number(limit).value_or(0) == 0) {
      return report_usage(call, "--limit takes a whole number from 1, not ", limit);
    }
    path.put(separator).put("limit=").put(limit);
    separator = '&';
  }
  if (given.has("--reveal")) path.put(separator).put("reveal=1");
  LocalRequest request;
  request.path = path.written();
  Table table(call);
  if (call.shell.ask(request, within(call.shell, kListWait), table) != Status::ok ||
      table.unreadable()) {
    return report_trouble(call);
  }
  if (table.exit() == kDone) table.finish();
  return table.exit();
}

}  // namespace fieldpost
