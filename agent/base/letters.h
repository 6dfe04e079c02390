// Letters and digits of ASCII, where the case of letters says nothing.
#pragma once

#include <cstddef>
#include <string_view>

namespace fieldpost {

constexpr bool is_digit(char c) { return c >= '0' && c <= '9'; }
constexpr bool is_small(char c) { return c >= 'a' && c <= 'z'; }
constexpr bool is_capital(char c) { return c >= 'A' && c <= 'Z'; }
constexpr bool is_letter_or_digit(char c) { return is_digit(c) || is_small(c) || is_capital(c); }
constexpr char small(char c) { return is_capital(c) ? static_cast<char>(c - 'A' + 'a') : c; }

// Each takes the letters to look for in small ones.
bool starts_with_letters(std::string_view text, std::string_view small_letters);
bool same_letters(std::string_view text, std::string_view small_letters);
// Where they stand in `text`, not before `from`; npos where they don't.
std::size_t find_letters(std::string_view text, std::string_view small_letters,
                         std::size_t from = 0);

}  // namespace fieldpost
