// A clock that moves only when a test tells it to.
#pragma once

#include <cstdint>
#include <optional>

#include "agent/port/clock.h"

namespace fieldpost {

class FakeClock final : public Clock {
 public:
  Instant now() const override { return now_; }
  std::optional<UnixTime> wall() const override { return wall_; }
  std::uint64_t boot() const override { return boot_; }

  // Both clocks go on, as on a device.
  void advance(Duration passed) {
    now_.ms += passed.ms;
    unseen_ms_ += passed.ms % 1000;
    if (wall_.has_value()) wall_->s += passed.ms / 1000 + unseen_ms_ / 1000;
    unseen_ms_ %= 1000;
  }
  void advance_to(Instant at) {
    if (at > now_) advance(at - now_);
  }

  // Somebody sets, steps or loses the wall clock; the other one does not notice.
  void set_wall(UnixTime time) { wall_ = time; }
  void unset_wall() { wall_.reset(); }

  // A new boot: `now` starts over. The wall clock is kept by a battery, or it is unset.
  void reboot(bool battery = true) {
    ++boot_;
    now_ = Instant{1};
    if (!battery) wall_.reset();
  }

 private:
  Instant now_{1'000};
  std::uint64_t unseen_ms_ = 0;  // what whole seconds of wall time have not shown yet
  std::optional<UnixTime> wall_ = UnixTime{1'795'000'000};  // November 2026
  std::uint64_t boot_ = 1;
};

}  // namespace fieldpost
