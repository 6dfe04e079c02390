#include "agent/scenario/value.h"

#include "agent/base/letters.h"
#include "agent/base/utf8.h"
#include "agent/scenario/preview.h"

namespace fieldpost {
namespace {

constexpr std::size_t kSpacesMax = 4;  // in a row (Meta)

constexpr bool ends_a_line(char32_t c) {
  return (c >= 0x0a && c <= 0x0d) || c == 0x85 || c == 0x2028 || c == 0x2029;
}

struct Range {
  char16_t first, last;
};
// Characters that show nothing (Unicode, Default_Ignorable_Code_Point, and the blank Braille
// pattern). They belong within right-to-left text and emoji; a value of nothing else is blank.
constexpr Range kShowNothing[] = {
    {0xad, 0xad},     {0x34f, 0x34f},   {0x61c, 0x61c},   {0x115f, 0x1160}, {0x17b4, 0x17b5},
    {0x180b, 0x180f}, {0x200b, 0x200f}, {0x202a, 0x202e}, {0x2060, 0x206f}, {0x2800, 0x2800},
    {0x3164, 0x3164}, {0xfe00, 0xfe0f}, {0xfeff, 0xfeff}, {0xffa0, 0xffa0}};

bool shows_nothing(char32_t c) {
  for (const Range& range : kShowNothing) {
    if (c >= range.first && c <= range.last) return true;
  }
  return is_space(c) || (c >= 0xe0000 && c <= 0xe0fff);
}

// The vendor's samples stand ___ for "fill this in".
bool is_placeholder(std::string_view value) {
  while (value.starts_with(' ')) value.remove_prefix(1);
  while (value.ends_with(' ')) value.remove_suffix(1);
  return value == "___";
}

}  // namespace

Rule check_value(std::string_view value) {
  bool blank = true;
  std::size_t characters = 0;
  std::size_t spaces = 0;
  bool many_spaces = false;
  for (std::string_view rest = value; !rest.empty(); ++characters) {
    const Character c = first_character(rest);
    if (c.bytes == 0) return Rule::not_utf8;
    if (ends_a_line(c.code)) return Rule::line_break;
    if (c.code == '\t') return Rule::tab;
    if (is_control(c.code)) return Rule::control_character;
    spaces = is_space(c.code) ? spaces + 1 : 0;
    many_spaces = many_spaces || spaces > kSpacesMax;
    blank = blank && shows_nothing(c.code);
    rest.remove_prefix(c.bytes);
  }
  if (blank) return Rule::blank;
  if (many_spaces) return Rule::many_spaces;
  if (is_placeholder(value)) return Rule::placeholder;
  if (characters > limits::text_chars_max) return Rule::too_long;
  return Rule::none;
}

Status check_values(const Scenario& scenario, const Values& values, FieldRefusal& why) {
  ASSERT(values.count() == scenario.field_count);
  std::size_t together = 0;
  std::size_t longest = 0;
  for (std::size_t i = 0; i < values.count(); ++i) {
    why.rule = check_value(values[i]);
    if (why.rule != Rule::none) {
      TRY(why.field.assign(scenario.field_names[i]));
      return Status::invalid;
    }
    together += count_characters(values[i]);
    if (values[i].size() > values[longest].size()) longest = i;
  }
  const std::size_t rendered =
      scenario.text.empty() ? together : preview_characters(scenario.text, values);
  if (rendered <= limits::text_chars_max) return Status::ok;
  // The longest value is where a person can save the most.
  TRY(why.field.assign(scenario.field_names[longest]));
  why.rule = Rule::rendered_too_long;
  return Status::invalid;
}

bool is_language(std::string_view code) {
  if (code.size() > limits::language_bytes_max) return false;
  std::size_t i = 0;
  while (i < code.size() && is_small(code[i])) ++i;
  if (i < 2 || i > 3) return false;
  while (i < code.size()) {
    if (code[i] != '_' && code[i] != '-') return false;
    const std::size_t start = ++i;
    while (i < code.size() && is_letter_or_digit(code[i])) ++i;
    if (i - start < 2 || i - start > 4) return false;
  }
  return true;
}

}  // namespace fieldpost
