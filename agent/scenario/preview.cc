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

// What is rendered, in order: counted, and written where it is wanted.
class Rendering {
 public:
  explicit Rendering(TextWriter* out) : out_(out) {}

  void run(std::string_view text, const Values& values) {
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
  std::size_t characters() const { return characters_; }

 private:
  void put(std::string_view piece) {
    characters_ += count_characters(piece);
    if (out_ != nullptr) out_->put(piece);
  }

  TextWriter* out_;
  std::size_t characters_ = 0;
};

}  // namespace

void render_preview(std::string_view text, const Values& values, TextWriter& out) {
  Rendering(&out).run(text, values);
}

std::size_t preview_characters(std::string_view text, const Values& values) {
  Rendering rendering(nullptr);
  rendering.run(text, values);
  return rendering.characters();
}

}  // namespace fieldpost
