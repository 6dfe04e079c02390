// Who gets no messages: by a person's word, or because the customer told WhatsApp so.
#include "agent/agent.h"
#include "agent/outcome/table.h"

namespace fieldpost {

// What waits ends with it; what may have left goes its way. The answer's `id` is how many ended.
void Agent::set_blocked(const Ask& ask) {
  const std::string_view number = ask.message.to.view();
  const Status status = queue_.set_blocked(number, ask.wish == Wish::block);
  if (status != Status::ok) {
    return answer_now(ask, status == Status::full ? Refusal::list_full : Refusal::storage);
  }
  answer_later(ask, drop_blocked(number), State::dropped);
}

// The next behind that id that has not ended and goes to the number; it is looked at then. 0: none.
MessageId Agent::next_to(std::string_view number, MessageId behind) {
  const std::uint32_t recipient = text_hash(number);
  for (const Live& live : queue_.live()) {
    if (live.id <= behind || live.recipient != recipient || live.ends_in_pending) continue;
    if (queue_.read(live.id, looked_at_, its_standing_) != Status::ok) continue;
    if (looked_at_.to == number) return live.id;
  }
  return 0;
}

// Ends all that would be sent to a blocked number; returns how many.
std::uint32_t Agent::drop_blocked(std::string_view number) {
  std::uint32_t dropped = 0;
  if (!queue_.is_blocked(number)) return dropped;
  for (MessageId id = 0; (id = next_to(number, id)) != 0;) {
    if (!may_expire(its_standing_.state, its_standing_.reason)) continue;
    record(looked_at_, its_standing_);
    ++dropped;
  }
  return dropped;
}

// Of a standing that is about to be recorded: what would wait for its next try ends instead, also
// where the number was blocked while it was being sent. WhatsApp's word blocks by itself.
void Agent::heed_opt_out(const Message& message, Standing& standing) {
  const std::string_view number = message.to.view();
  if (is_opt_out(standing) && queue_.set_blocked(number, true) == Status::full) {
    log_.line(LogLevel::warning, "not_blocked").phone(number).key("why", "the list is full");
  }
  if (standing.ended || !may_expire(standing.state, standing.reason)) return;
  if (!queue_.is_blocked(number)) return;
  standing.state = State::dropped;
  standing.reason = Reason::opted_out;
  standing.ended = true;
}

}  // namespace fieldpost
