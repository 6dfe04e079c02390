// What an answer changes: the message's standing, and the channel's condition.
#include <algorithm>

#include "agent/agent.h"
#include "agent/outcome/retry.h"
#include "agent/outcome/table.h"

namespace fieldpost {
namespace {

// 131049: Meta keeps marketing messages from a person who got many; nothing sooner helps.
constexpr Duration kLongWait = 24_h;

// Any answer about the message itself, a refusal too, shows that the channel is well.
bool proves_channel(const Verdict& verdict, const Answer& answer) {
  return answer.parsed && verdict.event != Event::lost && verdict.event != Event::shut_out &&
         verdict.reason != Reason::rate_limited;
}

}  // namespace

void Agent::settle(const Answer& answer, bool on_kept, Instant now) {
  if (exchange_.stage != Stage::none) end_exchange(false, now);
  if (answer.http != 0) channel_.answered();
  // A kept connection that turns out closed is no news about the network.
  const bool no_news = on_kept && answer.reached == Reached::nothing;
  if (answer.reached != Reached::all_of_it && !no_news) {
    channel_.connect_failed(answer.broken, answer.detail, now, dice());
  }
  switch (request_.purpose) {
    case Purpose::send_template: settle_message(answer, now); break;
    case Purpose::channel_status: settle_probe(answer, now); break;
    case Purpose::history: settle_look_up(answer, now); break;
    case Purpose::templates: settle_template_check(answer, now); break;
    case Purpose::hook_info: settle_question(answer, now); break;
  }
  // Where nothing but the network was ill, any answer ends that. Else hours of health would count as
  // trouble once the next message is accepted.
  const bool well = request_.purpose != Purpose::send_template && answer.http != 0 &&
                    answer.http < 500 && answer.http != 429;
  if (well && channel_.in_trouble() && channel_.channel_reason() == Reason::none) all_is_well(now);
  log_conditions();
}

void Agent::all_is_well(Instant now) {
  const auto live = queue_.live();
  if (channel_.in_trouble() && !live.empty()) backlog_ends_at_ = live.back().id;
  channel_.accepted(now, dice());
}

void Agent::settle_message(const Answer& answer, Instant now) {
  Verdict verdict = verdict_of(answer);
  verdict.event = whose_template(verdict, now);
  const auto next = next_state(standing_.state, verdict.event);
  ASSERT(next.has_value());
  standing_.state = *next;
  standing_.reason = verdict.reason;
  standing_.code = answer.code;
  standing_.detail = answer.detail;
  bool its_own_fault = true;
  Instant again{};

  switch (verdict.event) {
    case Event::accept: accept(answer, clock_.stamp()); break;
    case Event::defer:
      if (verdict.reason == Reason::backoff) {
        again = now + backoff_after(answer);
        break;
      }
      its_own_fault = false;
      if (verdict.reason == Reason::rate_limited) shut_out(verdict.reason, answer, now);
      break;
    case Event::shut_out:
      its_own_fault = false;
      shut_out(verdict.reason, answer, now);
      break;
    case Event::lost: shut_out(Reason::api_trouble, answer, now); break;
    case Event::give_up: standing_.ended = true; break;
    case Event::hold:
    case Event::pick:
    case Event::retry:
    case Event::drop:
    case Event::supersede:
    case Event::expire:
    case Event::reboot: break;
  }
  if (proves_channel(verdict, answer)) all_is_well(now);
  if (!its_own_fault) {
    --standing_.attempts;
    if (!is_of_template(verdict.reason)) {
      standing_.reason = Reason::none;
      standing_.code = 0;
      standing_.detail.clear();
    }
  }
  yield_to_newer();
  record(message_, standing_);
  if (again > now) queue_.set_next_attempt(message_.id, again);
  if (verdict.event == Event::accept) take_early_news();
}

Duration Agent::backoff_after(const Answer& answer) {
  if (class_of(answer.code) == CodeClass::long_wait) return kLongWait;
  const Duration asked = std::min(Duration{answer.retry_after_s * 1000ull}, kRetryAfterMax);
  const Duration least = std::max(asked, settings_.pace.per_recipient);
  return std::max(least, retry_after(standing_.attempts - 1u, settings_.retry.first,
                                     settings_.retry.max, dice()));
}

void Agent::shut_out(Reason why, const Answer& answer, Instant now) {
  channel_.shut_out(why, answer.detail, now, dice(), Duration{answer.retry_after_s * 1000ull});
}

void Agent::settle_probe(const Answer& answer, Instant now) {
  if (answer.reached != Reached::all_of_it) return;
  const bool told = answer.http >= 200 && answer.http <= 299 && answer.parsed;
  if (told && answer.sent) return channel_.probe_good(now);
  Reason why = Reason::api_trouble;
  if (answer.http == 401) why = Reason::token_refused;
  if (answer.http == 403 || told) why = Reason::channel_blocked;
  if (answer.http == 404) why = Reason::wrong_address;
  shut_out(why, answer, now);
}

void Agent::log_conditions() {
  // The words about the network are our own. 1MSG's may repeat what a message says: `status` has
  // them, the log has not.
  log_condition("channel", "open", "held", channel_.channel_reason(), {}, logged_channel_);
  log_condition("network", "online", "offline", channel_.network_reason(), channel_.detail(),
                logged_network_);
}

void Agent::log_condition(const char* fact, const char* well, const char* ill, Reason reason,
                          std::string_view detail, Reason& logged) {
  if (reason == logged) return;
  logged = reason;
  const bool is_well = reason == Reason::none;
  LogLine line = log_.line(is_well ? LogLevel::notice : LogLevel::warning, fact);
  line.key("state", is_well ? well : ill).key("reason", to_text(reason));
  if (!detail.empty()) line.key("detail", detail);
}

}  // namespace fieldpost
