// What we accept from a server; tls_connection.h has it in words.
#pragma once

#include <mbedtls/ssl.h>

#include <cstdint>
#include <string_view>

#include "agent/settings/settings.h"

namespace fieldpost {

// Sets all of it. False: no memory.
bool set_tls_policy(mbedtls_ssl_config&);

// What the library lets pass and we don't, and what it would refuse later without saying why, added
// to the flags of one certificate: a host that is named only in the common name, an address only as a
// name, a purpose other than that of servers, in an issuer's certificate too.
std::uint32_t flags_we_add(const mbedtls_x509_crt&, int depth, std::string_view host);

using Pins = decltype(ApiSettings::pins);

// Whether the SHA-256 of its SubjectPublicKeyInfo is one of the pins.
bool is_pinned(const mbedtls_x509_crt&, const Pins&);

}  // namespace fieldpost
