// What Mbed TLS calls in place of private key operations; private_keys.h says why. The library's own
// headers declare them, by the names they have there.

#include "platform/mbedtls/without/private_keys.h"

#include <mbedtls/ecdsa.h>
#include <mbedtls/ecp.h>
#include <mbedtls/error.h>
#include <mbedtls/pk.h>
#include <mbedtls/rsa.h>

#include <cstddef>

extern "C" {

int mbedtls_rsa_pkcs1_sign(mbedtls_rsa_context*, mbedtls_f_rng_t*, void*, mbedtls_md_type_t,
                           unsigned int, const unsigned char*, unsigned char*) {
  return MBEDTLS_ERR_PLATFORM_FEATURE_UNSUPPORTED;
}

int mbedtls_rsa_pkcs1_decrypt(mbedtls_rsa_context*, mbedtls_f_rng_t*, void*, std::size_t*,
                              const unsigned char*, unsigned char*, std::size_t) {
  return MBEDTLS_ERR_PLATFORM_FEATURE_UNSUPPORTED;
}

int mbedtls_rsa_pkcs1_encrypt(mbedtls_rsa_context*, mbedtls_f_rng_t*, void*, std::size_t,
                              const unsigned char*, unsigned char*) {
  return MBEDTLS_ERR_PLATFORM_FEATURE_UNSUPPORTED;
}

int mbedtls_rsa_check_pub_priv(const mbedtls_rsa_context*, const mbedtls_rsa_context*) {
  return MBEDTLS_ERR_PLATFORM_FEATURE_UNSUPPORTED;
}

int mbedtls_ecp_check_pub_priv(const mbedtls_ecp_keypair*, const mbedtls_ecp_keypair*,
                               mbedtls_f_rng_t*, void*) {
  return MBEDTLS_ERR_PLATFORM_FEATURE_UNSUPPORTED;
}

int mbedtls_ecdsa_write_signature(mbedtls_ecdsa_context*, mbedtls_md_type_t, const unsigned char*,
                                  std::size_t, unsigned char*, std::size_t, std::size_t*,
                                  mbedtls_f_rng_t*, void*) {
  return MBEDTLS_ERR_PLATFORM_FEATURE_UNSUPPORTED;
}

int mbedtls_pk_sign_ext(mbedtls_pk_type_t, mbedtls_pk_context*, mbedtls_md_type_t,
                        const unsigned char*, std::size_t, unsigned char*, std::size_t,
                        std::size_t*, mbedtls_f_rng_t*, void*) {
  return MBEDTLS_ERR_PLATFORM_FEATURE_UNSUPPORTED;
}
}
