// Base64 as headers have it (RFC 4648, 4).
#pragma once

#include <cstddef>
#include <span>
#include <string_view>

#include "agent/base/text_writer.h"

namespace fieldpost {

// False: it is none, or has bits behind its end; what was written then means nothing. Where there is
// too little room `out` has overflowed.
bool put_decoded_base64(TextWriter& out, std::string_view text);

// So many bits of `bytes` to each digit; what is missing from the last one is 0.
void put_digits(TextWriter& out, std::span<const std::byte> bytes, unsigned int bits,
                const char* digits);
void put_base64(TextWriter& out, std::string_view bytes);

}  // namespace fieldpost
