#include "agent/api/said.h"

#include <limits>

#include "agent/api/redact.h"
#include "agent/base/letters.h"
#include "agent/base/number.h"
#include "agent/base/text_writer.h"

namespace fieldpost {
namespace {

std::int32_t code_of(std::string_view digits) {
  std::uint64_t code = 0;
  const bool fits = take_number(digits, code) && digits.empty() && code <= INT32_MAX;
  return fits ? static_cast<std::int32_t>(code) : 0;
}

// A number or a string of digits; 0: neither, or no code.
std::int32_t code_of(JsonView value) {
  if (const auto number = value.integer()) {
    const bool fits = *number > 0 && *number <= std::numeric_limits<std::int32_t>::max();
    return fits ? static_cast<std::int32_t>(*number) : 0;
  }
  const auto text = value.string();
  return text ? code_of(*text) : 0;
}

std::int32_t code_in(std::string_view words) {
  for (std::size_t at = words.find("(#"); at != words.npos; at = words.find("(#", at + 2)) {
    const std::string_view rest = words.substr(at + 2);
    std::size_t digits = 0;
    while (digits < rest.size() && is_digit(rest[digits])) ++digits;
    if (digits < rest.size() && rest[digits] == ')') {
      if (const std::int32_t code = code_of(rest.substr(0, digits)); code != 0) return code;
    }
  }
  return 0;
}

}  // namespace

// Some answers repeat the number of their status where the code should be.
bool Said::has_code() const { return code_ != 0 && (code_ < 400 || code_ > 599); }

void Said::add(std::string_view words) {
  if (words.empty() || count_ == words_.size()) return;
  for (std::size_t i = 0; i < count_; ++i) {
    if (words_[i] == words) return;
  }
  words_[count_++] = words;
}

void Said::add_code(JsonView code) {
  const std::int32_t found = code_of(code);
  if (found != 0 && !has_code()) code_ = found;
}

void Said::add_error(JsonView error) {
  if (const auto text = error.string()) error_ = error_ || !text->empty();
  if (error.is_object()) {
    error_ = true;
    add_code(error.member("code"));
    add_code(error.member("error_code"));
    add(error.member("message"));
    add(error.member("title"));
    add(error.member("error_user_title"));
    add(error.member("error_user_msg"));
    add(error.member("error_data").member("details"));
  }
  add(error);
}

void Said::look_for_code() {
  for (std::size_t i = 0; i < count_ && !has_code(); ++i) {
    if (const std::int32_t code = code_in(words_[i]); code != 0) code_ = code;
  }
}

void Said::keep(std::string_view token, Answer& answer) const {
  TextBuffer<limits::answer_body_bytes_max + 64> text;
  for (std::size_t i = 0; i < count_; ++i) {
    if (i != 0) text.put(": ");
    text.put(words_[i]);
  }
  // Redacted as one text: a secret may lie across two pieces of it.
  TextBuffer<limits::detail_bytes_max> redacted;
  put_redacted(redacted, text.written(), token);
  if (answer.detail.assign(redacted.written()) != Status::ok) answer.detail.clear();
}

}  // namespace fieldpost
