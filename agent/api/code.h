// The codes of WhatsApp's (or 1MSG's) that are known, and what each asks for.
#pragma once

#include <cstdint>

namespace fieldpost {

// What a code of WhatsApp's (or 1MSG's) asks for; Meta, "Cloud API error codes".
enum class CodeClass : std::uint8_t {
  none,         // no code, or one that says nothing: 1, 131000
  temporary,    // this message, a little later
  rate,         // every message, slower
  long_wait,    // this message, a day later
  account,      // the number is paused or blocked
  credentials,  // the token is
  never_again,  // not to this person
  opted_out,    // not to this person: they asked for that
  template_missing,
  template_differs,
  template_paused,
};

struct KnownCode {
  std::uint32_t code : 24;
  CodeClass means : 8;
};
inline constexpr KnownCode kKnownCodes[] = {
    {2, CodeClass::temporary},
    {131016, CodeClass::temporary},
    {131056, CodeClass::temporary},  // one message per 6 s to one person
    {131057, CodeClass::temporary},
    {133004, CodeClass::temporary},
    {4, CodeClass::rate},
    {80007, CodeClass::rate},
    {130429, CodeClass::rate},
    {131049, CodeClass::long_wait},
    {368, CodeClass::account},
    {130497, CodeClass::account},
    {131031, CodeClass::account},
    {131042, CodeClass::account},
    {131048, CodeClass::account},
    {133010, CodeClass::account},
    {3, CodeClass::credentials},
    {10, CodeClass::credentials},
    {190, CodeClass::credentials},
    {131005, CodeClass::credentials},
    {131045, CodeClass::credentials},
    {130472, CodeClass::never_again},
    {131021, CodeClass::never_again},
    {131026, CodeClass::never_again},
    {131030, CodeClass::never_again},
    {131050, CodeClass::opted_out},
    {132001, CodeClass::template_missing},
    {100, CodeClass::template_differs},
    {131008, CodeClass::template_differs},
    {131009, CodeClass::template_differs},
    {132000, CodeClass::template_differs},
    {132005, CodeClass::template_differs},
    {132012, CodeClass::template_differs},
    {132018, CodeClass::template_differs},
    {135000, CodeClass::template_differs},
    {132007, CodeClass::template_paused},
    {132015, CodeClass::template_paused},
    {132016, CodeClass::template_paused},
};

constexpr CodeClass class_of(std::int32_t code) {
  if (code >= 200 && code <= 299) return CodeClass::credentials;
  for (const KnownCode& known : kKnownCodes) {
    if (static_cast<std::int32_t>(known.code) == code) return known.means;
  }
  return CodeClass::none;
}

}  // namespace fieldpost
