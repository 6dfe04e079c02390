// How long to wait before trying again. Policy is arithmetic: no object, no clock, no randomness;
// the caller brings the spread.
#pragma once

#include <algorithm>
#include <cstdint>

#include "agent/base/time.h"

namespace fieldpost {

// Waits double with each attempt and stop growing at `cap`: half of each is fixed, half random.
// `spread` is 0..255 from the entropy source: devices that lost the network together must not come
// back together, at the cap as little as before it.
constexpr Duration retry_after(std::uint32_t attempt, Duration first, Duration cap,
                               std::uint8_t spread) {
  Duration wait = std::min(first, cap);
  for (std::uint32_t i = 0; i < attempt && wait < cap; ++i) {
    wait = Duration{std::min(wait.ms * 2, cap.ms)};
  }
  const std::uint64_t half = wait.ms / 2;
  return Duration{half + half * spread / 255};
}

static_assert(retry_after(0, 2_s, 1_h, 0) == 1_s);
static_assert(retry_after(0, 2_s, 1_h, 255) == 2_s);
static_assert(retry_after(3, 2_s, 1_h, 255) == 16_s);
static_assert(retry_after(1'000'000, 2_s, 1_h, 255) <= 1_h);
static_assert(retry_after(1'000'000, 2_s, 1_h, 0) == 30_min);
static_assert(retry_after(7, 0_s, 0_s, 255) == 0_s);

// A server that asks for patience gets it, within reason: it must not switch a device off.
inline constexpr Duration kRetryAfterMax = 1_h;

}  // namespace fieldpost
