// From an answer to what it means for one message. It never guesses: what may have reached the
// customer is `lost`, not `defer`.
#pragma once

#include <cstdint>

#include "agent/api/code.h"
#include "agent/message/state.h"
#include "agent/port/uplink.h"

namespace fieldpost {

enum class Event : std::uint8_t {
  pick,       // its send begins
  accept,     // 1MSG has it, by its answer or by the history of the chat
  defer,      // not accepted, nobody's lasting fault or its template's: again later
  shut_out,   // the channel's fault: again when the channel is open
  hold,       // its own fault, or a doubt that stays, which a person can mend
  lost,       // the whole request left, and nobody can say what became of it
  give_up,    // WhatsApp's last word: never again to this person
  retry,      // a person says: again; or the scenario's rule about doubts
  drop,       // a person says: no more
  supersede,  // a newer message on the same topic takes its place
  expire,     // its time is up
  reboot,     // power went, or the program did
};
inline constexpr std::size_t kEvents = 12;

// What became of a send, and why: the reason is `none` where nothing is left to wait for.
struct Verdict {
  Event event;
  Reason reason;
  friend constexpr bool operator==(Verdict, Verdict) = default;
};

// The template's fault, and so the whole scenario's.
constexpr bool is_of_template(Reason reason) {
  return reason >= Reason::template_unknown && reason <= Reason::template_paused;
}

// A refusal in words that may carry a code. `otherwise` is for codes that say nothing.
constexpr Verdict verdict_of_refusal(std::int32_t code, Verdict otherwise) {
  switch (class_of(code)) {
    case CodeClass::none: return otherwise;
    case CodeClass::temporary: return {Event::defer, Reason::backoff};
    case CodeClass::rate: return {Event::defer, Reason::rate_limited};
    case CodeClass::long_wait: return {Event::defer, Reason::backoff};
    case CodeClass::account: return {Event::shut_out, Reason::channel_blocked};
    case CodeClass::credentials: return {Event::shut_out, Reason::token_refused};
    case CodeClass::never_again: return {Event::give_up, Reason::recipient_unreachable};
    case CodeClass::opted_out: return {Event::give_up, Reason::opted_out};
    case CodeClass::template_missing: return {Event::defer, Reason::template_unknown};
    case CodeClass::template_differs: return {Event::defer, Reason::template_mismatch};
    case CodeClass::template_paused: return {Event::defer, Reason::template_paused};
  }
  return otherwise;
}

constexpr Verdict verdict_of(const Answer& a) {
  switch (a.reached) {
    case Reached::nothing:
    case Reached::part_of_it: return {Event::defer, a.broken};
    case Reached::all_of_it: break;
  }
  constexpr Verdict kLost{Event::lost, Reason::maybe_sent};
  if (a.http == 401) return {Event::shut_out, Reason::token_refused};
  if (a.http == 403) return {Event::shut_out, Reason::channel_blocked};
  if (a.http == 429) return {Event::defer, Reason::rate_limited};
  if (a.http >= 200 && a.http <= 299) {
    if (a.parsed && a.job_id) return {Event::lost, Reason::pending_job};
    if (!a.parsed) return kLost;
    if (a.sent) return {Event::accept, Reason::none};
    return verdict_of_refusal(a.code, {Event::hold, Reason::refused_unspecified});
  }
  if (a.http < 400 || a.http > 499 || a.http == 408) return kLost;
  // The API read the request and refused it: its code says more than the number of the status.
  if (a.http == 404 && !a.names_template) {
    return verdict_of_refusal(a.code, {Event::shut_out, Reason::wrong_address});
  }
  if (a.names_template && a.http != 422) {
    return verdict_of_refusal(a.code, {Event::defer, Reason::template_unknown});
  }
  if (a.http == 422) return verdict_of_refusal(a.code, {Event::defer, Reason::template_mismatch});
  return verdict_of_refusal(a.code, {Event::hold, Reason::refused_unspecified});
}

namespace event_examples {
constexpr Answer answered(std::uint16_t http, bool parsed, bool sent, std::int32_t code = 0) {
  Answer a;
  a.reached = Reached::all_of_it;
  a.http = http;
  a.parsed = parsed;
  a.sent = sent;
  a.code = code;
  return a;
}
static_assert(verdict_of(answered(200, true, true)) == Verdict{Event::accept, Reason::none});
static_assert(verdict_of(answered(200, false, true)).event == Event::lost);
static_assert(verdict_of(answered(503, true, false)).event == Event::lost);
static_assert(verdict_of(answered(302, false, false)).event == Event::lost);
static_assert(verdict_of(answered(0, false, false)).event == Event::lost);
static_assert(verdict_of(answered(200, true, false, 131056)).event == Event::defer);
static_assert(verdict_of(answered(404, true, false)).reason == Reason::wrong_address);
static_assert(verdict_of(Answer{}).event == Event::defer);
}  // namespace event_examples

}  // namespace fieldpost
