#include "agent/scenario/preview.h"

#include "agent/base/utf8.h"

namespace fieldpost {
namespace {

// A variable at the start of a text: "{{2}}" is number 2 of 5 bytes. bytes 0: no variable.
struct Variable {
  std::size_t number = 0;
  std::size_t bytes = 0;
};

Variable variable_at_start(std::string_view text) {
  if (!text.starts_with("{{")) return {};
  std::size_t number = 0;
  std::size_t i = 2;
  // Two digits name more variables than a template may have.
  for (; i < text.size() && i < 4 && text[i] >= '0' && text[i] <= '9'; ++i) {
    number = number * 10 + static_cast<std::size_t>(text[i] - '0');
  }
  if (i == 2 || !text.substr(i).starts_with("}}")) return {};
  return {number, i + 2};
}

// Calls `put` with the pieces of the rendered text in order.
template <typename Put>
void render(std::string_view text, const Values& values, Put put) {
  std::size_t plain = 0;  // bytes at the start of `text` that are passed on as they are
  while (plain < text.size()) {
    const Variable variable = variable_at_start(text.substr(plain));
    if (variable.number == 0 || variable.number > values.count()) {
      ++plain;
      continue;
    }
    put(text.substr(0, plain));
    put(values[variable.number - 1]);
    text.remove_prefix(plain + variable.bytes);
    plain = 0;
  }
  put(text);
}

}  // namespace

void render_preview(std::string_view text, const Values& values, TextWriter& out) {
  render(text, values, [&out](std::string_view piece) { out.put(piece); });
}

std::size_t preview_characters(std::string_view text, const Values& values) {
  std::size_t count = 0;
  render(text, values, [&count](std::string_view piece) { count += count_characters(piece); });
  return count;
}

}  // namespace fieldpost
