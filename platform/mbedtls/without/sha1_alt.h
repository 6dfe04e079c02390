// SHA-1 by name only (MBEDTLS_SHA1_ALT). 30 of the usual 144 roots signed themselves with it, which
// nobody checks; a library that did not know the name could not even read them. But nothing that is
// trusted may rest on SHA-1, so it cannot be computed: see sha1.cc.
#ifndef FIELDPOST_PLATFORM_MBEDTLS_WITHOUT_SHA1_ALT_H
#define FIELDPOST_PLATFORM_MBEDTLS_WITHOUT_SHA1_ALT_H

typedef struct mbedtls_sha1_context {
  unsigned char nothing;
} mbedtls_sha1_context;

#endif  // FIELDPOST_PLATFORM_MBEDTLS_WITHOUT_SHA1_ALT_H
