// What to do about a code of WhatsApp's, for people.
#pragma once

#include <cstdint>

#include "agent/base/packed_text.h"

namespace fieldpost {

// Of a code that is not known, and of 0, for none: what to check first.
PackedText advice_for(std::int32_t code);

}  // namespace fieldpost
