// Scenarios whose template the API has refused: what is wrong with a template is wrong for every
// message of its scenario, and for no other.
//
//   well ──refused──▶ waiting ──wait──▶ GET /templates ──good, or not to be read──▶ trying
//   trying ──refused──▶ waiting, longer         trying ──one is accepted──▶ well
//
// In memory only: a restart forgets it, which costs one more refusal, and is how a person who has
// mended the template has it tried at once.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

#include "agent/base/time.h"
#include "agent/message/message.h"
#include "config/limits.h"

namespace fieldpost {

struct ScenarioHold {
  std::uint32_t scenario = 0;  // text_hash of its id
  enum class Stage : std::uint8_t { well, waiting, trying };
  Stage stage = Stage::well;
  Reason why = Reason::none;
  std::uint16_t tries = 0;
  std::uint16_t offset = 0;  // in the list of templates: what is before it has been read
  Instant until;             // the end of the wait
  // Refused last. A newer one goes first where there is one: the fault may be that of this message,
  // and of those before it. It was, if it is refused again after another was accepted.
  MessageId culprit = 0;

  // The list is to be asked for.
  bool is_due(Instant now) const { return stage == Stage::waiting && until <= now; }
  // Until when this message waits for it.
  Instant wait_of(MessageId id) const {
    return stage == Stage::waiting || (stage == Stage::trying && id <= culprit) ? until : Instant{};
  }
  bool is_its_own_fault(MessageId id) const { return stage == Stage::well && id <= culprit; }
  void accepted() { stage = Stage::well, tries = 0; }
  void wait(Duration cap, Instant now, std::uint8_t dice);
  void try_again(Instant now);
};

class ScenarioHolds {
 public:
  // nullptr: it has never been refused.
  ScenarioHold* find(std::uint32_t scenario);
  const ScenarioHold* find(std::uint32_t scenario) const {
    return const_cast<ScenarioHolds*>(this)->find(scenario);
  }
  // nullptr: more scenarios than can be configured.
  ScenarioHold* add(std::uint32_t scenario);

 private:
  std::size_t count_ = 0;
  std::array<ScenarioHold, limits::scenarios_max> holds_;
};

}  // namespace fieldpost
