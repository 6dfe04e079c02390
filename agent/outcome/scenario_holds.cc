#include "agent/outcome/scenario_holds.h"

#include <algorithm>

#include "agent/outcome/retry.h"

namespace fieldpost {
namespace {

// Templates are looked at by people, and not every few seconds.
constexpr Duration kWaitMin = 1_min;

}  // namespace

void ScenarioHold::wait(Duration cap, Instant now, std::uint8_t dice) {
  stage = Stage::waiting;
  offset = 0;
  until = now + std::max(kWaitMin, retry_after(tries++, Duration{2 * kWaitMin.ms}, cap, dice));
}

void ScenarioHold::try_again(Instant now) {
  stage = Stage::trying;
  until = now + kWaitMin;
}

ScenarioHold* ScenarioHolds::find(std::uint32_t scenario) {
  for (std::size_t i = 0; i < count_; ++i) {
    if (holds_[i].scenario == scenario) return &holds_[i];
  }
  return nullptr;
}

ScenarioHold* ScenarioHolds::add(std::uint32_t scenario) {
  if (ScenarioHold* const known = find(scenario)) return known;
  if (count_ == holds_.size()) return nullptr;
  holds_[count_].scenario = scenario;
  return &holds_[count_++];
}

}  // namespace fieldpost
