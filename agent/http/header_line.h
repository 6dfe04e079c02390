// One header line as it comes out of the parser, in pieces. Names and values that are longer than
// any we look for are cut and say so: they are never taken for a shorter one.
#pragma once

#include <array>
#include <cstddef>
#include <string_view>

#include "agent/base/letters.h"
#include "config/limits.h"

namespace fieldpost::http {

std::string_view trimmed(std::string_view text);  // without spaces and tabs around it

class HeaderLine {
 public:
  static constexpr std::size_t kValueBytesMax = limits::host_bytes_max + 6;  // ":65535"

  void add_name(std::string_view piece) {
    if (complete_) *this = HeaderLine();
    name_.add(piece);
  }
  void add_value(std::string_view piece) { value_.add(piece); }
  void complete() { complete_ = true; }

  // In small letters, as all that we look for.
  bool is(const char* name) const { return name_.is(name); }
  bool value_cut() const { return value_.cut; }
  bool value_is(const char* value) const { return value_.is(value); }
  std::string_view value() const { return value_.whole(); }

 private:
  // What does not fit is left out.
  struct Part {
    void add(std::string_view piece);
    std::string_view whole() const { return trimmed({text.data(), bytes}); }
    bool is(const char* small_letters) const;

    bool cut = false;
    std::size_t bytes = 0;
    std::array<char, kValueBytesMax> text{};
  };

  bool complete_ = false;
  Part name_;
  Part value_;
};

}  // namespace fieldpost::http
