// Cuts a history at each of its writes, erases and syncs, recovers, checks, goes on and cuts again.
#pragma once

#include <cstdint>
#include <random>
#include <string>
#include <unordered_set>

#include "tests/campaign/history.h"
#include "tests/campaign/model.h"
#include "tests/campaign/recovery.h"

namespace fieldpost::campaign {

enum class Fault {
  cut,  // each unsynced unit kept, lost or torn
  all_torn,
  all_lost,
  all_kept,
  unreadable_tip,  // a cut; the newest commit cannot be read, until later it can
  failure,         // a write, erase or sync fails after the recovery
  read_only,       // the device can only be read, for one start
  rot,             // a byte of old changes
  unreadable_old,  // bytes of old cannot be read, until later they can
  scribble,        // any bytes anywhere
};
inline constexpr std::uint32_t kFaults = static_cast<std::uint32_t>(Fault::scribble) + 1;

class Campaign {
 public:
  // Lives one history with all its crashes. Everything in it follows from the seed. Returns what is
  // wrong, and where, or nothing.
  std::string run(std::uint64_t seed);

  std::uint64_t states() const { return states_.size(); }  // distinct images recovered from
  std::uint64_t crashes() const { return crashes_; }

 private:
  struct Crash {
    FakeFlash flash;
    Model model;
    Fault fault;
    std::uint64_t seed;
    int depth;  // so often it may be cut again
  };

  std::string live_on(std::uint64_t seed, FakeFlash& flash);
  std::string live_on_liar(std::uint64_t seed, FakeFlash& flash);
  Fault choose_fault(std::mt19937_64& random, const FakeFlash& flash, bool nested) const;
  std::string crash(const FakeFlash& flash, const Model& model, Fault fault, std::uint64_t seed,
                    int depth);
  std::string survive(Crash& crash);
  std::string go_on(Crash& crash, Recovered& now, History& history);
  std::string fail_later(Crash& crash, Recovered& now, History& history);
  std::string recover_again(Crash& crash, Recovered& now);
  std::string start_again(Crash& crash, Recovered& now);
  std::string hurt(Crash& crash);
  void count(const FakeFlash& flash);

  FakeClock clock_;
  std::unordered_set<std::uint64_t> states_;
  std::uint64_t crashes_ = 0;
};

}  // namespace fieldpost::campaign
