// Real time, for tests that use real sockets.
#pragma once

#include <sys/random.h>
#include <time.h>

#include "agent/port/clock.h"
#include "agent/port/entropy.h"

namespace fieldpost {

class RealClock final : public Clock {
 public:
  Instant now() const override {
    timespec time{};
    ::clock_gettime(CLOCK_BOOTTIME, &time);
    return Instant{static_cast<std::uint64_t>(time.tv_sec) * 1000 +
                   static_cast<std::uint64_t>(time.tv_nsec) / 1'000'000} +
           ahead;
  }
  std::optional<UnixTime> wall() const override {
    if (unset) return std::nullopt;
    return UnixTime{static_cast<std::uint64_t>(::time(nullptr)) + wall_ahead_s};
  }
  std::uint64_t boot() const override { return 1; }
  Deadline in(Duration wait) const { return {now() + wait}; }

  bool unset = false;
  Duration ahead;  // of real time: what has passed without anybody waiting for it
  std::uint64_t wall_ahead_s = 0;
};

class RealEntropy final : public Entropy {
 public:
  Status fill(std::span<std::byte> out) override {
    return ::getrandom(out.data(), out.size(), 0) == static_cast<ssize_t>(out.size()) ? Status::ok
                                                                                      : Status::io;
  }
};

}  // namespace fieldpost
