#include <algorithm>

#include "agent/base/utf8.h"
#include "agent/cli/commands.h"
#include "agent/cli/local.h"
#include "agent/cli/pattern.h"

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

class Scenarios final : public ReplyLines {
 public:
  using ReplyLines::ReplyLines;

 private:
  void show(JsonView scenario) override {
    TextBuffer<limits::local_answer_bytes_max> text;
    put_filled(text, "{scenario}[  ({title})]"_packed, scenario);
    if (scenario.member("configured").boolean() == false)
      text.put("  not in the configuration"_packed);
    text.put('\n');
    for (const JsonView field : scenario.member("fields")) {
      put_filled(text, "  {flag} VALUE\n"_packed, field);
      if (const auto hint = text_of(field.member("hint")); !hint.empty()) put_hint(text, hint);
    }
    put_filled(text,
               "[{require_opt_in:if}  --opt-in\n"
               "      the customer has agreed to get it; without that it is refused\n]"_packed,
               scenario);
    call_.shell.out(text.written());
  }
};

}  // namespace

int scenarios_main(Call& call) {
  LocalRequest request;
  request.path = "/v1/scenarios";
  return Scenarios(call).ask(request, kAnswerWait);
}

}  // namespace fieldpost
