// What local requests get: a message taken, the list, the status, a person's decision.
#include <algorithm>

#include "agent/agent.h"
#include "agent/outcome/table.h"

namespace fieldpost {

void Agent::on_ask(const Ask& ask) {
  if (answering_count_ == answering_.size()) make_durable();
  switch (ask.wish) {
    case Wish::take: return take(ask);
    case Wish::retry:
    case Wish::drop: return decide(ask);
    case Wish::pause:
    case Wish::resume: return set_paused(ask);
    case Wish::block:
    case Wish::unblock: return set_blocked(ask);
    case Wish::forget: return forget(ask);
    case Wish::rows: rows(ask.query); break;
    case Wish::status: status(); break;
    case Wish::events: events(ask.query); break;
  }
  answer_now(ask, Refusal::none);
}

void Agent::answer_now(const Ask& ask, Refusal refusal) { tell(ask.tag, ask.wish, refusal); }

bool Agent::tell(std::uint32_t tag, Wish wish, Refusal refusal) {
  told_.tag = tag;
  told_.wish = wish;
  told_.refusal = refusal;
  // Whoever asked may be gone; what was promised holds all the same.
  const bool heard = source_.tell(told_) == Status::ok;
  if (!heard) log_.line(LogLevel::debug, "nobody_listens");
  told_.row_count = 0;
  told_.duplicate = told_.gap = told_.more = false;
  return heard;
}

void Agent::answer_later(const Ask& ask, MessageId id, State state, bool duplicate) {
  answering_[answering_count_++] = {ask.tag, ask.wish, id, state, duplicate};
}

// What one app may not see is not there for it: to know that there is such an id tells enough of
// another's business.
void Agent::decide(const Ask& ask) {
  if (!ask.query.of_source.empty()) {
    const Live* const live = queue_.find(ask.id);
    if (live != nullptr) look_at(*live);
    if ((live == nullptr && look_at_ended(ask.id) != Status::ok) || !may_see(ask.query)) {
      return answer_now(ask, Refusal::not_found);
    }
  }
  return ask.wish == Wish::retry ? retry(ask) : drop(ask);
}

// Of what is being looked at. Where its text is damaged, nobody knows whose it is.
bool Agent::may_see(const RowQuery& query) const {
  const std::string_view source = looked_at_.source.view();
  return query.of_one_source() ? source == query.of_source.view()
                               : source.starts_with(query.of_source.view());
}

// A held message goes again under its own id; one that has ended becomes a new message, once.
void Agent::retry(const Ask& ask) {
  const Live* const live = queue_.find(ask.id);
  if (live == nullptr) return retry_ended(ask);
  const auto next = next_state(live->state, Event::retry);
  if (!next.has_value()) return answer_now(ask, Refusal::wrong_state);
  // A doubt outlives its ttl. Queued, it would end at once, and nobody knew any more that the
  // customer may have it.
  if (queue_.expires_at(*live) <= clock_.now()) return answer_now(ask, Refusal::too_late);
  const bool doubtful = live->state == State::uncertain || live->reason == Reason::maybe_sent;
  if (doubtful && !ask.even_if_sent) return answer_now(ask, Refusal::maybe_sent);
  if (queue_.read(ask.id, looked_at_, its_standing_) != Status::ok) {
    return answer_now(ask, Refusal::storage);
  }
  if (queue_.is_blocked(looked_at_.to.view())) return answer_now(ask, Refusal::blocked);
  if (live->state != State::queued) {
    its_standing_.state = *next;
    its_standing_.reason = Reason::none;
    record(looked_at_, its_standing_);
  }
  queue_.set_next_attempt(ask.id, Instant{});
  answer_later(ask, ask.id, *next);
}

void Agent::retry_ended(const Ask& ask) {
  const Status found = look_at_ended(ask.id);
  if (found == Status::not_found) return answer_now(ask, Refusal::not_found);
  if (found != Status::ok) return answer_now(ask, Refusal::storage);
  if (its_standing_.state != State::failed && its_standing_.state != State::expired) {
    return answer_now(ask, Refusal::wrong_state);
  }
  if (queue_.is_blocked(looked_at_.to.view())) return answer_now(ask, Refusal::blocked);
  // Whoever lost our answer asks again. What the newer one has come to, its own retry can mend.
  if (const MessageId again = retried_as(ask.id)) {
    return answer_later(ask, again, its_standing_.state, true);
  }
  Result<MessageId> fresh = Status::full;
  do {
    if (queue_.find_text(ask.id, looked_at_) != Status::ok) {
      return answer_now(ask, Refusal::text_gone);
    }
    if (share_is_full(ask, looked_at_.source.view())) return answer_now(ask, Refusal::share_full);
    looked_at_.retry_of = ask.id;
    fresh = queue_.take(looked_at_);
  } while (fresh.status() == Status::full && make_room());
  if (!fresh.ok()) return refuse_take(ask, fresh.status());
  answer_later(ask, fresh.value(), State::queued);
}

// The message that was made of the ended one being looked at; it is looked at then. 0: none.
MessageId Agent::retried_as(MessageId id) {
  const std::uint32_t recipient = text_hash(looked_at_.to.view());
  for (const Live& live : queue_.live()) {
    if (live.id < id || live.recipient != recipient) continue;
    if (queue_.read(live.id, looked_at_, its_standing_) != Status::ok) continue;
    if (looked_at_.retry_of == id) return live.id;
  }
  for (std::uint64_t cursor = 0;
       queue_.next_ended(cursor, looked_at_, its_standing_) == Status::ok;) {
    if (looked_at_.retry_of == id) return looked_at_.id;
  }
  return 0;
}

Status Agent::look_at_ended(MessageId id) {
  for (std::uint64_t cursor = 0;;) {
    TRY(queue_.next_ended(cursor, looked_at_, its_standing_));
    if (looked_at_.id == id) return Status::ok;
  }
}

// Even one whose text is damaged is shown, and can be dropped: its words and numbers are missing.
void Agent::look_at(const Live& live) {
  if (queue_.read(live.id, looked_at_, its_standing_) == Status::ok) return;
  looked_at_ = Message{};
  looked_at_.id = live.id;
  its_standing_ = Standing{};
  its_standing_.state = live.state;
  its_standing_.reason = live.reason;
  its_standing_.attempts = live.attempts;
}

void Agent::drop(const Ask& ask) {
  const Live* const live = queue_.find(ask.id);
  if (live == nullptr) {
    const bool ended = look_at_ended(ask.id) == Status::ok;
    return answer_now(ask, ended ? Refusal::wrong_state : Refusal::not_found);
  }
  const auto next = next_state(live->state, Event::drop);
  if (!next.has_value()) return answer_now(ask, Refusal::wrong_state);
  end_it(*live, *next, Reason::by_person);
  answer_later(ask, ask.id, *next);
}

void Agent::rows(const RowQuery& query) {
  told_.row_count = 0;
  told_.more = false;
  told_.cursor = query.cursor;
  if (query.only != 0) {
    const Live* const live = queue_.find(query.only);
    if (live != nullptr) {
      look_at(*live);
    } else if (look_at_ended(query.only) != Status::ok) {
      return;
    }
    add_row(query, live);
    return;
  }
  for (std::size_t looked_at = 0; told_.cursor < kLiveRows; ++looked_at) {
    told_.more = told_.row_count == told_.rows.size() || looked_at == kLookedAtMax;
    if (told_.more) return;
    if (queue_.next_ended(told_.cursor, looked_at_, its_standing_) != Status::ok) {
      told_.cursor = kLiveRows;
      break;
    }
    add_row(query, nullptr);
  }
  const std::uint32_t source = text_hash(query.of_source.view()) & kSourceBits;
  for (const Live& live : queue_.live()) {
    if (live.id <= told_.cursor - kLiveRows) continue;
    told_.more = told_.row_count == told_.rows.size();
    if (told_.more) return;
    told_.cursor = kLiveRows + live.id;
    if (query.of_one_state && live.state != query.state) continue;
    if (query.of_one_source() && live.source != source) continue;  // saves a read
    look_at(live);
    add_row(query, &live);
  }
}

// What is being looked at becomes a row, unless it is not asked for.
bool Agent::add_row(const RowQuery& query, const Live* live) {
  const Message& message = looked_at_;
  const Standing& standing = its_standing_;
  if ((query.of_one_state && standing.state != query.state) || !may_see(query)) {
    return false;
  }
  const Stamp now = clock_.stamp();
  Row& row = told_.rows[told_.row_count++];
  row.id = message.id;
  row.scenario = message.scenario;
  row.to = message.to;
  row.language = message.language;
  row.key = message.key;
  row.topic = message.topic;
  row.operator_name = message.operator_name;
  row.source = message.source;
  row.message_id = standing.message_id;
  row.detail = standing.detail;
  row.state = standing.state;
  row.reason = live != nullptr ? waiting_for(*live, now.at) : standing.reason;
  row.attempts = standing.attempts;
  row.retry_of = message.retry_of;
  row.created = wall_time(message.created, now);
  row.accepted_at = wall_time(standing.accepted_at, now);
  row.delivered_at = wall_time(standing.delivered_at, now);
  row.expires = live != nullptr ? planned(ends_at(*live)) : UnixTime{};
  row.next_attempt = live != nullptr ? planned(next_attempt_at(*live, now.at)) : UnixTime{};
  row.changed = wall_time(standing.changed.empty() ? message.created : standing.changed, now);
  row.event = 0;
  row.code = standing.code;
  return true;
}

Reason Agent::waiting_for(const Live& live, Instant now) const {
  if (live.state != State::queued) return live.reason;
  if (queue_.failed()) return Reason::storage;
  if (sending_ == Sending::configuration_rejected) return Reason::configuration_rejected;
  if (queue_.paused()) return Reason::paused;
  const Wait wait = wait_of(live, now);
  if (wait.until > now && wait.why != Reason::recipient_order) return wait.why;
  if (channel_.channel_reason() != Reason::none) return channel_.channel_reason();
  if (channel_.network_reason() != Reason::none) return channel_.network_reason();
  return wait.why;
}

// kNever behind a doubt: that ends with an answer or with its patience.
Instant Agent::next_attempt_at(const Live& live, Instant now) const {
  if (live.state != State::queued || !may_send()) return kNever;
  return std::max(wait_of(live, now).until, soonest_attempt(now));
}

// Of any message.
Instant Agent::soonest_attempt(Instant now) const {
  return channel_.pass(now) == Pass::closed ? std::max(now, channel_.next_change(now)) : now;
}

// Counted from the same moment until the clock is set: the second stays as it is, whenever one asks.
UnixTime Agent::planned(Instant at) {
  const Stamp now = clock_.stamp();
  if (at == kNever || now.wall.s == 0) return UnixTime{};
  if (planned_from_.empty() || wall_time(planned_from_, now) != planned_from_.wall) {
    planned_from_ = now;
  }
  return UnixTime{planned_from_.wall.s + ((at - planned_from_.at).ms + 999) / 1000};
}

void Agent::status() {
  StatusReport& report = told_.status;
  report = StatusReport{};
  const Stamp now = clock_.stamp();
  report.counts = queue_.ended_counts();
  const Instant soonest = soonest_attempt(now.at);
  Instant next = kNever;
  for (const Live& live : queue_.live()) {
    ++report.counts[static_cast<std::size_t>(live.state)];
    if (live.state == State::queued && report.oldest == 0) report.oldest = live.id;
    // Each looks for older ones to the same person: with a long backlog not for nothing.
    if (next > soonest) next = earlier(next, next_attempt_at(live, now.at));
  }
  if (report.oldest != 0 && queue_.read(report.oldest, looked_at_, its_standing_) == Status::ok) {
    report.oldest_waits_for = waiting_for(*queue_.find(report.oldest), now.at);
    report.oldest_created = wall_time(looked_at_.created, now);
    report.oldest_age = age(looked_at_.created, now);
    // Where a ttl runs, the store's own time knows more than the wall clocks of two boots.
    if (const Instant end = queue_.expires_at(*queue_.find(report.oldest)); end != kNever) {
      const Duration left = end - now.at;
      report.oldest_age = Duration{looked_at_.ttl.ms - std::min(left.ms, looked_at_.ttl.ms)};
    }
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
  report.store_room_bytes = usage.room_bytes;
  report.bytes_written = usage.bytes_written;
  report.syncs = usage.syncs;
  report.begun_least = usage.begun_least;
  report.begun_most = usage.begun_most;
  report.corrupt_units = usage.corrupt_units;
  report.torn_units = usage.torn_units;
  report.store_failed = usage.failed;
  report.store_volatile = settings_.queue.is_volatile;
  report.paused = queue_.paused();
  report.blocked = queue_.blocked_count();
  report.running = sending_ != Sending::off;
  report.tracking_off = hook_info_missing();
  report.sandbox = sandbox_;
  report.configuration_rejected = sending_ == Sending::configuration_rejected;
}

}  // namespace fieldpost
