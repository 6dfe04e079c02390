// The CoAP server (RFC 7252): requests of devices go to the agent one by one, in the order in which
// they came, and each gets the agent's answer.
//
//   datagram ─▶ libcoap ─▶ post() / look() ─▶ Exchange ─▶ AgentCall ─▶ answer
//                                                └─ usually within the same datagram's turn;
//                                                   else it is acknowledged, and answered by itself
//
//   AgentEvents ─▶ Observers ─▶ Exchange ─▶ AgentCall ─▶ a notice, if there is anything new
#pragma once

#include <coap3/coap.h>

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>

#include "agent/base/log.h"
#include "agent/json/arena.h"
#include "agent/port/clock.h"
#include "platform/libcoap/agent_call.h"
#include "platform/libcoap/agent_events.h"
#include "platform/libcoap/bodies.h"
#include "platform/libcoap/coap_settings.h"
#include "platform/libcoap/observers.h"
#include "platform/libcoap/pdu.h"
#include "platform/libcoap/repeats.h"

namespace fieldpost {

class CoapServer {
 public:
  // All borrowed. `arena`: limits::json_arena_bytes.
  CoapServer(const CoapSettings& settings, const Clock& clock, const Log& log,
             std::span<std::byte> arena)
      : settings_(&settings), clock_(clock), log_(log), arena_(arena), call_(clock) {}
  CoapServer(const CoapServer&) = delete;
  CoapServer& operator=(const CoapServer&) = delete;

  // Once, before anything else.
  //   invalid: `why` says what is wrong.
  Status open(TextWriter& why);

  // Waits until something comes, on `also` too, and does what is to be done. Whether it was `also`.
  bool round(int also);

  // After a reload: keys and rights hold from now on, addresses as they were at the start.
  void use(const CoapSettings& settings) { settings_ = &settings; }

 private:
  // A request on its way to the agent.
  struct Exchange {
    coap_session_t* session = nullptr;  // nullptr: free
    std::uint64_t order = 0;
    FixedText<kTokenBytesMax> token;
    bool confirmable = false;
    bool handed_in = false;  // a message, in `body`; else `id` is asked for
    bool observes = false;   // and to be told more
    bool is_notice = false;  // nobody asked now
    MessageId id = 0;
    DatagramName name;
    Claim claim;
    AnswerShape shape;
    coap_pdu_t* response = nullptr;  // while its datagram's turn lasts
    std::size_t body_bytes = 0;
    std::array<char, limits::local_body_bytes_max> body;
  };
  // Who is asking.
  struct Caller {
    bool known = false;
    const CoapDevice* device = nullptr;  // nullptr: a program of this machine
    std::uint16_t number = 0;
    Claim claim() const;
  };

  static void on_post(coap_resource_t*, coap_session_t*, const coap_pdu_t*, const coap_string_t*,
                      coap_pdu_t*);
  static void on_get(coap_resource_t*, coap_session_t*, const coap_pdu_t*, const coap_string_t*,
                     coap_pdu_t*);
  static void on_other(coap_resource_t*, coap_session_t*, const coap_pdu_t*, const coap_string_t*,
                       coap_pdu_t*);
  static const coap_bin_const_t* on_identity(coap_bin_const_t*, coap_session_t*, void*);
  static int on_event(coap_session_t*, coap_event_t);
  static void on_unheard(coap_session_t*, const coap_pdu_t*, coap_nack_reason_t, coap_mid_t);

  bool listen_at(const char* key, std::string_view place, coap_proto_t proto, TextWriter& why);
  void set_up_keys();
  void add_resources();
  Caller caller_of(coap_session_t* session);

  void post(coap_session_t* session, const coap_pdu_t* request, coap_pdu_t* response);
  void look(coap_session_t* session, const coap_pdu_t* request, coap_pdu_t* response);
  // Nothing: `answer` says why not.
  bool may_be_sent(const Caller&, std::string_view body, CoapAnswer& answer);
  bool take_body(const DatagramName&, const coap_pdu_t* request, std::string_view& body,
                 AnswerShape& shape, CoapAnswer& answer);
  // nullptr: too many are under way.
  Exchange* begin(coap_session_t* session, const coap_pdu_t* request, const DatagramName& name,
                  const Caller& caller);
  // The exchange begins, and ends too if the agent is quick.
  void run(Exchange& one, coap_pdu_t* response);
  void start_next();
  void finish();
  void read_answer(const Exchange& one, CoapAnswer& answer);
  Exchange* take_place(coap_session_t* session);

  void observe(const Exchange& one, CoapAnswer& answer);
  void tell_observers();
  void notify(const Exchange& one, CoapAnswer& answer);
  void end(Observer& one);
  bool is_last(const CoapAnswer& answer);
  void deliver(const Exchange& one, const CoapAnswer& answer);
  void release(Exchange& one);
  static void send(coap_session_t* session, coap_pdu_type_t, std::string_view token,
                   const CoapAnswer&, const AnswerShape&);
  void note_agent(bool is_there);

  const CoapSettings* settings_;
  const Clock& clock_;
  const Log& log_;
  JsonArena arena_;
  coap_context_t* context_ = nullptr;
  AgentCall call_;
  Repeats repeats_;
  Bodies bodies_;
  std::uint64_t last_order_ = 0;
  Exchange* asking_ = nullptr;  // the agent
  std::array<Exchange, limits::coap_requests_max> exchanges_;
  bool agent_away_ = false;
  Observers observers_;
  AgentEvents events_{observers_, arena_, clock_};
  std::uint32_t last_notice_ = 0;  // its number: 24 bits that grow (RFC 7641, 3.4)
  Instant notices_from_;           // not earlier, where the agent could not answer
  TextBuffer<1024> words_;         // of a refusal of ours
};

}  // namespace fieldpost
