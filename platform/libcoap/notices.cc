// What observers are told (RFC 7641).
#include <algorithm>

#include "agent/base/crc32c.h"
#include "agent/json/tree.h"
#include "platform/libcoap/server.h"

namespace fieldpost {
namespace {

constexpr Duration kAskAgain = 5_s;

std::uint32_t sum_of(const CoapAnswer& answer) {
  return crc32c(std::as_bytes(std::span(answer.body)));
}

}  // namespace

// The answer to who asks to be told more. Without room for one more it is an ordinary one, and so
// where nothing more will come (RFC 7641, 4.1).
void CoapServer::observe(const Exchange& one, CoapAnswer& answer) {
  if (answer.code != coap_code(205) || is_last(answer)) return;
  const bool is_new = observers_.find(one.session, one.token.view()) == nullptr;
  Observer* const place = observers_.add(one.session, one.token.view(), one.name.device);
  if (place == nullptr) return;
  if (is_new) coap_session_reference(one.session);
  place->id = one.id;
  place->claim = one.claim;
  place->sum = sum_of(answer);
  place->told = clock_.now();
  // What has happened before the events are followed is found out with the first of them.
  answer.observe = ++last_notice_ & kNoticeNumbers;
  answer.max_age_s = kObservedMaxAge_s;
}

// Asks the agent for one of those for whom there may be something new.
void CoapServer::tell_observers() {
  const Instant now = clock_.now();
  observers_.mark_quiet(now);
  events_.follow(settings_->socket.view());
  if (now < notices_from_) return;
  while (Observer* const one = observers_.next_marked()) {
    // Behind the same address there may be another device by now, or the same with another key.
    const Caller caller = caller_of(one->session);
    if (!caller.known || caller.claim().view() != one->claim.view()) {
      end(*one);
      continue;
    }
    const bool under_way =
        std::ranges::any_of(exchanges_, [](const Exchange& e) { return e.session && e.is_notice; });
    Exchange* const exchange = under_way ? nullptr : take_place(one->session);
    if (exchange == nullptr) return;
    one->marked = false;
    exchange->is_notice = true;
    exchange->token = one->token;
    exchange->id = one->id;
    exchange->claim = one->claim;
    return start_next();
  }
}

// A message changes its state a few times at most, so that each notice is confirmable: who is gone is
// found out by the next one.
void CoapServer::notify(const Exchange& one, CoapAnswer& answer) {
  Observer* const to = observers_.find(one.session, one.token.view());
  if (to == nullptr || to->id != one.id) return;  // it has turned away
  if (answer.code == coap_code(503) || answer.code == coap_code(429)) {
    to->marked = true;
    notices_from_ = clock_.now() + kAskAgain;
    return;
  }
  if (answer.code == coap_code(205) && sum_of(answer) == to->sum) return;
  const bool is_content = answer.code == coap_code(205);
  const bool is_over = !is_content || is_last(answer);
  to->sum = sum_of(answer);
  to->told = clock_.now();
  // The last word comes as a notice, and once more as the end of them: there are clients (the npm
  // package coap) that take what has no number for an old notice, and pass over it.
  if (is_content) {
    answer.observe = ++last_notice_ & kNoticeNumbers;
    answer.max_age_s = is_over ? 0 : kObservedMaxAge_s;
    send(to->session, COAP_MESSAGE_CON, to->token.view(), answer, {});
    answer.observe.reset();
  }
  if (!is_over) return;
  send(to->session, COAP_MESSAGE_CON, to->token.view(), answer, {});
  end(*to);
}

bool CoapServer::is_last(const CoapAnswer& answer) {
  JsonFault fault;
  const Result<JsonView> root = parse_json(answer.body, arena_, fault);
  return !root.ok() || is_last_state(root.value().member("state").string().value_or(""));
}

void CoapServer::end(Observer& one) {
  coap_session_t* const session = one.session;
  one = {};
  coap_session_release(session);
}

// A notice was reset, or never acknowledged. It need not be the newest one.
void CoapServer::on_unheard(coap_session_t* session, const coap_pdu_t* sent,
                            coap_nack_reason_t /*why*/, coap_mid_t /*number*/) {
  if (sent == nullptr) return;
  CoapServer& self =
      *static_cast<CoapServer*>(coap_get_app_data(coap_session_get_context(session)));
  Observer* const one = self.observers_.find(session, text_of(coap_pdu_get_token(sent)));
  if (one != nullptr) self.end(*one);
}

}  // namespace fieldpost
