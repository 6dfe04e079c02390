// Time for many devices and one API: nothing happens but what was put into the calendar, and the
// hours between cost nothing.
#pragma once

#include <algorithm>
#include <cstdint>
#include <functional>
#include <map>
#include <random>
#include <utility>

#include "agent/base/time.h"

namespace fieldpost::world {

class World {
 public:
  explicit World(std::uint64_t seed) : random_(seed) {}

  Instant now() const { return now_; }
  void at(Instant when, std::function<void()> what) {
    calendar_.emplace(std::max(when, now_), std::move(what));
  }
  void in(Duration wait, std::function<void()> what) { at(now_ + wait, std::move(what)); }

  // Lets happen what is due until then.
  void run_until(Instant end) {
    while (!calendar_.empty() && calendar_.begin()->first <= end) {
      auto next = calendar_.extract(calendar_.begin());
      now_ = next.key();
      next.mapped()();
    }
    now_ = end;
  }

  std::uint64_t below(std::uint64_t bound) { return random_() % bound; }
  bool one_in(std::uint64_t n) { return below(n) == 0; }
  // The wait for the next of events that know nothing of each other.
  Duration wait_for_one_in(Duration mean) {
    return Duration{static_cast<std::uint64_t>(
        std::exponential_distribution<double>(1.0 / static_cast<double>(mean.ms))(random_))};
  }
  std::mt19937_64& random() { return random_; }

 private:
  Instant now_{1'000};
  std::multimap<Instant, std::function<void()>> calendar_;  // of one moment: in the order put in
  std::mt19937_64 random_;
};

}  // namespace fieldpost::world
