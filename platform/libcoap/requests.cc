// What CoapServer does with one request, from its datagram to its answer.
#include <poll.h>

#include <algorithm>

#include "agent/base/crc32c.h"
#include "agent/base/number.h"
#include "agent/desk/relay.h"
#include "agent/json/tree.h"
#include "platform/libcoap/server.h"
#include "platform/linux/error_words.h"
#include "platform/linux/poll.h"

namespace fieldpost {
namespace {

// So long a request's turn waits for the agent, which mostly answers within one sync of its flash: a
// device then gets acknowledgment and answer in one datagram.
constexpr Duration kQuick = 200_ms;

constexpr std::string_view kMessages = "/v1/messages";

std::string_view payload_of(const coap_pdu_t* request) {
  std::size_t bytes = 0;
  const std::uint8_t* data = nullptr;
  if (coap_get_data(request, &bytes, &data) == 0) return {};
  return {reinterpret_cast<const char*>(data), bytes};
}

Endpoint endpoint_of(const coap_session_t* session) {
  const coap_address_t& from = *coap_session_get_addr_remote(session);
  Endpoint out;
  MUST(out.assign({reinterpret_cast<const char*>(&from.addr), from.size}));
  return out;
}

DatagramName name_of(const coap_session_t* session, const coap_pdu_t* request,
                     std::uint16_t device) {
  const std::string_view token = text_of(coap_pdu_get_token(request));
  std::uint32_t sum = crc32c(std::as_bytes(std::span(token)));
  sum = crc32c(std::as_bytes(std::span(payload_of(request))), sum);
  return {endpoint_of(session), static_cast<std::uint16_t>(coap_pdu_get_mid(request)),
          sum ^ number_option(request, COAP_OPTION_BLOCK1).value_or(0), device};
}

bool takes_json(const coap_pdu_t* request) {
  return number_option(request, COAP_OPTION_ACCEPT).value_or(kJson) == kJson;
}

// The id in /v1/messages/ID.
bool read_path(const coap_pdu_t* request, MessageId& id) {
  coap_string_t* const path = coap_get_uri_path(request);
  if (path == nullptr) return false;
  std::string_view text(reinterpret_cast<const char*>(path->s), path->length);
  constexpr std::string_view kBegins = "v1/messages/";
  bool good = text.starts_with(kBegins);
  if (good) text.remove_prefix(kBegins.size());
  good = good && take_number(text, id) && text.empty() && id != 0;
  coap_delete_string(path);
  return good;
}

}  // namespace

void CoapServer::post(coap_session_t* session, const coap_pdu_t* request, coap_pdu_t* response) {
  const Caller caller = caller_of(session);
  CoapAnswer answer;
  AnswerShape shape;
  std::string_view body;
  const DatagramName name = name_of(session, request, caller.number);
  const Instant now = clock_.now();
  if (!caller.known) {
    refuse(answer, 401, ErrorWord::unauthorized, "this device's key is no longer known"_packed,
           words_);
  } else if (number_option(request, COAP_OPTION_CONTENT_FORMAT) != kJson) {
    refuse(answer, 415, ErrorWord::unsupported,
           "the content format must be application/json (50)"_packed, words_);
  } else if (!takes_json(request)) {
    refuse(answer, 406, ErrorWord::unsupported, "answers are application/json (50)"_packed, words_);
  } else if (const Repeats::Known* const known = repeats_.find(name, now)) {
    if (!known->answered()) return;  // an acknowledgment; the answer comes by itself
    if (known->ends_blocks()) shape.block_1 = known->block_1();
    return put_answer(response, known->answer(), shape);
  } else if (take_body(name, request, body, shape, answer) && may_be_sent(caller, body, answer)) {
    const Status added = repeats_.add(name, now);
    Exchange* const one = added == Status::ok ? begin(session, request, name, caller) : nullptr;
    if (one != nullptr) {
      one->handed_in = true;
      one->shape = shape;
      one->body_bytes = body.copy(one->body.data(), one->body.size());
      if (shape.block_1) repeats_.set_block_1(name, *shape.block_1);
      return run(*one, response);
    }
    if (added == Status::timeout) {
      refuse(answer, 429, ErrorWord::too_many, "too many requests of this device"_packed, words_,
             repeats_.wait_s(caller.number, false, now));
    } else if (added == Status::full) {
      refuse(answer, 503, ErrorWord::busy, "too many requests"_packed, words_,
             repeats_.wait_s(caller.number, true, now));
    } else {
      refuse(answer, 503, ErrorWord::busy, "too many requests are waiting"_packed, words_,
             kStayAway_s);
      repeats_.set_answer(name, answer);
    }
  }
  put_answer(response, answer, shape);
}

// False: `answer` is what the datagram gets instead.
bool CoapServer::take_body(const DatagramName& name, const coap_pdu_t* request,
                           std::string_view& body, AnswerShape& shape, CoapAnswer& answer) {
  constexpr std::size_t kMax = limits::local_body_bytes_max;
  body = payload_of(request);
  const auto option = number_option(request, COAP_OPTION_BLOCK1);
  Bodies::Step step = Bodies::Step::whole;
  if (number_option(request, COAP_OPTION_SIZE1).value_or(0) > kMax || body.size() > kMax) {
    step = Bodies::Step::too_large;
  } else if (option) {
    const auto block = read_block(*option);
    step = block ? bodies_.add(name.from, *block, body, clock_.now()) : Bodies::Step::malformed;
    shape.block_1 = *option;
    if (step == Bodies::Step::whole) body = bodies_.body();
  }
  switch (step) {
    case Bodies::Step::whole: return true;
    case Bodies::Step::wants_more: answer.code = coap_code(231); return false;
    case Bodies::Step::incomplete:
      refuse(answer, 408, ErrorWord::invalid, "a block is missing: begin again"_packed, words_);
      return false;
    case Bodies::Step::malformed:
      refuse(answer, 400, ErrorWord::invalid, "a block has another size than it says"_packed,
             words_);
      return false;
    case Bodies::Step::too_large:
      refuse(answer, 413, ErrorWord::too_large, "larger than 16 KiB"_packed, words_);
      static_assert(kMax == 16 * 1024, "the words above name the number");
      answer.size_1 = true;
      return false;
    case Bodies::Step::no_room:
      refuse(answer, 503, ErrorWord::busy, "too many bodies come in blocks"_packed, words_,
             kStayAway_s);
      return false;
  }
  return false;
}

// What is wrong with a request is the agent's to say; only what a device may send is ours.
bool CoapServer::may_be_sent(const Caller& caller, std::string_view body, CoapAnswer& answer) {
  if (caller.device == nullptr || caller.device->scenarios.count == 0) return true;
  JsonFault fault;
  const Result<JsonView> root = parse_json(body, arena_, fault);
  if (!root.ok()) return true;
  const auto scenario = root.value().member("scenario").string();
  if (!scenario || caller.device->may_send(*scenario)) return true;
  refuse(answer, 403, ErrorWord::denied, "this device may not send this scenario"_packed, words_);
  return false;
}

void CoapServer::look(coap_session_t* session, const coap_pdu_t* request, coap_pdu_t* response) {
  const Caller caller = caller_of(session);
  CoapAnswer answer;
  MessageId id = 0;
  const DatagramName name = name_of(session, request, caller.number);
  for (const Exchange& one : exchanges_) {
    const bool again = one.session == session && one.name.message_id == name.message_id &&
                       one.name.sum == name.sum;
    if (again) return;  // an acknowledgment; the answer comes by itself
  }
  if (!caller.known) {
    refuse(answer, 401, ErrorWord::unauthorized, "this device's key is no longer known"_packed,
           words_);
  } else if (!read_path(request, id)) {
    refuse(answer, 404, ErrorWord::not_found, "there is nothing here"_packed, words_);
  } else if (!takes_json(request)) {
    refuse(answer, 406, ErrorWord::unsupported, "answers are application/json (50)"_packed, words_);
  } else if (Exchange* const one = begin(session, request, name, caller)) {
    one->id = id;
    const auto observe = number_option(request, COAP_OPTION_OBSERVE);
    const bool is_first = number_option(request, COAP_OPTION_BLOCK2).value_or(0) >> 4 == 0;
    one->observes = observe == COAP_OBSERVE_ESTABLISH && is_first;
    Observer* const was = observe ? observers_.find(session, one->token.view()) : nullptr;
    if (was != nullptr && observe == COAP_OBSERVE_CANCEL) end(*was);
    one->shape.block_2 = number_option(request, COAP_OPTION_BLOCK2);
    return run(*one, response);
  } else {
    refuse(answer, 503, ErrorWord::busy, "too many requests are waiting"_packed, words_,
           kStayAway_s);
  }
  put_answer(response, answer, {});
}

// The name of a program of this machine is none that a device can have.
Claim CoapServer::Caller::claim() const {
  TextBuffer<Claim::kBytesMax> text;
  text.put(kRelayed).put(device != nullptr ? device->identity.view() : "@loopback");
  if (device != nullptr) text.put(' ').put_number(device->share_percent);
  Claim claim;
  MUST(claim.assign(text.written()));
  return claim;
}

CoapServer::Exchange* CoapServer::take_place(coap_session_t* session) {
  const auto one = std::ranges::find(exchanges_, nullptr, &Exchange::session);
  if (one == exchanges_.end()) return nullptr;
  one->session = coap_session_reference(session);
  one->order = ++last_order_;
  one->handed_in = one->observes = one->is_notice = false;
  one->confirmable = true;
  one->id = 0;
  one->name = {};
  one->shape = {};
  one->body_bytes = 0;
  return &*one;
}

CoapServer::Exchange* CoapServer::begin(coap_session_t* session, const coap_pdu_t* request,
                                        const DatagramName& name, const Caller& caller) {
  const std::string_view token = text_of(coap_pdu_get_token(request));
  Exchange* const one = token.size() <= kTokenBytesMax ? take_place(session) : nullptr;
  if (one == nullptr) return nullptr;
  MUST(one->token.assign(token));
  one->confirmable = coap_pdu_get_type(request) == COAP_MESSAGE_CON;
  one->name = name;
  one->claim = caller.claim();
  return one;
}

void CoapServer::run(Exchange& one, coap_pdu_t* response) {
  one.response = response;
  start_next();
  const Deadline quick{clock_.now() + kQuick};
  while (asking_ == &one && !quick.passed(clock_.now())) {
    const short events = call_.writes() ? POLLOUT : POLLIN;
    pollfd wait[] = {{call_.fd(), events, 0}};
    wait_for_any(wait, quick, clock_);
    if (call_.go_on() != AgentCall::State::under_way) finish();
  }
  if (one.response == response) one.response = nullptr;
}

// Asks the agent for the one that waits longest, unless it is being asked already.
void CoapServer::start_next() {
  while (asking_ == nullptr) {
    Exchange* next = nullptr;
    for (Exchange& one : exchanges_) {
      if (one.session != nullptr && (next == nullptr || one.order < next->order)) next = &one;
    }
    if (next == nullptr) return;
    asking_ = next;
    TextBuffer<64> path;
    path.put(kMessages);
    if (!next->handed_in) path.put('/').put_number(next->id);
    const Method method = next->handed_in ? Method::post : Method::get;
    const std::string_view body(next->body.data(), next->body_bytes);
    if (call_.start(settings_->socket.view(), method, path.written(), body, next->claim.view()) !=
        AgentCall::State::under_way) {
      finish();
    }
  }
}

// The agent has answered, or will not.
void CoapServer::finish() {
  Exchange& one = *asking_;
  CoapAnswer answer;
  read_answer(one, answer);
  if (one.handed_in) repeats_.set_answer(one.name, answer);
  if (one.is_notice) {
    notify(one, answer);
  } else {
    if (one.observes) observe(one, answer);
    deliver(one, answer);
  }
  release(one);
  asking_ = nullptr;
  call_.forget();
  start_next();
}

void CoapServer::read_answer(const Exchange& one, CoapAnswer& answer) {
  const AgentCall::State state = call_.state();
  note_agent(state != AgentCall::State::away);
  switch (state) {
    case AgentCall::State::answered: break;
    case AgentCall::State::away:
      refuse(answer, 503, ErrorWord::busy, "the agent is away"_packed, words_, kStayAway_s);
      return;
    case AgentCall::State::busy:
      refuse(answer, 503, ErrorWord::busy, "the agent is busy with others"_packed, words_,
             kStayAway_s);
      return;
    case AgentCall::State::idle:
    case AgentCall::State::under_way:
    case AgentCall::State::broken:
      refuse(answer, 503, ErrorWord::busy,
             "the agent went away before it had answered; what was asked may have been done"_packed,
             words_, kStayAway_s);
      return;
  }
  const http::AnswerReader& from = call_.answer();
  answer.code = code_of_http(from.status(), one.handed_in);
  answer.body = from.body();
  if (answer.body.ends_with('\n')) answer.body.remove_suffix(1);
  answer.max_age_s = from.retry_after_s().value_or(from.status() == 503 ? kStayAway_s : 0);
  answer.size_1 = from.status() == 413;
  JsonFault fault;
  if (from.status() != 202) return;
  const Result<JsonView> root = parse_json(answer.body, arena_, fault);
  const auto id = root.ok() ? root.value().member("id").integer() : std::optional<std::int64_t>();
  answer.created = static_cast<MessageId>(id.value_or(0));
}

void CoapServer::deliver(const Exchange& one, const CoapAnswer& answer) {
  if (one.response != nullptr) {
    put_answer(one.response, answer, one.shape);
  } else {
    send(one.session, one.confirmable ? COAP_MESSAGE_CON : COAP_MESSAGE_NON, one.token.view(),
         answer, one.shape);
  }
}

// Where there is no memory for it the device asks again.
void CoapServer::send(coap_session_t* session, coap_pdu_type_t type, std::string_view token,
                      const CoapAnswer& answer, const AnswerShape& shape) {
  coap_pdu_t* const pdu = coap_pdu_init(type, COAP_EMPTY_CODE, coap_new_message_id(session),
                                        coap_session_max_pdu_size(session));
  if (pdu == nullptr) return;
  coap_add_token(pdu, token.size(), reinterpret_cast<const std::uint8_t*>(token.data()));
  put_answer(pdu, answer, shape);
  coap_send(session, pdu);
}

void CoapServer::release(Exchange& one) {
  one.response = nullptr;
  coap_session_t* const session = one.session;
  one.session = nullptr;
  coap_session_release(session);
}

void CoapServer::note_agent(bool is_there) {
  if (is_there != agent_away_) return;
  agent_away_ = !is_there;
  if (is_there) {
    log_.line("agent_back");
  } else {
    TextBuffer<128> why;
    log_.line(LogLevel::warning, "agent_away")
        .key("socket", settings_->socket.view())
        .key("why", why.put(error_words(call_.error())).written());
  }
}

}  // namespace fieldpost
