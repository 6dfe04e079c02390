// One header line as it comes out of the parser, in pieces. Names and values that are longer than
// any we look for are cut and say so: they are never taken for a shorter one.
#pragma once

#include <array>
#include <cstddef>
#include <string_view>

namespace fieldpost::http {

constexpr char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }

constexpr bool equal_ignoring_case(std::string_view a, std::string_view b) {
  if (a.size() != b.size()) return false;
  for (std::size_t i = 0; i < a.size(); ++i) {
    if (lower(a[i]) != lower(b[i])) return false;
  }
  return true;
}

constexpr std::string_view trimmed(std::string_view text) {
  while (!text.empty() && (text.front() == ' ' || text.front() == '\t')) text.remove_prefix(1);
  while (!text.empty() && (text.back() == ' ' || text.back() == '\t')) text.remove_suffix(1);
  return text;
}

template <std::size_t NameBytes, std::size_t ValueBytes>
class HeaderLine {
 public:
  void add_name(std::string_view piece) {
    if (complete_) *this = HeaderLine();
    name_cut_ = !add(name_, name_bytes_, piece) || name_cut_;
  }
  void add_value(std::string_view piece) {
    value_cut_ = !add(value_, value_bytes_, piece) || value_cut_;
  }
  void complete() { complete_ = true; }

  bool is(std::string_view name) const {
    return !name_cut_ && equal_ignoring_case({name_.data(), name_bytes_}, name);
  }
  bool value_cut() const { return value_cut_; }
  std::string_view value() const { return trimmed({value_.data(), value_bytes_}); }

 private:
  template <std::size_t N>
  static bool add(std::array<char, N>& to, std::size_t& used, std::string_view piece) {
    for (const char c : piece) {
      if (used == N) return false;
      to[used++] = c;
    }
    return true;
  }

  std::array<char, NameBytes> name_{};
  std::array<char, ValueBytes> value_{};
  std::size_t name_bytes_ = 0;
  std::size_t value_bytes_ = 0;
  bool name_cut_ = false;
  bool value_cut_ = false;
  bool complete_ = false;
};

}  // namespace fieldpost::http
