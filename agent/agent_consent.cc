// Who gets no messages, by a person's word or because the customer told WhatsApp so; and who is
// forgotten, by a person's word or because time has passed.
#include <algorithm>

#include "agent/agent.h"
#include "agent/outcome/table.h"

namespace fieldpost {
namespace {

constexpr Duration kDay = 24_h, kLookForOldEvery = 1_h;

}  // namespace

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

// All of it ends before it is erased: what waits is dropped, what is only asked for ends as it is. The
// answer comes when the last segment is clean.
void Agent::forget(const Ask& ask) {
  if (queue_.erasing()) return answer_now(ask, Refusal::busy);
  const std::string_view number = ask.message.to.view();
  forgotten_ = {ask.tag, 0};
  for (MessageId id = 0; (id = next_to(number, id)) != 0;) {
    if (its_standing_.state == State::sending) return answer_now(ask, Refusal::busy);
    if (const auto dropped = next_state(its_standing_.state, Event::drop)) {
      its_standing_.state = *dropped;
      its_standing_.reason = Reason::by_person;
      ++forgotten_.dropped;
    }
    its_standing_.ended = true;
    record(looked_at_, its_standing_);
  }
  make_durable();
  if (queue_.failed()) return answer_now(ask, Refusal::storage);
  forgetting_ = true;
  queue_.begin_erasing(number, {});
}

// Starts to erase what is old, at most once a day; goes on with what is being erased, a segment a
// turn. Returns when to be called again.
Instant Agent::erase(Instant now) {
  const bool looks = sending_ != Sending::off && settings_.personal_for.ms != 0 &&
                     !queue_.failed() && !queue_.erasing();
  if (looks && !forgetting_ && now >= look_for_old_at_) {
    // Numbers and texts are erased by the segment: none may hold those of more than a day, or the
    // region would hold too few days.
    const Duration span{std::max(kDay.ms, 2 * settings_.personal_for.ms / queue_.segments())};
    const bool begun = queue_.leave_old_head(span) == Status::ok &&
                       queue_.begin_erasing("", settings_.personal_for);
    look_for_old_at_ = now + (begun ? kDay : kLookForOldEvery);
    if (queue_.pending()) return now;
  }
  if (!forgetting_ && !queue_.erasing()) {
    return looks && queue_.tells_of_anybody() ? look_for_old_at_ : kNever;
  }
  const Status status = queue_.erase_some();
  if (status == Status::ok) return now;
  if (forgetting_) {
    forgetting_ = false;
    told_.id = forgotten_.dropped;
    tell(forgotten_.tag, Wish::forget,
         status == Status::not_found ? Refusal::none : Refusal::storage);
  }
  return now;
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
