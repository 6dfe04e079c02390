// The failed check of a certificate, named for people: which one, and what it said.
#pragma once

#include <mbedtls/x509_crt.h>

#include <cstdint>
#include <string_view>

#include "agent/base/fixed_text.h"
#include "agent/base/time.h"
#include "agent/message/state.h"
#include "config/limits.h"

namespace fieldpost {

UnixTime unix_time(const mbedtls_x509_time&);

// Sees every certificate of a chain with the checks it failed, and keeps the gravest one: of a
// chain that nobody vouches for, dates and names say nothing.
class CertificateWords {
 public:
  void start(std::string_view host);
  void look_at(const mbedtls_x509_crt&, std::uint32_t flags);

  // `none`: no certificate failed a check.
  Reason reason() const;
  std::string_view words() const { return words_.view(); }
  std::string_view host() const { return host_.view(); }

 private:
  void write(std::uint32_t flags, const mbedtls_x509_crt&);

  FixedText<limits::host_bytes_max> host_;
  std::size_t rank_ = 0;
  std::uint32_t seen_ = 0;  // all checks that failed so far
  FixedText<limits::detail_bytes_max> words_;
};

}  // namespace fieldpost
