#include "agent/json/number.h"

#include <cstddef>
#include <cstdint>

namespace {

constexpr std::uint64_t kExactMax = std::uint64_t{1} << 53;  // a double holds every one up to here
constexpr int kFarthest = 100'000;  // exponents beyond it make no difference, but would overflow

bool is_digit(char c) { return c >= '0' && c <= '9'; }

// The digits of a number without its sign and point: `value` x 10^`exponent`.
struct Digits {
  std::uint64_t value = 0;
  int exponent = 0;
  bool too_many = false;  // what is not zero no longer fits

  void add(char digit, bool behind_point) {
    const auto number = static_cast<std::uint64_t>(digit - '0');
    if (number == 0) {
      // Zeros are counted, not multiplied: they may be all that follows.
      if (zeros_ < kFarthest) ++zeros_;
    } else {
      while (zeros_ > 0 && !too_many) {
        grow(0);
        --zeros_;
      }
      zeros_ = 0;
      grow(number);
    }
    if (behind_point && exponent > -kFarthest) --exponent;
  }

  // ±2^53 at most and whole, or false.
  bool whole() {
    if (too_many) return false;
    if (value == 0) return true;
    for (exponent += zeros_; exponent > 0; --exponent) {
      grow(0);
      if (too_many) return false;
    }
    return exponent == 0;
  }

 private:
  void grow(std::uint64_t digit) {
    value = value * 10 + digit;
    too_many = too_many || value > kExactMax;
    if (too_many) value = kExactMax;
  }

  int zeros_ = 0;
};

}  // namespace

extern "C" double fieldpost_json_number(const char* text, char** end) {
  const char* at = text;
  const bool negative = *at == '-';
  if (negative) ++at;
  *end = const_cast<char*>(text);  // strtod's signature, for a text that isn't written to
  if (!is_digit(*at)) return 0;
  Digits digits;
  for (; is_digit(*at); ++at) digits.add(*at, false);
  if (*at == '.') {
    for (++at; is_digit(*at); ++at) digits.add(*at, true);
  }
  if (*at == 'e' || *at == 'E') {
    ++at;
    const bool smaller = *at == '-';
    if (*at == '-' || *at == '+') ++at;
    int exponent = 0;
    for (; is_digit(*at); ++at) {
      if (exponent < kFarthest) exponent = exponent * 10 + (*at - '0');
    }
    digits.exponent += smaller ? -exponent : exponent;
  }
  *end = const_cast<char*>(at);
  double size = fieldpost::kNoInteger;
  if (digits.whole()) {
    // By halves: for 64 bits at once an FPU of 32 needs a library.
    size = static_cast<double>(static_cast<std::uint32_t>(digits.value >> 32)) * 4294967296.0 +
           static_cast<double>(static_cast<std::uint32_t>(digits.value));
  }
  return negative ? -size : size;
}
