#include "agent/agent.h"

#include <algorithm>

#include "agent/base/text_writer.h"
#include "agent/composer/composer.h"
#include "agent/outcome/table.h"

namespace fieldpost {
namespace {

// The uplink has deadlines of its own; it is hanging only when it missed them by this much.
constexpr Duration kUplinkGrace = 5_s;

// Longer than the way from an answer to the next start, shorter than any server's patience.
constexpr Duration kKeptFor = 1_s;

}  // namespace

Agent::Agent(const Settings& settings, Queue& queue, Uplink& uplink, Source& source,
             const Clock& clock, Entropy& entropy, const Log& log, Sending sending)
    : settings_(settings),
      queue_(queue),
      uplink_(uplink),
      source_(source),
      clock_(clock),
      entropy_(entropy),
      log_(log),
      sending_(sending),
      channel_(settings.retry) {}

Instant Agent::turn() {
  // It is known from the start; but who only looks writes nothing.
  if (sending_ != Sending::off) (void)queue_.record_doubts();  // a store that fails says so below
  const Instant now = clock_.now();
  const Instant fresh_until = expire(now);
  keep_tracked(now);
  look_for_quiet(clock_.stamp());
  const Instant free_at = channel_free_at(now);
  const bool connected =
      exchange_.stage == Stage::ready || (exchange_.stage == Stage::none && now < kept_until_);
  if (connected && free_at <= now) begin(now);
  keep_held_share();
  make_durable();
  if (exchange_.stage == Stage::none && free_at <= now) prepare(now);
  Instant wake = earlier(earlier(earlier(wake_at(now), erase(now)), fresh_until), beat(now));
  if (queue_.pending() && more_news_until_ > now) wake = earlier(wake, more_news_until_);
  // Nobody tells us that the clock was set, and it may be day after all.
  if (wake != kNever && quiet_until_ > now) wake = earlier(wake, now + 1_min);
  return free_at > now ? earlier(wake, free_at) : wake;
}

bool Agent::may_send() const {
  return sending_ == Sending::on && !queue_.failed() && !queue_.paused();
}

// Choosing what leaves, telling people what a message waits for, and the time to wake up all ask
// here: what is done and what is said cannot come apart.
Agent::Wait Agent::wait_of(const Live& one, Instant now) const {
  if (ends_at(one) <= now) return {Reason::ttl, kNever};  // that is next
  const Wait own = wait_of_its_own(one);
  if (own.until > now) return own;
  // One recipient's messages leave in order: an earlier one that waits blocks the later ones.
  for (const Live& earlier : queue_.live()) {
    if (earlier.id >= one.id) break;
    if (earlier.recipient != one.recipient) continue;
    if (earlier.state == State::uncertain) return {Reason::recipient_order, kNever};
    if (earlier.state != State::queued) continue;
    const Wait theirs = wait_of_its_own(earlier);
    // What is to go tomorrow does not keep back what is to go today, nor a template another one's.
    const bool apart = theirs.why == Reason::not_before ||
                       (is_of_template(theirs.why) && earlier.scenario != one.scenario);
    if (theirs.until > now && !apart) {
      return {Reason::recipient_order, theirs.until};
    }
  }
  return {Reason::none, now};
}

const Live* Agent::choose(Pass pass, Instant now) const {
  if (pass == Pass::closed || pass == Pass::probe) return nullptr;
  for (const Live& one : queue_.live()) {
    if (one.state != State::queued) continue;
    if (wait_of(one, now).until <= now) return &one;
  }
  return nullptr;
}

// A probe serves those who wait; without any it would only wake the network.
const Live* Agent::next_to_leave(Instant now) const {
  Pass pass = channel_.pass(now);
  if (pass == Pass::probe) pass = Pass::one;
  const Live* const next = choose(pass, now);
  return next != nullptr ? next : due_doubt(pass, now);
}

bool Agent::resting() const {
  if (!quiet() || queue_.pending()) return false;
  const Instant now = clock_.now();
  return !may_send() || (next_to_leave(now) == nullptr && !only_paced(now));
}

void Agent::prepare(Instant now) {
  if (!may_send()) return;
  const bool asks = due_question(channel_.pass(now), now, false) != nullptr;
  if (!asks && next_to_leave(now) == nullptr) return;
  exchange_ = {Stage::preparing, exchange_.number + 1, false,
               now + settings_.api.connect_timeout + kUplinkGrace};
  // Who cannot be told will not report: the deadline is now, and another takes its place.
  if (uplink_.prepare(exchange_.number) != Status::ok) exchange_.overdue = now;
}

void Agent::begin(Instant now) {
  const bool on_kept = exchange_.stage == Stage::none;
  if (on_kept) ++exchange_.number;
  exchange_.on_kept = on_kept;
  exchange_.overdue = now + settings_.api.answer_timeout + kUplinkGrace;
  request_.exchange = exchange_.number;

  const Pass pass = may_send() ? channel_.pass(now) : Pass::closed;
  if (pass == Pass::probe) {
    begin_probe(now);
    return;
  }
  // First, because the messages of a scenario whose list is due would look as if they might leave.
  if (begin_template_check(pass, now)) return;
  // At most one look-up between two sends.
  const bool looked = request_.purpose == Purpose::history;
  if (!looked && begin_look_up(pass, now)) return;
  while (const Live* const next = choose(pass, now)) {
    if (begin_message(*next) == Status::ok) return;
    if (queue_.failed()) break;
  }
  if (looked && begin_look_up(pass, now)) return;
  // News waits for all that has to leave.
  if (begin_question(pass, now)) return;
  end_exchange(true, now);
}

void Agent::begin_probe(Instant now) {
  request_.method = Method::get;
  request_.purpose = Purpose::channel_status;
  request_.body.clear();
  if (compose_path(settings_.api.channel.view(), "status", request_.path) != Status::ok) {
    end_exchange(true, now);
    return;
  }
  exchange_.stage = Stage::begun;
}

// Composes before it records: a start that is on flash must be able to follow.
//   invalid, corrupt: this message cannot be sent; it is held, or has ended. Try the next.
Status Agent::begin_message(const Live& next) {
  const MessageId id = next.id;
  Status readable = queue_.read(id, message_, standing_);
  if (readable == Status::ok) {
    readable = compose_request(settings_.api.channel.view(), message_, request_);
  }
  if (readable != Status::ok) {
    hold_unreadable(id, Reason::storage);
    return readable;
  }
  if (queue_.is_blocked(message_.to.view())) {  // a crash kept it from ending with the block
    record(message_, standing_);
    return Status::invalid;
  }
  const auto sending = next_state(standing_.state, Event::pick);
  ASSERT(sending.has_value());
  standing_.state = *sending;
  standing_.reason = Reason::none;
  ++standing_.attempts;
  record(message_, standing_);
  if (queue_.failed()) return Status::io;
  exchange_.stage = Stage::begun;
  ++begun_in_second_;
  return Status::ok;
}

void Agent::hold_unreadable(MessageId id, Reason reason) {
  message_ = Message{};
  message_.id = id;
  standing_.state = State::held;
  standing_.reason = reason;
  standing_.code = 0;
  record(message_, standing_);
}

void Agent::make_durable() {
  const bool durable = gathers_news(clock_.now()) || queue_.commit() == Status::ok;
  if (!durable && !store_failure_said_) {
    log_.line(LogLevel::error, "store").key("state", "failed");
    store_failure_said_ = true;
  }
  for (std::size_t i = 0; i < answering_count_; ++i) {
    const Answering& one = answering_[i];
    told_.id = durable ? one.id : 0;
    told_.state = one.state;
    told_.duplicate = one.duplicate;
    tell(one.tag, one.wish, durable ? Refusal::none : Refusal::storage);
  }
  answering_count_ = 0;
  tell_watchers();

  if (exchange_.stage != Stage::begun) return;
  if (!durable) {
    exchange_.stage = Stage::none;
    return;
  }
  exchange_.stage = Stage::out;
  // Not a byte has left: queued again, and prepare() will meet the same.
  if (uplink_.go(request_) != Status::ok) settle(Answer{}, true, clock_.now());
}

void Agent::end_exchange(bool kept, Instant now) {
  exchange_.stage = Stage::none;
  exchange_.overdue = kNever;
  kept_until_ = kept ? now + kKeptFor : Instant{};
}

void Agent::on_report(const UplinkReport& report) {
  if (report.exchange != exchange_.number) return;
  const Instant now = clock_.now();
  switch (report.kind) {
    case UplinkReport::Kind::ready:
      if (exchange_.stage == Stage::preparing) exchange_.stage = Stage::ready;
      return;
    case UplinkReport::Kind::broken:
    case UplinkReport::Kind::answered: break;
  }
  if (exchange_.stage == Stage::out) {
    const bool on_kept = exchange_.on_kept;
    end_exchange(report.kept, now);
    settle(report.answer, on_kept, now);
  } else if (exchange_.stage == Stage::preparing || exchange_.stage == Stage::ready) {
    end_exchange(false, now);
    channel_.connect_failed(report.answer.broken, report.answer.detail, now, dice());
    log_conditions();
  }
  // What failed may have been the network as it was before.
  if (exchange_.network_changed) on_network_change();
}

void Agent::on_uplink_gone() {
  if (quiet()) return;
  const Instant now = clock_.now();
  const bool was_out = exchange_.stage == Stage::out;
  end_exchange(false, now);
  Answer answer;
  answer.broken = Reason::network_down;
  constexpr std::string_view kWords = "the uplink process ended";
  static_assert(kWords.size() <= limits::detail_bytes_max);
  MUST(answer.detail.assign(kWords));
  if (was_out) {
    answer.reached = Reached::all_of_it;  // nobody is left to say how far it got
    settle(answer, false, now);
  } else {
    channel_.connect_failed(answer.broken, answer.detail, now, dice());
    log_conditions();
  }
  if (exchange_.network_changed) on_network_change();
}

void Agent::on_network_change() {
  const Instant now = clock_.now();
  if (channel_.network_reason() != Reason::none) {
    // Many devices may be back, and nobody waits for news.
    questions_from_ = std::max(questions_from_, now + some_of(settings_.retry.spread));
  }
  channel_.network_changed(now);
  exchange_.network_changed = !quiet();
}

Instant Agent::wake_at(Instant now) const {
  if (!quiet()) return exchange_.overdue;
  if (!may_send()) return kNever;
  Instant next = kNever;
  bool somebody_waits = false;
  for (const Live& one : queue_.live()) {
    const bool asks = is_tracked(one) && !draining_;
    if (!asks && one.state != State::queued && one.state != State::uncertain) continue;
    somebody_waits = true;
    Instant until = wait_of_its_own(one).until;
    if (asks) until = std::max(until, questions_at());
    if (until > now) next = earlier(next, until);
  }
  return somebody_waits ? earlier(next, channel_.next_change(now)) : kNever;
}

std::uint8_t Agent::dice() {
  std::array<std::byte, 1> one{};
  // Without entropy the middle: a wait is half of what it could be either way.
  if (entropy_.fill(one) != Status::ok) return 128;
  return static_cast<std::uint8_t>(one[0]);
}

void Agent::record(const Message& message, Standing& standing) {
  only_news_pending_ = false;
  heed_opt_out(message, standing);
  // A store that fails here says so at the commit, and nothing leaves on its strength.
  if (queue_.record(message.id, standing) != Status::ok) return;
  log_message(message.id, message, standing);
  if (!is_opt_out(standing)) return;
  const auto number = message.to;  // `message` may be the one that is being looked at
  drop_blocked(number.view());
}

void Agent::log_message(MessageId id, const Message& message, const Standing& standing) {
  LogLine line = log_.line("message");
  line.key("id", id).key("scenario", message.scenario.view()).phone(message.to.view());
  line.key("message_id", standing.message_id.view());
  line.key("state", to_text(standing.state));
  line.key("reason", to_text(standing.reason));
  if (standing.code != 0) line.key("code", static_cast<std::uint32_t>(standing.code));
}

}  // namespace fieldpost
