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

class Table final : public ReplyLines {
 public:
  using ReplyLines::ReplyLines;

  // What the states in the table mean, for people who see it for the first time.
  void finish() {
    if (call_.json) return;
    if (!any_) {
      put_out(call_.shell, "No messages.\n"_packed);
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
  void show(JsonView row) override {
    if (!any_) {
      put_out(call_.shell,
              "ID     STATE      TO          SCENARIO         CREATED UTC REASON\n"_packed);
    }
    any_ = true;
    const std::string_view state = text_of(row.member("state"));
    if (const auto known = state_named(state)) seen_[static_cast<std::size_t>(*known)] = true;
    put_table_line(call_, row, "created");
  }

  bool any_ = false;
  std::array<bool, kStates> seen_{};
};

}  // namespace

void put_table_line(Call& call, JsonView row, const char* when) {
  TextBuffer<24> id, at;
  id.put_number(number_of(row.member("id")));
  // "2026-11-21T09:12:00Z" → "11-21 09:12"
  if (const std::string_view time = text_of(row.member(when)); time.size() >= 16) {
    at.put(time.substr(5, 5)).put(' ').put(time.substr(11, 5));
  }
  // A long id or a whole number pushes into the scenario, so that the rest stays in line.
  const std::string_view to = text_of(row.member("to"));
  const std::size_t id_columns = std::max(kIdColumns, id.size());
  const std::size_t to_columns = std::max(kToColumns, count_characters(to));
  const std::size_t pushed = id_columns - kIdColumns + to_columns - kToColumns;
  TextBuffer<512> text;
  put_cell(text, id.written(), id_columns);
  put_cell(text.put(' '), text_of(row.member("state")), kStateColumns);
  put_cell(text.put(' '), to, to_columns);
  put_cell(text.put(' '), text_of(row.member("scenario")),
           kScenarioColumns - std::min(pushed, kPushedMax));
  put_cell(text.put(' '), at.written(), kCreatedColumns);
  const std::string_view reason = text_of(row.member("reason"));
  if (!reason.empty()) {
    put_cell(text.put(' '), reason, std::min(kReasonColumns, count_characters(reason)));
  }
  text.put('\n');
  call.shell.out(text.written());
}

int list_main(Call& call) {
  const Arguments& given = call.arguments;
  TextBuffer<128> path;
  path.put("/v1/messages");
  char separator = '?';
  const auto add = [&](const char* name, std::string_view value) {
    path.put(separator).put(name).put('=').put(value);
    separator = '&';
  };
  if (given.has("--state")) {
    const std::string_view state = given.value_of("--state");
    if (!state_named(state).has_value())
      return report_usage(call, "there is no state "_packed, state);
    add("state", state);
  }
  if (given.has("--limit")) {
    const std::string_view limit = given.value_of("--limit");
    if (read_whole_number(limit).value_or(0) == 0) {
      return report_usage(call, "--limit takes a whole number from 1, not "_packed, limit);
    }
    add("limit", limit);
  }
  if (given.has("--reveal")) add("reveal", "1");
  LocalRequest request;
  request.path = path.written();
  Table table(call);
  const int exit = table.ask(request, kListWait);
  if (exit == kDone) table.finish();
  return exit;
}

}  // namespace fieldpost
