// A message that is handed in: a new one, or one that we have already; and what a new one makes of
// older ones on its topic.
#include "agent/agent.h"
#include "agent/desk/relay.h"
#include "agent/outcome/table.h"

namespace fieldpost {
namespace {

// Never one that the customer may have, or may be getting.
bool may_be_superseded(const Standing& standing) {
  return standing.reason != Reason::maybe_sent && next_state(standing.state, Event::supersede);
}

void supersede(Standing& standing) {
  standing.state = State::superseded;
  standing.reason = Reason::newer_topic;
  standing.ended = true;
}

}  // namespace

void Agent::take(const Ask& ask) {
  const Message& message = ask.message;
  // Whoever lost our answer asks again. It gets the same one, and when that is as true as then:
  // after the commit.
  if (const Same same = queue_.same_as(message); same.id != 0) {
    if (same.conflict) {
      make_durable();  // its key must have been used for good
      return answer_now(ask, queue_.failed() ? Refusal::storage : Refusal::conflict);
    }
    return answer_later(ask, same.id, same.state, true);
  }
  if (queue_.is_blocked(message.to.view())) return answer_now(ask, Refusal::blocked);
  if (share_is_full(ask, message.source.view())) return answer_now(ask, Refusal::share_full);
  // The older one goes with the commit that brings the newer one. What is pending already might
  // leave no room for both; then too the newer one comes first.
  const bool supersedes = supersede_older(message, 0);
  if (supersedes && queue_.pending()) make_durable();
  Result<MessageId> id = queue_.take(message);
  while (id.status() == Status::full && make_room()) id = queue_.take(message);
  if (!id.ok()) return refuse_take(ask, id.status());
  log_message(id.value(), message, Standing{});
  if (supersedes) supersede_older(message, id.value());
  answer_later(ask, id.value(), State::queued);
}

// What is only tracked does not count: it makes room for whatever comes.
bool Agent::share_is_full(const Ask& ask, std::string_view source) const {
  if (ask.share_percent == 0) return false;
  const std::uint32_t hash = text_hash(source) & kSourceBits;
  std::uint64_t messages = 1, bytes = 0;
  for (const Live& live : queue_.live()) {
    if (live.source != hash || is_tracked(live)) continue;
    ++messages;
    bytes += Queue::used_by(live);
  }
  const QueueUsage usage = queue_.usage();
  const std::uint64_t share = ask.share_percent;
  return messages * 100 > usage.live_max * share || bytes * 100 >= usage.room_bytes * share;
}

void Agent::refuse_take(const Ask& ask, Status why) {
  // It counts as full, too, where the store failed while room was being made.
  const bool full = why == Status::full && !queue_.failed();
  answer_now(ask, full ? Refusal::queue_full : Refusal::storage);
}

// As next_to(), on the same topic. Where apps are told apart, each has topics of its own, as it has
// keys; a relay's are in any case.
MessageId Agent::next_on_topic(const Message& one, MessageId behind) {
  if (one.topic.empty()) return 0;
  const bool apps = settings_.intake.allow.count + settings_.intake.apps.count != 0;
  const auto apart = [&](std::string_view a, std::string_view b) {
    return a != b && (apps || a.starts_with(kRelayed) || b.starts_with(kRelayed));
  };
  do {
    behind = next_to(one.to.view(), behind);
  } while (behind != 0 && (looked_at_.topic.view() != one.topic.view() ||
                           apart(looked_at_.source.view(), one.source.view())));
  return behind;
}

// Whether there is any to supersede; ends them where the newer one has its id.
bool Agent::supersede_older(const Message& message, MessageId newer) {
  bool any = false;
  for (MessageId id = 0; (id = next_on_topic(message, id)) != 0 && id != newer;) {
    if (!may_be_superseded(its_standing_)) continue;
    any = true;
    if (newer == 0) break;
    supersede(its_standing_);
    record(looked_at_, its_standing_);
  }
  return any;
}

// The message under way was not sent: a newer one may have come on its topic meanwhile.
void Agent::yield_to_newer() {
  if (may_be_superseded(standing_) && next_on_topic(message_, message_.id) != 0) {
    supersede(standing_);
  }
}

}  // namespace fieldpost
