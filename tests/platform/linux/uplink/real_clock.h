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
    return {static_cast<std::uint64_t>(time.tv_sec) * 1000 +
            static_cast<std::uint64_t>(time.tv_nsec) / 1'000'000};
  }
  std::optional<UnixTime> wall() const override {
    if (unset) return std::nullopt;
    return UnixTime{static_cast<std::uint64_t>(::time(nullptr))};
  }
  std::uint64_t boot() const override { return 1; }
  Deadline in(Duration wait) const { return {now() + wait}; }

  bool unset = false;
};

class RealEntropy final : public Entropy {
 public:
  Status fill(std::span<std::byte> out) override {
    return ::getrandom(out.data(), out.size(), 0) == static_cast<ssize_t>(out.size()) ? Status::ok
                                                                                      : Status::io;
  }
};

}  // namespace fieldpost
