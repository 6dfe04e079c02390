#include "agent/json/locate.h"

#include "agent/base/number.h"
#include "agent/json/string.h"

namespace fieldpost {
namespace {

// Steps over pieces of a text that is known to be sound, so nothing here can go wrong.
class Scanner {
 public:
  explicit Scanner(std::string_view text) : text_(text) { skip_space(); }

  std::size_t at() const { return at_; }
  char peek() const { return text_[at_]; }

  void skip_space() { at_ = text_.find_first_not_of(" \t\n\r", at_); }
  // One character that must be there, and the white space after it.
  void step() {
    ++at_;
    skip_space();
  }
  void skip_string() {
    for (++at_; peek() != '"'; ++at_) {
      if (peek() == '\\') ++at_;
    }
    ++at_;
  }
  // By counting brackets, not by recursion; a scalar is a string or runs up to a delimiter.
  void skip_value() {
    std::size_t depth = 0;
    do {
      const char c = peek();
      if (c == '"') {
        skip_string();
      } else if (c == '{' || c == '[') {
        ++depth;
        ++at_;
      } else if (c == '}' || c == ']') {
        --depth;
        ++at_;
      } else if (depth > 0) {
        ++at_;
      } else {
        at_ = text_.find_first_of(",]} \t\n\r", at_);
      }
    } while (depth > 0);
    skip_space();
  }

  // Stands on '{'. Leaves it on the member's value and returns where its key is.
  std::optional<std::size_t> enter_member(std::string_view name) {
    for (step(); peek() != '}';) {
      const std::size_t key = at_;
      skip_string();
      skip_space();
      step();  // the colon
      if (json_string_is(text_, key, name)) return key;
      skip_value();
      if (peek() == ',') step();
    }
    return std::nullopt;
  }

  // Stands on '['. Leaves it on the element.
  std::optional<std::size_t> enter_element(std::string_view index) {
    std::uint64_t wanted = 0;
    if (!take_number(index, wanted) || !index.empty()) return std::nullopt;
    step();
    for (std::uint64_t i = 0; peek() != ']'; ++i) {
      if (i == wanted) return at_;
      skip_value();
      if (peek() == ',') step();
    }
    return std::nullopt;
  }

 private:
  std::string_view text_;
  std::size_t at_ = 0;
};

}  // namespace

std::optional<std::size_t> locate_json(std::string_view text,
                                       std::span<const std::string_view> path) {
  Scanner scanner(text);
  std::size_t found = scanner.at();
  for (const std::string_view name : path) {
    std::optional<std::size_t> at;
    if (scanner.peek() == '{') at = scanner.enter_member(name);
    if (scanner.peek() == '[' && !at) at = scanner.enter_element(name);
    if (!at) return std::nullopt;
    found = *at;
  }
  return found;
}

}  // namespace fieldpost
