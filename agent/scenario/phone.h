// A phone number as people write it → as the API wants it: digits with country code.
//
// The vendor's sample drops every non-digit, which glues an extension onto the number and sends the
// message to someone else. Here whatever is not surely a number is refused in words.
#pragma once

#include <string_view>

#include "agent/base/fixed_text.h"
#include "agent/scenario/rule.h"
#include "agent/settings/settings.h"
#include "config/limits.h"

namespace fieldpost {

using PhoneDigits = FixedText<limits::phone_digits_max>;

// Reads `written`. A number without + that is national by the settings (national_prefix, then one
// of national_digits many digits) gets the country code; every other one must bring its own.
// Returns Rule::none and fills `digits`, or the rule that the number breaks.
Rule read_phone(std::string_view written, const PhoneSettings&, PhoneDigits& digits);

}  // namespace fieldpost
