// What an answer changes: the message's standing, and the channel's condition.
#include <algorithm>

#include "agent/agent.h"
#include "agent/outcome/retry.h"
#include "agent/outcome/table.h"

namespace fieldpost {
namespace {

// 131049: Meta keeps marketing messages from a person who got many; nothing sooner helps.
constexpr Duration kLongWait = 24_h;

}  // namespace

void Agent::settle(const Answer& answer, bool on_kept, Instant now) {
  if (exchange_.stage != Stage::none) end_exchange(false, now);
  if (exchange_.id == 0) {
    settle_probe(answer, now);
  } else {
    settle_message(answer, on_kept, now);
  }
  log_conditions();
}

void Agent::settle_message(const Answer& answer, bool on_kept, Instant now) {
  const Verdict verdict = verdict_of(answer);
  const auto next = next_state(standing_.state, verdict.event);
  ASSERT(next.has_value());
  standing_.state = *next;
  standing_.reason = verdict.reason;
  standing_.code = answer.code;
  standing_.detail = answer.detail;
  Instant again{};

  switch (verdict.event) {
    case Event::accept:
      standing_.ended = true;
      standing_.accepted_at = clock_.stamp();
      standing_.message_id = answer.message_id;
      standing_.detail.clear();
      break;
    case Event::defer:
      if (verdict.reason == Reason::backoff) {
        Duration wait = class_of(answer.code) == CodeClass::long_wait
                            ? kLongWait
                            : retry_after(standing_.attempts - 1u, settings_.retry.first,
                                          settings_.retry.max, dice());
        wait = std::max(wait, std::min(Duration{answer.retry_after_s * 1000ull}, kRetryAfterMax));
        again = now + wait;
      } else {
        --standing_.attempts;  // the network's or the channel's fault, not its own
        standing_.reason = Reason::none;
        standing_.detail.clear();
      }
      break;
    case Event::shut_out:
      --standing_.attempts;
      standing_.reason = Reason::none;
      standing_.detail.clear();
      break;
    case Event::give_up: standing_.ended = true; break;
    case Event::hold:
    case Event::lost:
    case Event::pick:
    case Event::retry:
    case Event::drop:
    case Event::reboot: break;
  }
  record(message_, standing_);
  if (again > now) queue_.set_next_attempt(message_.id, again);
  blame_channel(verdict, answer, on_kept, now);
}

void Agent::blame_channel(const Verdict& verdict, const Answer& answer, bool on_kept, Instant now) {
  if (answer.http != 0) channel_.answered();
  switch (verdict.event) {
    case Event::accept: {
      const bool was_in_trouble = channel_.in_trouble();
      channel_.accepted(now, dice());
      if (was_in_trouble && !queue_.live().empty()) backlog_ends_at_ = queue_.live().back().id;
      break;
    }
    case Event::shut_out: channel_.shut_out(verdict.reason, answer.detail, now, dice()); break;
    case Event::lost: channel_.shut_out(Reason::api_trouble, answer.detail, now, dice()); break;
    case Event::defer:
      if (verdict.reason == Reason::rate_limited) {
        channel_.slow_down(Duration{answer.retry_after_s * 1000ull}, now, dice());
      } else if (verdict.reason != Reason::backoff &&
                 !(on_kept && answer.reached == Reached::nothing)) {
        // A kept connection that turns out closed is no news about the network.
        channel_.connect_failed(verdict.reason, answer.detail, now, dice());
      }
      break;
    case Event::hold:
    case Event::give_up:
    case Event::pick:
    case Event::retry:
    case Event::drop:
    case Event::reboot: break;
  }
}

void Agent::settle_probe(const Answer& answer, Instant now) {
  if (answer.reached != Reached::all_of_it) {
    channel_.connect_failed(answer.broken, answer.detail, now, dice());
    return;
  }
  if (answer.http != 0) channel_.answered();
  if (answer.http >= 200 && answer.http <= 299 && answer.parsed) {
    if (answer.sent) {
      channel_.probe_good(now);
    } else {
      channel_.shut_out(Reason::channel_blocked, answer.detail, now, dice());
    }
    return;
  }
  Reason why = Reason::api_trouble;
  if (answer.http == 401) why = Reason::token_refused;
  if (answer.http == 403) why = Reason::channel_blocked;
  if (answer.http == 404) why = Reason::wrong_address;
  channel_.shut_out(why, answer.detail, now, dice());
}

void Agent::log_conditions() {
  if (channel_.channel_reason() != logged_channel_) {
    logged_channel_ = channel_.channel_reason();
    log_.line(logged_channel_ == Reason::none ? LogLevel::notice : LogLevel::warning, "channel")
        .key("state", logged_channel_ == Reason::none ? "open" : "held")
        .key("reason", logged_channel_ == Reason::none ? "-" : to_text(logged_channel_))
        .key("detail", channel_.detail());
  }
  if (channel_.network_reason() != logged_network_) {
    logged_network_ = channel_.network_reason();
    log_.line(logged_network_ == Reason::none ? LogLevel::notice : LogLevel::warning, "network")
        .key("state", logged_network_ == Reason::none ? "online" : "offline")
        .key("reason", logged_network_ == Reason::none ? "-" : to_text(logged_network_))
        .key("detail", channel_.detail());
  }
}

}  // namespace fieldpost
