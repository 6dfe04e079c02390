// What an object of the API's says in words, gathered from wherever it says it, and the code of
// WhatsApp's or 1MSG's that goes with them.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "agent/json/tree.h"
#include "agent/port/uplink.h"

namespace fieldpost {

class Said {
 public:
  std::int32_t code() const { return code_; }  // 0 = none
  bool error() const { return error_; }        // there is one, in whatever shape
  std::size_t size() const { return count_; }
  std::string_view operator[](std::size_t i) const { return words_[i]; }

  void add(std::string_view words);
  void add(JsonView words) { add(text_of(words)); }
  // A number or a string of digits. One that repeats the status of HTTP yields to any other.
  void add_code(JsonView code);
  // `error` as a string, or as {message, code or error_code, title, error_user_title,
  // error_user_msg, error_data:{details}}.
  void add_error(JsonView error);
  // Meta puts the code into the words as well: "(#131056) Pair rate limit hit".
  void look_for_code();
  // That there was nothing which anybody has to mend.
  void forget() { count_ = 0, code_ = 0; }

  // As one text, redacted; `token` is what must not be in it.
  void keep(std::string_view token, Answer& answer) const;

 private:
  bool has_code() const;

  std::int32_t code_ = 0;
  bool error_ = false;
  std::size_t count_ = 0;
  std::array<std::string_view, 8> words_;
};

}  // namespace fieldpost
