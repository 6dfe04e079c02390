// The years of a kiosk on one region: what the keeper writes as messages come in, leave and are
// accepted, day after day, with a power cut now and then.
//
// As the keeper does it: what happened since the last commit is committed together, once, before
// anybody is told and before a byte leaves. So with a connection that is kept, the answer to one
// message and the start of the next share a commit.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <random>
#include <string>

#include "agent/queue/queue.h"
#include "tests/bench/worn_flash.h"
#include "tests/fakes/fake_clock.h"

namespace fieldpost::bench {

class Years {
 public:
  Years(const FlashGeometry& geometry, std::uint64_t seed);

  // One day, of up to some hundred messages. Returns what is wrong, or nothing.
  std::string live_a_day();
  // Ends everything that is in progress, and looks whether all that was taken has ended.
  std::string retire();

  std::uint64_t taken() const { return taken_; }
  std::uint64_t commits() const { return commits_; }
  std::uint64_t power_cuts() const { return power_cuts_; }
  const WornFlash& flash() const { return flash_; }
  std::uint32_t laps() const { return queue_->usage().begun_most - 1; }

 private:
  struct Track {
    std::uint64_t number = 0;  // of its letter
    State state = State::queued;
  };

  void one_at_a_time(std::uint32_t letters, bool connection_is_kept);
  void away(std::uint32_t letters);
  void drain();
  bool take();
  void begin();
  void answer();
  void decide_on_a_held_one();
  void change(MessageId id, const Standing& standing);
  void commit();
  void lose_power();
  void open();
  void compare();
  void fail(const std::string& what);
  std::uint32_t below(std::uint32_t bound) { return static_cast<std::uint32_t>(random_() % bound); }

  WornFlash flash_;
  FakeClock clock_;
  std::mt19937_64 random_;
  std::unique_ptr<Queue> queue_;
  std::map<MessageId, Track> tracks_;  // what the queue has promised, and not ended yet
  MessageId out_ = 0;                  // the message that has left and is not answered, 0 = none
  std::uint32_t held_ = 0;
  std::uint64_t taken_ = 0, ended_ = 0, commits_ = 0, power_cuts_ = 0;
  std::string wrong_;
};

}  // namespace fieldpost::bench
