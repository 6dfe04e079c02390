// Numbers for cJSON, in place of the libc's strtod(3): 6 kB of the program that read fractions and
// exponents to the last bit, of which JsonView shows nothing.
#pragma once

namespace fieldpost {

// What a whole number beyond ±2^53 and every fraction is read as: a number, but no integer of ours.
inline constexpr double kNoInteger = 1e300;

}  // namespace fieldpost

// Reads the JSON number (RFC 8259, 6) that `text` begins with and sets `*end` behind it, or to `text`
// where there is none. Whole numbers between -2^53 and 2^53 are exact however they are written, as
// 100, 1e2 or 100.0; all others are kNoInteger. cJSON is compiled to call this by its name.
extern "C" double fieldpost_json_number(const char* text, char** end);
