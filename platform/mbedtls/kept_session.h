// What is kept of a session whose server was verified, so that the next handshake with the same host
// need not do that again: its ticket, its keys, and how long they may be used.
//
// In this process's memory only; beside the TLS heap, which is as it was between two connections.
#pragma once

#include <mbedtls/ssl.h>

#include <array>
#include <string_view>

#include "agent/port/clock.h"
#include "config/limits.h"

namespace fieldpost {

class KeptSession {
 public:
  explicit KeptSession(const Clock& clock) : clock_(clock) {}
  KeptSession(const KeptSession&) = delete;
  KeptSession& operator=(const KeptSession&) = delete;
  ~KeptSession() { forget(); }

  // A handshake has just verified a chain, whose certificates are all good until then.
  void verified_until(UnixTime end);

  // Keeps the session of an open connection in place of what was kept; none where it has no ticket,
  // or one larger than limits::ticket_bytes_max.
  void keep(const mbedtls_ssl_context&);

  bool usable_for(std::string_view host) const;
  // Gives it to a handshake that is about to begin, and forgets it: a ticket is shown once (RFC 8446,
  // C.4), and one that brings trouble brings it once. The result is the library's.
  int offer(mbedtls_ssl_context&);

  void forget();

 private:
  const Clock& clock_;
  mbedtls_ssl_session session_{};  // its pointers are null, or into the arrays
  std::array<unsigned char, limits::ticket_bytes_max> ticket_{};
  std::array<char, limits::host_bytes_max + 1> host_{};
  Instant usable_until_;
  // Of the last chain that was verified: resumed sessions see none, however many.
  Instant verify_again_at_;
  UnixTime verified_at_, certificates_until_;
};

}  // namespace fieldpost
