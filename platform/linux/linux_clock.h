// The clocks of the kernel.
#pragma once

#include "agent/port/clock.h"
#include "agent/port/entropy.h"

namespace fieldpost {

class LinuxEntropy final : public Entropy {
 public:
  // Waits, early in a boot, until the kernel has gathered enough.
  Status fill(std::span<std::byte> out) override;
};

class LinuxClock final : public Clock {
 public:
  // Where the kernel has no boot id (no /proc), this start counts as a boot of its own: ages of
  // earlier messages are then unknown, never wrong.
  explicit LinuxClock(Entropy& entropy);

  Instant now() const override;
  std::optional<UnixTime> wall() const override;
  std::uint64_t boot() const override { return boot_; }

 private:
  std::uint64_t boot_ = 0;
};

}  // namespace fieldpost
