// What became of messages that were accepted: GET hookInfo, less and less often, until a last word
// or the end of the tracking window. Nothing waits for it, and it takes nobody's room.
#include <algorithm>

#include "agent/agent.h"
#include "agent/api/code.h"
#include "agent/composer/composer.h"
#include "agent/outcome/retry.h"
#include "agent/tracking/order.h"
#include "agent/tracking/schedule.h"

namespace fieldpost {
namespace {

// Each costs a read.
constexpr int kEndedPerTurn = 32;

// Where the API has no answers, it is left alone so long, and longer.
constexpr Duration kAfterFailure = 2_min;
constexpr Duration kAfterFailureMax = 1_h;

// The newer contract has no hookInfo. Of so many ids nothing is known, and of none anything: that is
// no longer about the ids.
constexpr std::uint8_t kMissingAfter = 3;
constexpr Duration kMissingFor = 24_h;
constexpr Duration kNextPiece = 1_s;  // of a callback, the gate has it at hand

constexpr State kLastWords[] = {State::accepted, State::delivered, State::read};  // by TrackUntil

Reason reason_of_failure(std::int32_t code) {
  const Verdict verdict = verdict_of_refusal(code, {Event::give_up, Reason::undelivered});
  return verdict.event == Event::give_up ? verdict.reason : Reason::undelivered;
}

}  // namespace

bool Agent::is_last_word(State state) const {
  const State last = kLastWords[static_cast<std::size_t>(settings_.tracking.until)];
  return state == State::failed || delivery_rank(state) >= delivery_rank(last);
}

// The one that is to be asked about; with a connection at hand, what is nearly due too. Where all ids
// were unknown the newest tells most: an old one may stay unknown for ever.
const Live* Agent::due_question(Pass pass, Instant now, bool connected) const {
  if (pass == Pass::closed || now < questions_at() || draining_ || !may_send()) return nullptr;
  const Live* due = nullptr;
  for (const Live& one : queue_.live()) {
    if (!is_tracked(one) || one.next_attempt == Instant{}) continue;
    const Duration leeway =
        connected ? question_leeway(queue_.age_of_change(one, now)) : Duration{};
    if (one.next_attempt > now + leeway) continue;
    due = &one;
    if (!hook_info_missing()) break;
  }
  return due;
}

bool Agent::begin_question(Pass pass, Instant now) {
  while (const Live* const one = due_question(pass, now, true)) {
    const MessageId id = one->id;
    if (queue_.read(id, message_, standing_) == Status::ok && !standing_.message_id.empty() &&
        compose_question(settings_.api.channel.view(), standing_.message_id.view(), request_) ==
            Status::ok) {
      exchange_.stage = Stage::begun;
      ++begun_in_second_;
      return true;
    }
    end_it(*one, one->state, one->reason);  // nobody knows its id any more
    if (queue_.failed()) break;
  }
  return false;
}

void Agent::settle_question(const Answer& answer, Instant now) {
  if (answer.reached != Reached::all_of_it) return;
  const bool answered = look_for_hook_info(answer, now);
  const Live* const live = queue_.find(message_.id);
  if (live == nullptr || !is_tracked(*live)) return;  // it has ended meanwhile
  const Stamp at = clock_.stamp();
  const Duration old = age_at_least(standing_.accepted_at, at);
  const Duration window = settings_.tracking.during;
  const bool told = answer.parsed && take_news(answer, standing_);
  if (!told && answered && !answer.detail.empty()) {
    log_.line("unknown_news").key("id", live->id).key("word", answer.detail.view());
  }
  standing_.ended = is_last_word(standing_.state) || (answered && old >= window);
  // The last question comes when the window ends.
  const Duration left = old < window ? Duration{window.ms - old.ms} : kQuestionsApart;
  queue_.set_next_attempt(live->id, now + std::min(question_wait(old, dice()), left));
  if (!told && !standing_.ended) return;
  const bool alone = !queue_.pending() || only_news_pending_;
  record(message_, standing_);
  only_news_pending_ = alone;
}

// What was told becomes its standing. False: it is no news.
bool Agent::take_news(const Answer& told, Standing& standing) {
  if (!is_news(told.news, standing.state)) return false;
  standing.state = told.news;
  standing.ended = is_last_word(told.news);
  if (told.news == State::failed) {
    standing.reason = reason_of_failure(told.code);
    standing.code = told.code;
    standing.detail = told.detail;
  } else if (told.news >= State::delivered && standing.delivered_at.empty()) {
    const Stamp at = clock_.stamp();
    standing.delivered_at = stamp_by_api(told.time, at, at);
  }
  return true;
}

// The tracked one that has this id at 1MSG; it is looked at then.
//   not_found: it is none of ours, or its text is damaged.   io: nobody can say.
Status Agent::look_at_sent(std::string_view message_id) {
  const std::uint32_t hash = text_hash(message_id) & kSentAsBits;
  for (const Live& one : queue_.live()) {
    if (one.sent_as != hash || !is_tracked(one)) continue;
    const Status read = queue_.read(one.id, looked_at_, its_standing_);
    if (read == Status::io) return read;
    if (read == Status::ok && its_standing_.message_id == message_id) return read;
  }
  return Status::not_found;
}

// A callback tells of messages of ours and of others'. It is answered after the commit even where it
// brings no news: what it repeats may be pending still.
void Agent::on_news(const News& news) {
  if (answering_count_ == answering_.size()) make_durable();
  const bool alone = !queue_.pending() || only_news_pending_;
  // Nothing comes after `failed`, and who is told of both has it on the phone: so that comes last.
  for (std::uint32_t i = 0; i < 2 * news.count; ++i) {
    const Answer& told = news.told[i % news.count];
    if ((told.news == State::failed) != (i >= news.count)) continue;
    const Status looked = look_at_sent(told.message_id.view());
    if (looked == Status::io) {
      tell(news.tag, Wish::status, Refusal::storage);
      return;
    }
    if (looked == Status::not_found && exchange_.stage == Stage::out) {
      early_news_[early_count_++ % early_news_.size()] = told;
    }
    if (looked != Status::ok || !take_news(told, its_standing_)) continue;
    record(looked_at_, its_standing_);
    // A question about it may be out.
    if (looked_at_.id == message_.id) standing_ = its_standing_;
  }
  only_news_pending_ = alone;
  // All pieces of a callback are one sync; if the rest stays away, they go without it.
  more_news_until_ = news.more ? clock_.now() + kNextPiece : Instant{};
  if (news.more) {
    tell(news.tag, Wish::status, Refusal::none);
    return;
  }
  answering_[answering_count_++] = {news.tag, Wish::status, 0, State::queued, false};
}

// A callback may be here before the answer that says whose it is. It was nobody's then.
void Agent::take_early_news() {
  for (const Answer& told : early_news_) {
    if (standing_.ended || told.message_id != standing_.message_id.view()) continue;
    if (take_news(told, standing_)) record(message_, standing_);
  }
}

bool Agent::hook_info_missing() const { return !hook_info_found_ && ids_missing_ >= kMissingAfter; }

// Whether the answer is one: 404 and 400 for an id are.
bool Agent::look_for_hook_info(const Answer& answer, Instant now) {
  if (answer.parsed) {
    if (hook_info_missing()) log_.line(LogLevel::notice, "tracking").key("state", "on");
    hook_info_found_ = true;
    questions_failed_ = 0;
    return true;
  }
  if (answer.http == 404 && !hook_info_found_) {
    if (!hook_info_missing()) {
      if (message_.id == last_missing_) return true;
      last_missing_ = message_.id;
      if (++ids_missing_ < kMissingAfter) return true;
      log_.line(LogLevel::notice, "tracking").key("state", "off").key("reason", "no hookInfo");
    }
    questions_from_ = now + kMissingFor;
    return true;
  }
  if (answer.http == 404 || answer.http == 400) return true;
  // Messages may still go: who asks too often is not who sends too much.
  const Duration asked{answer.retry_after_s * 1000ull};
  questions_from_ =
      now + std::max(retry_after(questions_failed_++, kAfterFailure, kAfterFailureMax, dice()),
                     std::min(asked, kRetryAfterMax));
  return false;
}

// News of many messages is one sync, while a question is out or comes next. Nothing is lost by
// waiting: it can be asked for again.
bool Agent::gathers_news(Instant now) const {
  if (!only_news_pending_ || answering_count_ != 0 || !queue_.pending()) return false;
  if (now < more_news_until_) return true;
  const bool asking = !quiet() && request_.purpose == Purpose::hook_info;
  return asking || due_question(channel_.pass(now), now, false) != nullptr;
}

// Plans the first question, ends what nobody tells anything about, and keeps the share.
void Agent::keep_tracked(Instant now) {
  if (sending_ == Sending::off) return;
  for (int ended = 0; ended < kEndedPerTurn && !queue_.failed(); ++ended) {
    const Live* over = nullptr;
    std::uint64_t bytes = 0;
    std::uint32_t count = 0;
    for (const Live& one : queue_.live()) {
      if (!is_tracked(one)) continue;
      ++count;
      bytes += Queue::used_by(one);
      // What was off or offline at the end of the window still asks once.
      const Duration twice{2 * settings_.tracking.during.ms};
      if (is_last_word(one.state) || queue_.after_change(one, twice) <= now) over = &one;
      if (one.next_attempt == Instant{}) plan_question(one, now);
    }
    const QueueUsage usage = queue_.usage();
    const bool too_many = count > usage.live_max / limits::tracked_share ||
                          bytes > usage.room_bytes / limits::tracked_share;
    if (over != nullptr) {
      end_it(*over, over->state, over->reason);
    } else if (!too_many || !end_oldest_tracked()) {
      return;
    }
  }
}

// After a restart nobody knows when it was last asked about.
void Agent::plan_question(const Live& one, Instant now) {
  const Duration old = queue_.age_of_change(one, now);
  const Duration wait = question_wait(old, 0);
  queue_.set_next_attempt(one.id, old < kFirstQuestion
                                      ? now + Duration{question_wait(old, dice()).ms - old.ms}
                                      : now + some_of(wait));
}

bool Agent::end_oldest_tracked() {
  for (const Live& one : queue_.live()) {
    if (!is_tracked(one)) continue;
    log_.line(LogLevel::notice, "tracking").key("id", one.id).key("state", "ended early for room");
    end_it(one, one.state, one.reason);
    return !queue_.failed();
  }
  return false;
}

// What is only tracked keeps nothing new out: there is room once its end is durable.
bool Agent::make_room() {
  if (!end_oldest_tracked()) return false;
  make_durable();
  return !queue_.failed();
}

}  // namespace fieldpost
