#include "platform/libcoap/server.h"

#include <errno.h>
#include <sys/select.h>

#include <algorithm>
#include <cstring>

#include "agent/settings/address.h"
#include "platform/linux/error_words.h"
#include "platform/linux/uplink/address.h"

namespace fieldpost {
namespace {

// Sessions without a request end after this, and DTLS ones shake hands again.
constexpr unsigned int kSessionIdle_s = 600;
constexpr std::uint32_t kLongestWait_ms = 60'000;
constexpr std::uint32_t kAgentAway_ms = 1000;  // until it is asked again about what is observed

coap_str_const_t as_text(std::string_view text) {
  return {text.size(), reinterpret_cast<const std::uint8_t*>(text.data())};
}

void add_attribute(coap_resource_t* resource, std::string_view name, std::string_view value) {
  coap_str_const_t key = as_text(name), what = as_text(value);
  coap_add_attr(resource, &key, &what, 0);
}

CoapServer& server_of(const coap_session_t* session) {
  return *static_cast<CoapServer*>(coap_get_app_data(coap_session_get_context(session)));
}

}  // namespace

Status CoapServer::open(TextWriter& why) {
  coap_startup();
  context_ = coap_new_context(nullptr);
  if (context_ == nullptr) {
    why.put("libcoap does not start: no memory"_packed);
    return Status::invalid;
  }
  coap_set_app_data(context_, this);
  coap_context_set_block_mode(context_, 0);
  coap_context_set_max_idle_sessions(context_, limits::coap_sessions_max);
  coap_context_set_max_handshake_sessions(context_, limits::coap_handshakes_max);
  coap_context_set_session_timeout(context_, kSessionIdle_s);
  coap_register_event_handler(context_, &on_event);
  coap_register_nack_handler(context_, &on_unheard);
  add_resources();
  const bool dtls = !settings_->listen.empty(), plain = !settings_->loopback.empty();
  if (dtls) set_up_keys();
  if (dtls && !listen_at("listen", settings_->listen.view(), COAP_PROTO_DTLS, why)) {
    return Status::invalid;
  }
  if (plain && !listen_at("loopback", settings_->loopback.view(), COAP_PROTO_UDP, why)) {
    return Status::invalid;
  }
  return Status::ok;
}

bool CoapServer::listen_at(const char* key, std::string_view place, coap_proto_t proto,
                           TextWriter& why) {
  const HostPort at = read_host_port(place).value_or(HostPort{});
  Address host;
  sockaddr_storage address;
  ASSERT(read_address(at.host == "localhost" ? "127.0.0.1" : at.host, host));
  ASSERT(proto == COAP_PROTO_DTLS || is_loopback(host));
  coap_address_t where;
  coap_address_init(&where);
  where.size = to_sockaddr(host, at.port, address);
  std::memcpy(&where.addr, &address, where.size);
  errno = 0;
  if (coap_new_endpoint(context_, &where, proto) == nullptr) {
    put_trouble(why, key, place, error_words(errno));
    return false;
  }
  log_.line("listening").key("at", place).key("dtls", proto == COAP_PROTO_DTLS ? "yes" : "no");
  return true;
}

void CoapServer::set_up_keys() {
  coap_dtls_spsk_t keys{};
  keys.version = COAP_DTLS_SPSK_SETUP_VERSION;
  keys.validate_id_call_back = &on_identity;
  keys.id_call_back_arg = this;
  ASSERT(coap_context_set_psk2(context_, &keys) != 0);
}

void CoapServer::add_resources() {
  static constexpr coap_request_t kOthers[] = {COAP_REQUEST_POST, COAP_REQUEST_DELETE,
                                               COAP_REQUEST_FETCH, COAP_REQUEST_PATCH,
                                               COAP_REQUEST_IPATCH};
  coap_str_const_t path = as_text("v1/messages");
  coap_resource_t* const messages = coap_resource_init(&path, 0);
  coap_resource_t* const others = coap_resource_unknown_init2(&on_other, 0);
  ASSERT(messages != nullptr && others != nullptr);
  coap_register_request_handler(messages, COAP_REQUEST_POST, &on_post);
  add_attribute(messages, "rt", "\"fieldpost.messages\"");
  add_attribute(messages, "ct", "50");
  coap_add_resource(context_, messages);
  // libcoap alone would call it deleted what is not there.
  for (const coap_request_t method : kOthers) {
    coap_register_request_handler(others, method, &on_other);
  }
  coap_register_request_handler(others, COAP_REQUEST_GET, &on_get);
  coap_add_resource(context_, others);
}

bool CoapServer::round(int also) {
  fd_set reads, writes;
  FD_ZERO(&reads);
  FD_ZERO(&writes);
  FD_SET(also, &reads);
  int count = also + 1;
  std::uint32_t wait_ms = kLongestWait_ms;
  tell_observers();
  if (events_.fd() >= 0) {
    FD_SET(events_.fd(), &reads);
    count = std::max(count, events_.fd() + 1);
  }
  const bool agent_is_asked_again = events_.fd() < 0 || clock_.now() < notices_from_;
  if (observers_.count() != 0 && agent_is_asked_again) wait_ms = kAgentAway_ms;
  if (asking_ != nullptr) {
    FD_SET(call_.fd(), call_.writes() ? &writes : &reads);
    count = std::max(count, call_.fd() + 1);
    const Duration left = call_.deadline() - clock_.now();
    if (left.ms < wait_ms) wait_ms = static_cast<std::uint32_t>(left.ms + 1);
  }
  coap_io_process_with_fds(context_, wait_ms, count, &reads, &writes, nullptr);
  if (asking_ != nullptr && call_.go_on() != AgentCall::State::under_way) finish();
  events_.go_on();
  return FD_ISSET(also, &reads);
}

const coap_bin_const_t* CoapServer::on_identity(coap_bin_const_t* identity, coap_session_t*,
                                                void* server) {
  static coap_bin_const_t key;  // libcoap copies it
  const CoapServer& self = *static_cast<const CoapServer*>(server);
  const std::string_view name(reinterpret_cast<const char*>(identity->s), identity->length);
  const CoapDevice* const device = self.settings_->find(name);
  if (device == nullptr) {
    self.log_.line(LogLevel::warning, "device_unknown").key("identity", name.substr(0, 64));
    return nullptr;
  }
  key = {device->key_bytes, device->key.data()};
  return &key;
}

int CoapServer::on_event(coap_session_t* session, coap_event_t event) {
  if (event == COAP_EVENT_DTLS_CLOSED) {
    CoapServer& self = server_of(session);
    while (Observer* const one = self.observers_.of(session)) self.end(*one);
  }
  const coap_bin_const_t* const identity = coap_session_get_psk_identity(session);
  if (event != COAP_EVENT_DTLS_ERROR || identity == nullptr) return 0;
  server_of(session)
      .log_.line(LogLevel::warning, "handshake_failed")
      .key("device", {reinterpret_cast<const char*>(identity->s), identity->length});
  return 0;
}

CoapServer::Caller CoapServer::caller_of(coap_session_t* session) {
  constexpr std::uint16_t kThisMachine = limits::coap_devices_max;
  if (coap_session_get_proto(session) == COAP_PROTO_UDP) return {true, nullptr, kThisMachine};
  const coap_bin_const_t* const identity = coap_session_get_psk_identity(session);
  const coap_bin_const_t* const key = coap_session_get_psk_key(session);
  if (identity == nullptr || key == nullptr) return {};
  const CoapDevice* const device =
      settings_->find({reinterpret_cast<const char*>(identity->s), identity->length});
  // It may have been removed, or have another key, since it shook hands.
  if (device == nullptr || key->length != device->key_bytes ||
      std::memcmp(key->s, device->key.data(), key->length) != 0) {
    return {};
  }
  // With Mbed TLS libcoap says nothing at the end of a handshake: the first request shows it.
  if (coap_session_get_app_data(session) == nullptr) {
    coap_session_set_app_data(session, this);
    log_.line("device_connected").key("device", device->identity.view());
  }
  return {true, device, static_cast<std::uint16_t>(device - settings_->devices.data())};
}

void CoapServer::on_post(coap_resource_t*, coap_session_t* session, const coap_pdu_t* request,
                         const coap_string_t*, coap_pdu_t* response) {
  server_of(session).post(session, request, response);
}

void CoapServer::on_get(coap_resource_t*, coap_session_t* session, const coap_pdu_t* request,
                        const coap_string_t*, coap_pdu_t* response) {
  server_of(session).look(session, request, response);
}

void CoapServer::on_other(coap_resource_t*, coap_session_t*, const coap_pdu_t*,
                          const coap_string_t*, coap_pdu_t* response) {
  coap_pdu_set_code(response, COAP_RESPONSE_CODE_NOT_ALLOWED);
}

}  // namespace fieldpost
