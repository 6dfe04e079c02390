#include "platform/mbedtls/kept_session.h"

#include <mbedtls/platform_util.h>

#include <cstring>

namespace fieldpost {
namespace {

// Each resumed session brings a ticket of its own, so that without an end a server that has lost its
// key could stay trusted for as long as its certificate says (RFC 8446, 4.6.1).
constexpr Duration kVerifyAgain = 24_h;

}  // namespace

void KeptSession::verified_until(UnixTime end) {
  verified_at_ = clock_.wall().value_or(end);
  certificates_until_ = end;
  verify_again_at_ = clock_.now() + kVerifyAgain;
}

void KeptSession::keep(const mbedtls_ssl_context& tls) {
  forget();
  const mbedtls_ssl_session& session = *tls.MBEDTLS_PRIVATE(session);
  const char* const host = session.MBEDTLS_PRIVATE(hostname);
  const std::size_t bytes = session.MBEDTLS_PRIVATE(ticket_len);
  if (host == nullptr || bytes == 0 || bytes > ticket_.size()) return;
  session_ = session;
  session_.MBEDTLS_PRIVATE(peer_cert) = nullptr;
  // Those of the connection that is open; a ticket has a key of its own.
  mbedtls_platform_zeroize(&session_.MBEDTLS_PRIVATE(app_secrets),
                           sizeof session_.MBEDTLS_PRIVATE(app_secrets));
  std::memcpy(ticket_.data(), session.MBEDTLS_PRIVATE(ticket), bytes);
  std::memcpy(host_.data(), host, std::strlen(host) + 1);
  session_.MBEDTLS_PRIVATE(ticket) = ticket_.data();
  session_.MBEDTLS_PRIVATE(hostname) = host_.data();
  // 1.2 may leave the time open (RFC 5077, 3.3).
  const std::uint32_t seconds = session.MBEDTLS_PRIVATE(ticket_lifetime);
  usable_until_ = seconds == 0 ? kNever : clock_.now() + Duration{seconds * 1000ull};
}

bool KeptSession::usable_for(std::string_view host) const {
  const auto wall = clock_.wall();
  return session_.MBEDTLS_PRIVATE(ticket) != nullptr && host == host_.data() &&
         clock_.now() < earlier(usable_until_, verify_again_at_) &&
         // A clock that was set back meanwhile has to judge anew.
         wall && *wall >= verified_at_ && *wall < certificates_until_;
}

int KeptSession::offer(mbedtls_ssl_context& tls) {
  const int error = mbedtls_ssl_set_session(&tls, &session_);
  forget();
  return error;
}

void KeptSession::forget() {
  mbedtls_platform_zeroize(&session_, sizeof session_);
  mbedtls_platform_zeroize(ticket_.data(), ticket_.size());
}

}  // namespace fieldpost
