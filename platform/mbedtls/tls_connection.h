// The TLS client. All TLS policy is in tls_policy.cc: what is accepted is the same everywhere, and
// nothing can switch it off.
//
//   TLS 1.2 and 1.3 · ECDHE with AEAD only · the chain verified against the CA file · the name in a
//   subject alternative name · SHA-2, RSA from 2048 bits, P-256 and P-384 · no renegotiation ·
//   where keys are pinned, one of them in that chain (RFC 7469, 2.6)
#pragma once

#include <mbedtls/ssl.h>

#include <cstdint>
#include <string_view>

#include "agent/base/fixed_text.h"
#include "agent/message/state.h"
#include "agent/port/clock.h"
#include "platform/linux/uplink/connection.h"
#include "platform/linux/uplink/trouble.h"
#include "platform/mbedtls/certificate_words.h"
#include "platform/mbedtls/kept_session.h"
#include "platform/mbedtls/root_store.h"
#include "platform/mbedtls/tls_policy.h"

namespace fieldpost {

class TlsConnection final : public Connection {
 public:
  TlsConnection(const Clock& clock, RootStore& roots)
      : clock_(clock), roots_(roots), kept_(clock) {}
  TlsConnection(const TlsConnection&) = delete;
  TlsConnection& operator=(const TlsConnection&) = delete;

  // Once, in the process that will speak TLS and after its fork: the random generator's state is
  // copied by one (CVE-2026-25835).
  //   io: the library or the kernel's entropy is not to be had.
  Status start();

  // What the chain must hold, besides all else; no pins, no such rule. They stay the caller's.
  void pin(const Pins& pins) { pins_ = &pins; }

  // Shakes hands on a connected socket with the host of that name (or address). On false `trouble`
  // says why, and the socket is of no more use. REQUIRES: start(); not open.
  bool open(Socket& socket, std::string_view host, Deadline, Trouble& trouble);
  // Whether the last open() showed the ticket of an earlier session. The next one after that has
  // none, so that where it failed another try is a plain handshake.
  bool showed_ticket() const { return showed_ticket_; }

  Io send(std::string_view bytes, Deadline) override;
  // `failed` where the connection ends without TLS's own goodbye: an answer may be cut there.
  Io receive(std::span<char> room, Deadline) override;
  bool is_quiet() override;
  void say_goodbye() override;

  // Until when the certificate of the host met last is good; 0: none has been met.
  UnixTime certificate_until() const { return certificate_until_; }

  // Gives the connection's memory back; its ticket stays for the next one.
  void close();

 private:
  bool wait_as_told(int error, Deadline);
  void explain(int error, Trouble&) const;

  static int write_to_socket(void* self, const unsigned char*, std::size_t);
  static int read_from_socket(void* self, unsigned char*, std::size_t);
  static int find_roots(void* self, const mbedtls_x509_crt* child, mbedtls_x509_crt** found);
  static int look_at_certificate(void* self, mbedtls_x509_crt*, int depth, std::uint32_t* flags);

  const Clock& clock_;
  RootStore& roots_;
  Socket* socket_ = nullptr;
  bool open_ = false;
  bool leaving_ = false;
  mbedtls_ssl_config config_{};
  mbedtls_ssl_context ssl_{};
  CertificateWords words_;
  const Pins* pins_ = nullptr;
  bool pinned_ = false;  // a certificate of this handshake's chain is
  UnixTime certificate_until_;
  UnixTime chain_until_;  // the first end of a certificate in it; 0: none was shown
  KeptSession kept_;
  bool showed_ticket_ = false;
};

}  // namespace fieldpost
