// What local requests get: a message taken, the list, the status, a person's decision.
#include <algorithm>

#include "agent/agent.h"
#include "agent/outcome/table.h"

namespace fieldpost {
namespace {

// A cursor of the list counts history as the queue does, and live messages by their id above it.
constexpr std::uint64_t kLiveCursor = 1ull << 63;

// How much history one page may pass over before it is handed out unfilled: a look at a large
// store must not hold up a send.
constexpr std::size_t kLookedAtMax = 256;

}  // namespace

void Agent::on_ask(const Ask& ask) {
  if (answering_count_ == answering_.size()) make_durable();
  switch (ask.wish) {
    case Wish::take: return take(ask);
    case Wish::retry: return retry(ask);
    case Wish::drop: return drop(ask);
    case Wish::rows: rows(ask.query); break;
    case Wish::status: status(); break;
  }
  answer_now(ask, Refusal::none);
}

void Agent::answer_now(const Ask& ask, Refusal refusal) {
  told_.tag = ask.tag;
  told_.wish = ask.wish;
  told_.refusal = refusal;
  if (source_.tell(told_) != Status::ok) log_.line(LogLevel::debug, "nobody_listens");
  told_.row_count = 0;
}

void Agent::answer_later(const Ask& ask, MessageId id, State state) {
  answering_[answering_count_++] = {ask.tag, ask.wish, id, state};
}

void Agent::take(const Ask& ask) {
  const Result<MessageId> id = queue_.take(ask.message);
  if (!id.ok()) {
    answer_now(ask, id.status() == Status::full ? Refusal::queue_full : Refusal::storage);
    return;
  }
  log_.line("message")
      .key("id", id.value())
      .key("scenario", ask.message.scenario.view())
      .phone(ask.message.to.view())
      .key("state", to_text(State::queued));
  answer_later(ask, id.value(), State::queued);
}

// A held message goes again under its own id; one that has ended becomes a new message.
void Agent::retry(const Ask& ask) {
  MessageId id = ask.id;
  const Live* const live = queue_.find(id);
  if (live == nullptr) {
    MessageId fresh = 0;
    const Refusal refusal = retry_ended(id, fresh);
    if (refusal != Refusal::none) return answer_now(ask, refusal);
    return answer_later(ask, fresh, State::queued);
  }
  const bool doubtful = live->state == State::uncertain || live->reason == Reason::maybe_sent;
  if (doubtful && !ask.even_if_sent) return answer_now(ask, Refusal::maybe_sent);
  const auto next = next_state(live->state, Event::retry);
  if (!next.has_value()) return answer_now(ask, Refusal::wrong_state);
  Message& message = scratch_;
  Standing standing;
  const Status readable = queue_.read(id, message, standing);
  if (readable != Status::ok) return answer_now(ask, Refusal::storage);
  if (live->state != State::queued) {
    standing.state = *next;
    standing.reason = Reason::none;
    record(message, standing);
  }
  queue_.set_next_attempt(id, Instant{});
  answer_later(ask, id, *next);
}

Refusal Agent::retry_ended(MessageId id, MessageId& fresh) {
  Standing standing;
  switch (find_ended(id, scratch_, standing)) {
    case Status::ok: break;
    case Status::not_found: return Refusal::not_found;
    case Status::full:
    case Status::timeout:
    case Status::io:
    case Status::torn:
    case Status::corrupt:
    case Status::invalid:
    case Status::newer: return Refusal::storage;
  }
  if (standing.state != State::failed && standing.state != State::expired) {
    return Refusal::wrong_state;
  }
  if (queue_.find_text(id, scratch_) != Status::ok) return Refusal::text_gone;
  scratch_.retry_of = id;
  const Result<MessageId> taken = queue_.take(scratch_);
  if (!taken.ok()) {
    return taken.status() == Status::full ? Refusal::queue_full : Refusal::storage;
  }
  fresh = taken.value();
  return Refusal::none;
}

Status Agent::find_ended(MessageId id, Message& message, Standing& standing) {
  for (std::uint64_t cursor = 0;;) {
    TRY(queue_.next_ended(cursor, message, standing));
    if (message.id == id) return Status::ok;
  }
}

void Agent::drop(const Ask& ask) {
  const Live* const live = queue_.find(ask.id);
  Standing standing;
  if (live == nullptr) {
    const bool ended = find_ended(ask.id, scratch_, standing) == Status::ok;
    return answer_now(ask, ended ? Refusal::wrong_state : Refusal::not_found);
  }
  const auto next = next_state(live->state, Event::drop);
  if (!next.has_value()) return answer_now(ask, Refusal::wrong_state);
  // Even one whose text is damaged can be dropped: the numbers in the log are then missing.
  if (queue_.read(ask.id, scratch_, standing) != Status::ok) {
    scratch_ = Message{};
    scratch_.id = ask.id;
  }
  standing.state = *next;
  standing.reason = Reason::by_person;
  standing.ended = true;
  record(scratch_, standing);
  answer_later(ask, ask.id, *next);
}

void Agent::rows(const RowQuery& query) {
  told_.row_count = 0;
  told_.more = false;
  told_.cursor = query.cursor;
  if (query.only != 0) {
    const Live* const live = queue_.find(query.only);
    Standing standing;
    if (live != nullptr) {
      if (queue_.read(live->id, scratch_, standing) == Status::ok) add_row(query, standing, live);
    } else if (find_ended(query.only, scratch_, standing) == Status::ok) {
      add_row(query, standing, nullptr);
    }
    return;
  }
  Standing standing;
  for (std::size_t looked_at = 0; told_.cursor < kLiveCursor; ++looked_at) {
    if (told_.row_count == told_.rows.size() || looked_at == kLookedAtMax) {
      told_.more = true;
      return;
    }
    if (queue_.next_ended(told_.cursor, scratch_, standing) != Status::ok) {
      told_.cursor = kLiveCursor;
      break;
    }
    add_row(query, standing, nullptr);
  }
  for (const Live& live : queue_.live()) {
    if (live.id <= told_.cursor - kLiveCursor) continue;
    if (told_.row_count == told_.rows.size()) {
      told_.more = true;
      return;
    }
    told_.cursor = kLiveCursor + live.id;
    if (query.of_one_state && live.state != query.state) continue;
    if (queue_.read(live.id, scratch_, standing) == Status::ok) add_row(query, standing, &live);
  }
}

// `scratch_` holds the message of the row.
void Agent::add_row(const RowQuery& query, const Standing& standing, const Live* live) {
  if (query.of_one_state && standing.state != query.state) return;
  const Stamp now = clock_.stamp();
  Row& row = told_.rows[told_.row_count++];
  row.id = scratch_.id;
  row.scenario = scratch_.scenario;
  row.to = scratch_.to;
  row.language = scratch_.language;
  row.key = scratch_.key;
  row.topic = scratch_.topic;
  row.operator_name = scratch_.operator_name;
  row.source = scratch_.source;
  row.message_id = standing.message_id;
  row.detail = standing.detail;
  row.state = standing.state;
  row.reason = live != nullptr ? waiting_for(*live, now.at) : standing.reason;
  row.attempts = standing.attempts;
  row.retry_of = scratch_.retry_of;
  row.created = wall_time(scratch_.created, now);
  row.accepted_at = wall_time(standing.accepted_at, now);
  row.delivered_at = wall_time(standing.delivered_at, now);
  row.expires = UnixTime{};
  row.next_attempt = live != nullptr ? planned(next_attempt_at(*live, now.at)) : UnixTime{};
  row.code = standing.code;
}

Reason Agent::waiting_for(const Live& live, Instant now) const {
  if (live.state != State::queued) return live.reason;
  if (queue_.failed()) return Reason::storage;
  if (sending_ == Sending::configuration_rejected) return Reason::configuration_rejected;
  if (live.next_attempt > now) return live.reason;
  if (channel_.channel_reason() != Reason::none) return channel_.channel_reason();
  if (channel_.network_reason() != Reason::none) return channel_.network_reason();
  return waits_behind_another(live, now) ? Reason::recipient_order : Reason::none;
}

Instant Agent::next_attempt_at(const Live& live, Instant now) const {
  if (live.state != State::queued || !may_send()) return kNever;
  Instant at = std::max(live.next_attempt, now);
  if (channel_.pass(now) == Pass::closed) at = std::max(at, channel_.next_change(now));
  return at;
}

UnixTime Agent::planned(Instant at) const {
  const std::optional<UnixTime> wall = clock_.wall();
  if (at == kNever || !wall.has_value()) return UnixTime{};
  return UnixTime{wall->s + ((at - clock_.now()).ms + 999) / 1000};
}

void Agent::status() {
  StatusReport& report = told_.status;
  report = StatusReport{};
  const Stamp now = clock_.stamp();
  report.counts = queue_.ended_counts();
  Instant next = kNever;
  for (const Live& live : queue_.live()) {
    ++report.counts[static_cast<std::size_t>(live.state)];
    if (live.state == State::queued && report.oldest == 0) report.oldest = live.id;
    next = earlier(next, next_attempt_at(live, now.at));
  }
  Standing standing;
  if (report.oldest != 0 && queue_.read(report.oldest, scratch_, standing) == Status::ok) {
    report.oldest_created = wall_time(scratch_.created, now);
    report.oldest_age = age(scratch_.created, now);
  }
  report.network_known = channel_.network_known();
  report.network_up = report.network_known && channel_.network_reason() == Reason::none;
  report.network = channel_.network_reason();
  report.channel = channel_.channel_reason();
  MUST(report.detail.assign(channel_.detail()));
  report.next_attempt = planned(next);
  report.next_attempt_in = next == kNever ? Duration{kNever.ms} : next - now.at;
  const QueueUsage usage = queue_.usage();
  report.live = usage.live;
  report.live_max = usage.live_max;
  report.store_bytes = usage.region_bytes;
  report.store_used_bytes = usage.used_bytes;
  report.bytes_written = usage.bytes_written;
  report.syncs = usage.syncs;
  report.corrupt_units = usage.corrupt_units;
  report.torn_units = usage.torn_units;
  report.store_failed = usage.failed;
  report.store_volatile = settings_.queue.is_volatile;
  report.configuration_rejected = sending_ == Sending::configuration_rejected;
}

}  // namespace fieldpost
