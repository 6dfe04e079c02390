#include "platform/mbedtls/tls_connection.h"

#include <mbedtls/net_sockets.h>
#include <psa/crypto.h>

#include <array>

#include "agent/base/assert.h"
#include "agent/base/text_writer.h"
#include "platform/mbedtls/heap.h"

namespace fieldpost {
namespace {

// A server may send more session tickets than anybody wants; a kept connection that goes on with
// them is not quiet.
constexpr int kTicketsInARow = 8;

// What broke a handshake off, where no certificate has words of its own for it.
enum class Broken : std::uint8_t {
  memory,
  late,
  ended,
  old,
  unfit,
  refused,
  no_tls,
  key,
  extension,
  changed
};
constexpr PackedWords kBrokenWords =
    "too little memory for what this server sends\n"
    "the server did not finish the TLS handshake in time\n"
    "the connection ended within the TLS handshake\n"
    "the server wants an older TLS than 1.2\n"
    "the server has no ECDHE on P-256 or P-384 with AES-GCM, or no fit key\n"
    "the server refused the TLS handshake\n"
    "what answers is not TLS\n"
    "a certificate of the server has a kind of key or signature that is not accepted\n"
    "a certificate of the server has a critical extension or a form that is not accepted\n"
    "the TLS handshake was forged or changed on the way\n"_packed_words;
constexpr std::array<Reason, 10> kBrokenReasons = {
    Reason::tls_failed, Reason::connect_failed, Reason::connect_failed, Reason::tls_weak,
    Reason::tls_weak,   Reason::tls_failed,     Reason::tls_failed,     Reason::tls_weak,
    Reason::tls_failed, Reason::tls_failed};
static_assert(kBrokenWords.size() == kBrokenReasons.size() &&
              kBrokenReasons.size() == static_cast<std::size_t>(Broken::changed) + 1);

Broken what_broke(int error, unsigned alert) {
  switch (error) {
    case MBEDTLS_ERR_SSL_WANT_READ:
    case MBEDTLS_ERR_SSL_WANT_WRITE: return Broken::late;
    case MBEDTLS_ERR_SSL_CONN_EOF:
    case MBEDTLS_ERR_NET_CONN_RESET:
    case MBEDTLS_ERR_NET_RECV_FAILED:
    case MBEDTLS_ERR_NET_SEND_FAILED: return Broken::ended;
    case MBEDTLS_ERR_SSL_BAD_PROTOCOL_VERSION: return Broken::old;
    case MBEDTLS_ERR_SSL_INVALID_RECORD:
    case MBEDTLS_ERR_SSL_UNEXPECTED_RECORD: return Broken::no_tls;
    case MBEDTLS_ERR_SSL_FATAL_ALERT_MESSAGE:
      switch (alert) {
        case MBEDTLS_SSL_ALERT_MSG_PROTOCOL_VERSION: return Broken::old;
        case MBEDTLS_SSL_ALERT_MSG_HANDSHAKE_FAILURE:
        case MBEDTLS_SSL_ALERT_MSG_INSUFFICIENT_SECURITY: return Broken::unfit;
        default: return Broken::refused;
      }
    default: break;
  }
  // Of parsing certificates, then of parsing keys (Mbed TLS's error.h). The lowest seven bits tell
  // more of the same.
  const int kind = -error & ~0x7f;
  if (kind == -MBEDTLS_ERR_X509_UNKNOWN_SIG_ALG) return Broken::key;
  if (kind >= 0x2080 && kind < 0x3880) return Broken::extension;
  return kind >= 0x3880 && kind < 0x4000 ? Broken::key : Broken::changed;
}

}  // namespace

Status TlsConnection::start() {
  tls_heap::start();
  if (psa_crypto_init() != PSA_SUCCESS) return Status::io;
  mbedtls_ssl_config_init(&config_);
  mbedtls_ssl_init(&ssl_);
  if (!set_tls_policy(config_)) return Status::io;
  mbedtls_ssl_conf_ca_cb(&config_, find_roots, this);
  mbedtls_ssl_conf_verify(&config_, look_at_certificate, this);
  return Status::ok;
}

bool TlsConnection::open(Socket& socket, std::string_view host, Deadline deadline,
                         Trouble& trouble) {
  ASSERT(!open_);
  trouble = {};
  if (!clock_.wall()) {
    trouble.set(Reason::clock_not_set, "the clock is not set: no certificate can be judged"_packed);
    return false;
  }
  if (host.size() > 2 && host.front() == '[') host = host.substr(1, host.size() - 2);
  if (host.ends_with('.')) host.remove_suffix(1);
  socket_ = &socket;
  words_.start(host);
  pinned_ = false;
  tls_heap::forget_refusals();
  TextBuffer<limits::host_bytes_max + 1> name;
  name.put(host).put('\0');
  int error = name.overflowed() ? MBEDTLS_ERR_SSL_BAD_INPUT_DATA : 0;
  if (error == 0) error = mbedtls_ssl_setup(&ssl_, &config_);
  if (error == 0) error = mbedtls_ssl_set_hostname(&ssl_, name.written().data());
  chain_until_ = {};
  showed_ticket_ = error == 0 && kept_.usable_for(host);
  if (showed_ticket_) error = kept_.offer(ssl_);
  if (error == 0) {
    mbedtls_ssl_set_bio(&ssl_, this, write_to_socket, read_from_socket, nullptr);
    do {
      error = mbedtls_ssl_handshake(&ssl_);
    } while (error != 0 && wait_as_told(error, deadline));
  }
  if (error == 0 && mbedtls_ssl_get_verify_result(&ssl_) != 0) {
    error = MBEDTLS_ERR_X509_CERT_VERIFY_FAILED;
  }
  if (error != 0) {
    explain(error, trouble);
    close();
    return false;
  }
  open_ = true;
  if (chain_until_.s != 0) kept_.verified_until(chain_until_);
  // In 1.3 tickets come later.
  if (ssl_.MBEDTLS_PRIVATE(tls_version) == MBEDTLS_SSL_VERSION_TLS1_2) kept_.keep(ssl_);
  return true;
}

// False: an error, or the deadline.
bool TlsConnection::wait_as_told(int error, Deadline deadline) {
  switch (error) {
    case MBEDTLS_ERR_SSL_WANT_READ: return socket_->wait_readable(deadline);
    case MBEDTLS_ERR_SSL_WANT_WRITE: return socket_->wait_writable(deadline);
    case MBEDTLS_ERR_SSL_RECEIVED_NEW_SESSION_TICKET: kept_.keep(ssl_); return true;
    default: return false;
  }
}

void TlsConnection::explain(int error, Trouble& trouble) const {
  // Before all else: without memory every check fails, whatever the certificate is like.
  if (words_.reason() != Reason::none && !tls_heap::refused()) {
    return trouble.set(words_.reason(), words_.words());
  }
  const bool by_alert = error == MBEDTLS_ERR_SSL_FATAL_ALERT_MESSAGE;
  const unsigned alert = by_alert ? ssl_.MBEDTLS_PRIVATE(in_msg)[1] : 0;
  const Broken broken = tls_heap::refused() ? Broken::memory : what_broke(error, alert);
  const auto row = static_cast<std::size_t>(broken);
  TextBuffer<limits::detail_bytes_max> out;
  out.put(kBrokenWords[row]);
  if (by_alert) {
    out.put(" (alert "_packed).put_number(alert).put(')');
  } else if (broken >= Broken::no_tls) {
    out.put(" (-0x"_packed).put_hex(static_cast<unsigned>(-error), 4).put(')');
  }
  trouble.set(kBrokenReasons[row], out.written());
}

Io TlsConnection::send(std::string_view bytes, Deadline deadline) {
  ASSERT(open_);
  std::size_t sent = 0;
  while (sent < bytes.size()) {
    // Returns a count only once the record that holds those bytes is with the kernel, all of it.
    const int result = mbedtls_ssl_write(
        &ssl_, reinterpret_cast<const unsigned char*>(bytes.data()) + sent, bytes.size() - sent);
    if (result > 0) {
      sent += static_cast<std::size_t>(result);
    } else if (!wait_as_told(result, deadline)) {
      const bool late = result == MBEDTLS_ERR_SSL_WANT_WRITE || result == MBEDTLS_ERR_SSL_WANT_READ;
      return {late ? Io::Kind::timeout : Io::Kind::failed};
    }
  }
  return {Io::Kind::moved, static_cast<std::uint32_t>(sent)};
}

Io TlsConnection::receive(std::span<char> room, Deadline deadline) {
  ASSERT(open_);
  for (;;) {
    const int result =
        mbedtls_ssl_read(&ssl_, reinterpret_cast<unsigned char*>(room.data()), room.size());
    if (result > 0) return {Io::Kind::moved, static_cast<std::uint32_t>(result)};
    if (result == MBEDTLS_ERR_SSL_PEER_CLOSE_NOTIFY) return {Io::Kind::closed};
    if (result == 0) return {Io::Kind::failed};  // the end of TCP without that of TLS
    if (wait_as_told(result, deadline)) {
      // Records that carry nothing for us must not outlast the deadline either.
      if (!deadline.passed(clock_.now())) continue;
      return {Io::Kind::timeout};
    }
    const bool late = result == MBEDTLS_ERR_SSL_WANT_WRITE || result == MBEDTLS_ERR_SSL_WANT_READ;
    return {late ? Io::Kind::timeout : Io::Kind::failed};
  }
}

bool TlsConnection::is_quiet() {
  ASSERT(open_);
  unsigned char byte = 0;
  for (int i = 0; i < kTicketsInARow; ++i) {
    const int result = mbedtls_ssl_read(&ssl_, &byte, 1);
    if (result == MBEDTLS_ERR_SSL_WANT_READ) return true;
    if (result != MBEDTLS_ERR_SSL_RECEIVED_NEW_SESSION_TICKET) return false;
    kept_.keep(ssl_);
  }
  return false;
}

void TlsConnection::say_goodbye() {
  // Once, and not waited for: a peer that takes no more bytes misses nothing.
  leaving_ = true;
  if (open_) mbedtls_ssl_close_notify(&ssl_);
}

void TlsConnection::close() {
  if (socket_ == nullptr) return;
  mbedtls_ssl_free(&ssl_);
  mbedtls_ssl_init(&ssl_);
  open_ = leaving_ = false;
  socket_ = nullptr;
}

int TlsConnection::write_to_socket(void* self, const unsigned char* bytes, std::size_t size) {
  auto& connection = *static_cast<TlsConnection*>(self);
  // What is always followed by something goes along with it: a change of ciphers by a message, the
  // last alert by the end of TCP. A segment of its own costs 52 bytes, and often an answer of 52.
  const bool more = bytes[0] == MBEDTLS_SSL_MSG_CHANGE_CIPHER_SPEC || connection.leaving_;
  const Io io = connection.socket_->send_now({reinterpret_cast<const char*>(bytes), size}, more);
  switch (io.kind) {
    case Io::Kind::moved: return static_cast<int>(io.bytes);
    case Io::Kind::timeout: return MBEDTLS_ERR_SSL_WANT_WRITE;
    case Io::Kind::closed: return MBEDTLS_ERR_NET_CONN_RESET;
    case Io::Kind::failed: break;
  }
  return MBEDTLS_ERR_NET_SEND_FAILED;
}

int TlsConnection::read_from_socket(void* self, unsigned char* room, std::size_t size) {
  const Io io = static_cast<TlsConnection*>(self)->socket_->receive_now(
      {reinterpret_cast<char*>(room), size});
  switch (io.kind) {
    case Io::Kind::moved: return static_cast<int>(io.bytes);
    case Io::Kind::timeout: return MBEDTLS_ERR_SSL_WANT_READ;
    case Io::Kind::closed: return 0;
    case Io::Kind::failed: break;
  }
  return MBEDTLS_ERR_NET_RECV_FAILED;
}

int TlsConnection::find_roots(void* self, const mbedtls_x509_crt* child, mbedtls_x509_crt** found) {
  const Status status = static_cast<TlsConnection*>(self)->roots_.find_issuers(*child, *found);
  return status == Status::ok ? 0 : MBEDTLS_ERR_X509_ALLOC_FAILED;
}

int TlsConnection::look_at_certificate(void* self, mbedtls_x509_crt* certificate, int depth,
                                       std::uint32_t* flags) {
  auto& connection = *static_cast<TlsConnection*>(self);
  *flags |= flags_we_add(*certificate, depth, connection.words_.host());
  if (connection.pins_ != nullptr && connection.pins_->count != 0) {
    // From the root down: at the leaf all have been seen.
    connection.pinned_ |= is_pinned(*certificate, *connection.pins_);
    if (depth == 0 && !connection.pinned_) *flags |= MBEDTLS_X509_BADCERT_OTHER;
  }
  connection.words_.look_at(*certificate, *flags);
  const UnixTime end = unix_time(certificate->valid_to);
  if (depth == 0) connection.certificate_until_ = end;
  UnixTime& chain = connection.chain_until_;
  if (chain.s == 0 || end < chain) chain = end;
  return 0;
}

}  // namespace fieldpost
