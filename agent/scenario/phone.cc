#include "agent/scenario/phone.h"

#include "agent/base/letters.h"
#include "agent/base/text_writer.h"

namespace fieldpost {
namespace {

// More than a number can have; a longer one is too long, and says so.
using Digits = TextBuffer<2 * limits::phone_digits_max>;

// What stands in the brackets that open at the start of `rest` is a lone 0: "(0)", "( 0 )".
bool opens_trunk_zero(std::string_view rest) {
  std::size_t zeros = 0;
  for (const char c : rest.substr(1)) {
    if (c == ')') return zeros == 1;
    if (c == '0') {
      ++zeros;
    } else if (c != ' ') {
      return false;
    }
  }
  return false;
}

bool is_national_length(const PhoneSettings& settings, std::size_t digits) {
  for (std::size_t i = 0; i < settings.national_digits_count; ++i) {
    if (settings.national_digits[i] == digits) return true;
  }
  return false;
}

// The part of a national number that follows the prefix, or nothing where the number isn't one.
// After the prefix no further 0 is taken: 00 opens an international number in most countries.
std::string_view national_part(std::string_view digits, const PhoneSettings& settings) {
  const std::string_view prefix = settings.national_prefix.view();
  if (settings.country_code.empty() || !digits.starts_with(prefix)) return {};
  const std::string_view part = digits.substr(prefix.size());
  return is_national_length(settings, part.size()) && !part.starts_with('0') ? part
                                                                             : std::string_view{};
}

Rule check_international(std::string_view digits) {
  if (digits.starts_with("00")) return Rule::phone_two_zeros;
  if (digits.starts_with('0')) return Rule::phone_zero;
  if (digits.size() < limits::phone_digits_min) return Rule::phone_short;
  if (digits.size() > limits::phone_digits_max) return Rule::phone_long;
  return Rule::none;
}

}  // namespace

Rule read_phone(std::string_view written, const PhoneSettings& settings, PhoneDigits& digits) {
  Digits found;
  bool plus = false;
  for (std::size_t i = 0; i < written.size(); ++i) {
    const char c = written[i];
    if (is_digit(c)) {
      found.put(c);
    } else if (c == '+') {
      if (plus || found.size() > 0) return Rule::phone_plus;
      plus = true;
    } else if (c == '(') {
      if (opens_trunk_zero(written.substr(i))) return Rule::phone_trunk_zero;
    } else if (c != '-' && c != ')' && c != '.' && c != ' ') {
      // Digits of other scripts end here too: what looks like a number need not be the same one.
      return is_letter_or_digit(c) ? Rule::phone_letter : Rule::phone_character;
    }
  }
  if (found.overflowed()) return Rule::phone_long;
  if (found.size() == 0) return Rule::phone_empty;

  Digits full;
  const std::string_view part =
      plus ? std::string_view{} : national_part(found.written(), settings);
  if (!part.empty()) full.put(settings.country_code.view());
  full.put(part.empty() ? found.written() : part);
  if (full.overflowed()) return Rule::phone_long;
  const Rule rule = check_international(full.written());
  if (rule != Rule::none) return rule;
  return digits.assign(full.written()) == Status::ok ? Rule::none : Rule::phone_long;
}

}  // namespace fieldpost
