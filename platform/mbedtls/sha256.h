// Sums of secrets, so that nobody has to keep the secrets themselves.
#pragma once

#include <cstddef>
#include <span>
#include <string_view>

#include "agent/base/text_writer.h"

namespace fieldpost {

// The SHA-256 of `text` in hexadecimal: 64 digits.
void put_sha256(TextWriter& out, std::string_view text);

// RFC 4648, 5: base64 for URLs and file names, without = at the end.
void put_base64url(TextWriter& out, std::span<const std::byte> bytes);

}  // namespace fieldpost
