// What may have reached the customer is looked up in the history of the chat until its patience is
// over; what is in doubt still then goes by the scenario's rule. An empty history proves nothing.
#include <algorithm>

#include "agent/agent.h"
#include "agent/composer/composer.h"
#include "agent/outcome/table.h"

namespace fieldpost {
namespace {

// What the API's clock and ours may differ by.
constexpr Duration kClockTolerance = 2_min;

// Between two look-ups at least; then as long as the doubt is old.
constexpr Duration kLookUpWait = 5_s;

constexpr Duration kLookUpWaitMax = 1_h;

// How much longer a look-up is tried that gets no answer.
constexpr Duration kAwayMax = 24_h;

// A doubtful one is not sent more often than that by itself.
constexpr std::uint16_t kSendsMax = 3;

// Where nothing was recorded since it was taken, damage made the doubt.
const Stamp& since_when(const Message& message, const Standing& standing) {
  return standing.changed.empty() ? message.created : standing.changed;
}

}  // namespace

// One that has just arisen, or was found at start, is due at once: the wait of the channel passes
// first. One look-up is owed to each, even where its patience ended while nothing could be asked.
const Live* Agent::due_doubt(Pass pass, Instant now) const {
  if (pass == Pass::closed) return nullptr;
  for (const Live& one : queue_.live()) {
    if (one.state == State::uncertain && one.next_attempt <= now) return &one;
  }
  return nullptr;
}

bool Agent::begin_look_up(Pass pass, Instant now) {
  const Live* const doubt = due_doubt(pass, now);
  if (doubt == nullptr) return false;
  const MessageId id = doubt->id;
  Status readable = queue_.read(id, message_, standing_);
  if (readable == Status::ok) {
    const Stamp at = clock_.stamp();
    const std::uint64_t since = wall_time(since_when(message_, standing_), at).s;
    // The doubt arose when an answer failed to come: the send began earlier.
    const std::uint64_t before = (settings_.api.answer_timeout.ms + kClockTolerance.ms) / 1000;
    const std::uint64_t until = at.wall.s + kClockTolerance.ms / 1000;
    // Without a time nothing can be found; an empty window finds nothing.
    const Wanted wanted{message_.to.view(),
                        {since > before ? since - before : 0},
                        {since > before ? until : 0},
                        &message_.values};
    readable = compose_look_up(settings_.api.channel.view(), wanted, request_);
  }
  if (readable != Status::ok) {
    hold_unreadable(id, Reason::maybe_sent);
    return false;
  }
  exchange_.stage = Stage::begun;
  return true;
}

void Agent::settle_look_up(const Answer& answer, Instant now) {
  if (answer.reached != Reached::all_of_it) return;
  if (answer.http == 429) shut_out(Reason::rate_limited, answer, now);
  const Live* const live = queue_.find(message_.id);
  if (live == nullptr || live->state != State::uncertain) return;  // a person has decided

  const Stamp at = clock_.stamp();
  const Stamp& since = since_when(message_, standing_);
  const Duration old = age_at_least(since, at);
  // Before it is sent again for want of an answer, the API has longer to give one.
  const bool away = message_.on_uncertain == OnUncertain::resend &&
                    (answer.http == 0 || answer.http == 429 || answer.http >= 500);
  const Duration patience{settings_.uncertain.patience.ms + (away ? kAwayMax.ms : 0)};
  Event event = message_.on_uncertain == OnUncertain::resend ? Event::retry : Event::hold;
  if (answer.sent && can_only_be(*live, answer)) {
    event = Event::accept;
    accept(answer, stamp_by_api(answer.time, since, at));
  } else if (old < patience) {
    const Duration left{patience.ms - old.ms};
    queue_.set_next_attempt(
        live->id, now + std::min(std::min(std::max(old, kLookUpWait), left), kLookUpWaitMax));
    return;
  }
  // A gateway that passes on and does not answer must not pour out copies; and what may be with the
  // customer does not expire.
  const bool too_often = standing_.attempts >= kSendsMax;
  if (event == Event::retry && (too_often || queue_.expires_at(*live) <= now)) event = Event::hold;
  const auto next = next_state(State::uncertain, event);
  ASSERT(next.has_value());
  standing_.state = *next;
  standing_.reason = event == Event::hold ? Reason::maybe_sent : Reason::none;
  if (event == Event::retry) yield_to_newer();
  queue_.set_next_attempt(live->id, Instant{});
  record(message_, standing_);
  if (event == Event::accept) take_early_news();
}

// Whether what was found can be no other message of ours. A window that begins too early, because
// the clock stood back then, holds messages whose ids the log has forgotten: nobody can tell those
// from this one.
bool Agent::can_only_be(const Live& doubtful, const Answer& found) {
  const std::string_view message_id = found.message_id.view();
  for (const Live& other : queue_.live()) {
    if (other.id == doubtful.id) continue;
    if (other.state == State::uncertain && other.recipient == doubtful.recipient) return false;
    if (other.state < State::accepted) continue;
    if (queue_.read(other.id, looked_at_, its_standing_) != Status::ok) return false;
    if (its_standing_.message_id == message_id) return false;
  }
  std::uint64_t known = queue_.live().size();
  MessageId newest = queue_.live().back().id;
  UnixTime remembers_from{};
  for (std::uint64_t cursor = 0; queue_.next_ended(cursor, looked_at_, its_standing_) == Status::ok;
       ++known) {
    if (its_standing_.message_id == message_id) return false;
    if (remembers_from.s == 0) remembers_from = its_standing_.changed.wall;
    newest = std::max(newest, looked_at_.id);
  }
  return known >= newest || found.time >= remembers_from;
}

// Without an id nobody can ask what becomes of it.
void Agent::accept(const Answer& answer, const Stamp& at) {
  standing_.ended = is_last_word(State::accepted) || answer.message_id.empty();
  queue_.set_next_attempt(message_.id, Instant{});
  standing_.accepted_at = at;
  standing_.message_id = answer.message_id;
  standing_.code = 0;
  standing_.detail.clear();
}

}  // namespace fieldpost
