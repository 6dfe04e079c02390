// What we accept from a server; tls_connection.h has it in words.
#pragma once

#include <mbedtls/ssl.h>

#include <cstdint>

namespace fieldpost {

// Sets all of it. False: no memory.
bool set_tls_policy(mbedtls_ssl_config&);

// What the library lets pass and we don't, added to the flags of one certificate: a host that is
// named only in the common name, an issuer whose own certificate is not meant for servers.
std::uint32_t flags_we_add(const mbedtls_x509_crt&, int depth);

}  // namespace fieldpost
