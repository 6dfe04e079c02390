// What a queue has promised: each message that it acknowledged, and the states in which a recovery
// may find it.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "agent/queue/queue.h"

namespace fieldpost::campaign {

// All that a message says follows from these two.
struct Content {
  std::uint32_t number = 0;
  std::uint32_t value_bytes = 0;
};
Message message_of(Content content);

// A few are blocked and unblocked.
inline constexpr std::uint32_t kNumbers = 8;
std::string number_of(std::uint32_t number);

struct Fact {
  State state = State::queued;
  bool ended = false;
};

class Model {
 public:
  // What was put into the pending commit; it counts from acknowledge() on.
  void take(MessageId id, Content content);
  void record(MessageId id, Fact fact);
  void block(std::uint32_t number, bool on);
  void acknowledge();

  // Bytes that had been promised were damaged: what was lost must then be counted, and nothing that
  // may have left may look as if it had not.
  void damage() { damaged_ = true; }
  bool damaged() const { return damaged_; }
  // The newest commit cannot be read for a time. A recovery steps over it, but until the next one is
  // durable, and says so, it may be back: then what was true before that recovery is true again.
  // Nothing was acknowledged in between, so nobody was told otherwise.
  void hide_tip() { before_ = std::make_shared<const Model>(*this); }

  // Holds a queue that has just recovered against what it had promised. What it shows is the truth
  // from then on. Returns what is wrong, or nothing.
  std::string settle(Queue& queue, const RecoveryReport& report);

  std::size_t in_progress() const { return tracks_.size(); }
  bool knows(MessageId id) const;

 private:
  struct Track {
    Content content;
    std::optional<Fact> known;  // acknowledged
    std::vector<Fact> pending;  // one of them may have become durable besides
    bool doubted = false;       // was queued, and shows otherwise only while damage hides that
    bool hidden = false;        // by damage, for now; seen again, it must be what it was
  };

  void keep_key(MessageId id, Content content);
  bool tip_is_back(const Queue& queue) const;
  std::string settle_keys(const Queue& queue);
  std::string settle_blocked(const Queue& queue);
  std::string settle_as_known(Queue& queue, const RecoveryReport& report);
  std::string settle_live(Queue& queue, const Live& live);
  std::string settle_gone(const Queue& queue);
  std::string check_history(Queue& queue) const;
  bool allows(const Track& track, State found) const;
  bool may_be_gone(const Track& track) const;

  std::map<MessageId, Track> tracks_;  // in progress, as far as is known
  std::map<MessageId, State> ended_;   // acknowledged as ended
  std::map<MessageId, Content> keys_;  // the newest kKeys that were acknowledged
  // Of each number what was acknowledged, and what may be true besides.
  std::map<std::uint32_t, bool> blocked_, maybe_blocked_;
  bool damaged_ = false;
  bool loss_counted_ = false;
  std::shared_ptr<const Model> before_;  // while the tip is hidden
};

}  // namespace fieldpost::campaign
