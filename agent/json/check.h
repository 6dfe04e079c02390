// The strict check in front of cJSON, which takes leading zeros, raw control characters, bytes
// after a NUL, broken UTF-8 and keys that occur twice.
//
// What passes is one JSON text (RFC 8259) from the first byte to the last, with white space around
// it, and
//   - UTF-8 (RFC 3629) without a byte order mark, and no lone surrogate in escapes: else two
//     readers could see two texts;
//   - without U+0000, raw or escaped: cJSON's strings would end there;
//   - with every key once per object, compared by meaning ("a" is "\u0061");
//   - at most limits::json_depth_max arrays and objects deep: the check calls itself that deep;
//   - at most limits::json_open_keys_max keys in the objects that are open at the same time.
//
// The last rule bounds the search for duplicates without a heap: a key is compared with the keys of
// its own object only. Whatever the text, that is at most json_open_keys_max looks at each of its
// bytes; keys mostly differ in their first ones.
#pragma once

#include <cstddef>
#include <string_view>

#include "agent/base/packed_text.h"
#include "agent/base/status.h"

namespace fieldpost {

// Where the first fault is and what rule it breaks, in a few words: "missing comma".
struct JsonFault {
  std::size_t at = 0;  // bytes from the start of the text
  PackedText reason;
};

//   invalid: the text breaks a rule above; `fault` says which and where.
Status check_json(std::string_view text, JsonFault& fault);

// The line of a byte, from 1.
std::size_t line_of(std::string_view text, std::size_t at);

}  // namespace fieldpost
