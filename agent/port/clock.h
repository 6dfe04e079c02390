// What a device must provide: time.
#pragma once

#include <optional>

#include "agent/base/time.h"

namespace fieldpost {

class Clock {
 public:
  virtual Instant now() const = 0;
  // Empty until someone has set the time: before the program's own build date it cannot be right.
  virtual std::optional<UnixTime> wall() const = 0;
  // A number of this boot, never 0: stamps of two boots cannot be compared by `Instant`.
  virtual std::uint64_t boot() const = 0;

  Stamp stamp() const { return {boot(), now(), wall().value_or(UnixTime{})}; }

 protected:
  ~Clock() = default;  // clocks live in static storage and are never deleted through this type
};

}  // namespace fieldpost
