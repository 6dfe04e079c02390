// Why a field of a request is refused: the field, the rule it breaks, and a sentence for people.
#pragma once

#include <cstdint>
#include <string_view>

#include "agent/base/fixed_text.h"
#include "agent/base/packed_text.h"
#include "agent/base/text_writer.h"
#include "config/limits.h"

namespace fieldpost {

enum class Rule : std::uint8_t {
  none,  // nothing is wrong
  // A value of a variable.
  not_utf8,
  blank,
  line_break,
  tab,
  control_character,
  many_spaces,
  placeholder,
  too_long,           // this value alone
  rendered_too_long,  // together with the template's text
  // A phone number.
  phone_empty,
  phone_letter,
  phone_character,
  phone_plus,
  phone_zero,
  phone_two_zeros,
  phone_trunk_zero,
  phone_short,
  phone_long,
};

// What the field must do to pass: "must not contain a line break".
PackedText to_text(Rule);

struct FieldRefusal {
  FixedText<limits::field_name_bytes_max> field;
  Rule rule = Rule::none;
};

// "nextStep: must not contain a line break"
void put_sentence(TextWriter& out, const FieldRefusal&);

}  // namespace fieldpost
