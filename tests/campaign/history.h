// What happens to a queue: an app hands in, the keeper sends, the API answers, people decide. All
// of it follows from a seed, so that it can be told again.
#pragma once

#include <cstdint>
#include <random>
#include <string>

#include "agent/queue/queue.h"
#include "tests/campaign/model.h"

namespace fieldpost::campaign {

// Which life a device leads; weights are shares of 100.
struct Character {
  const char* name;
  std::uint32_t takes;          // at most so many between two commits
  std::uint32_t changes;        // the same
  std::uint32_t live_max;       // no takes beyond it
  std::uint32_t value_bytes;    // of a message, at most
  std::uint32_t detail_bytes;   // of a standing, at most
  std::uint32_t commits_often;  // a commit after each single step
};
const Character& character_of(std::uint64_t seed);

class History {
 public:
  History(Queue& queue, Model& model, std::uint64_t seed);

  // Takes and changes, and one commit. False: the store has failed, or something is wrong.
  bool step();
  // Ends all that is in progress with the longest words: there must be room for them.
  bool drain();

  const std::string& wrong() const { return wrong_; }

 private:
  void take();
  void block();
  void change();
  void change(const Live& live, Standing next);
  bool erase();
  bool commit();
  std::uint32_t below(std::uint32_t end) { return static_cast<std::uint32_t>(random_() % end); }

  Queue& queue_;
  Model& model_;
  const Character& character_;
  std::mt19937_64 random_;
  bool filling_ = true;  // of a full life: it fills up, drains, and fills up again
  std::string wrong_;
};

}  // namespace fieldpost::campaign
