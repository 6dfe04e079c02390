// What is to be erased from the region's bytes, and how far that is.
#pragma once

#include <cstdint>

#include "agent/base/fixed_text.h"
#include "agent/base/time.h"
#include "config/limits.h"

namespace fieldpost {

struct Erasing {
  enum class Stage : std::uint8_t {
    none,
    ground,  // the free segments, so that nothing is written onto what remains there
    log,     // segment after segment of it
  };
  Stage stage = Stage::none;
  FixedText<limits::phone_digits_max> number;  // what is told of it; empty: what is older than that
  Duration older;
  std::uint32_t until_run = 0;  // the last segment that is written anew
};

}  // namespace fieldpost
