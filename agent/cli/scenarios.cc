#include <algorithm>

#include "agent/base/utf8.h"
#include "agent/cli/commands.h"
#include "agent/cli/local.h"

namespace fieldpost {
namespace {

constexpr std::size_t kColumns = 80;
constexpr std::string_view kHintIndent = "      ";

// Words, as many to a line as a terminal has room for.
void put_hint(TextWriter& text, std::string_view hint) {
  std::size_t column = 0;
  while (!hint.empty()) {
    const std::string_view word = hint.substr(0, hint.find(' '));
    const std::size_t wide = count_characters(word);
    if (column == 0 || column + 1 + wide > kColumns) {
      text.put(column == 0 ? "" : "\n").put(kHintIndent);
      column = kHintIndent.size();
    } else {
      text.put(' ');
      ++column;
    }
    text.put(word);
    column += wide;
    hint.remove_prefix(std::min(hint.size(), word.size() + 1));
  }
  text.put('\n');
}

void put_scenario(Shell& shell, JsonView scenario) {
  TextBuffer<limits::local_answer_bytes_max> text;
  text.put(text_of(scenario, "scenario"));
  if (const std::string_view title = text_of(scenario, "title"); !title.empty()) {
    text.put("  (").put(title).put(')');
  }
  if (!scenario.member("configured").boolean().value_or(true)) {
    text.put("  not in the configuration");
  }
  text.put('\n');
  for (const JsonView field : scenario.member("fields")) {
    text.put("  ").put(text_of(field, "flag")).put(' ').put("VALUE\n");
    if (const std::string_view hint = text_of(field, "hint"); !hint.empty()) {
      put_hint(text, hint);
    }
  }
  shell.out(text.written());
}

class Lines final : public LineSink {
 public:
  explicit Lines(Call& call) : call_(call) {}

  bool line(std::uint16_t http, std::string_view line) override {
    Reply reply;
    reply.http = http;
    reply.text = line;
    if (read_reply(call_, reply) != Status::ok) {
      unreadable_ = true;
      return false;
    }
    if (!reply.ok()) {
      exit_ = report_refusal(call_, reply);
      return false;
    }
    if (call_.json) {
      call_.shell.out(line);
      call_.shell.out("\n");
    } else {
      put_scenario(call_.shell, reply.object);
    }
    return true;
  }

  int exit() const { return exit_; }
  bool unreadable() const { return unreadable_; }

 private:
  Call& call_;
  int exit_ = kDone;
  bool unreadable_ = false;
};

}  // namespace

int scenarios_main(Call& call) {
  LocalRequest request;
  request.path = "/v1/scenarios";
  Lines lines(call);
  if (call.shell.ask(request, within(call.shell, kAnswerWait), lines) != Status::ok ||
      lines.unreadable()) {
    return report_trouble(call);
  }
  return lines.exit();
}

}  // namespace fieldpost
