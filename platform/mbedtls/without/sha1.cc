// SHA-1 that refuses; sha1_alt.h says why. A signature that needs it counts as false.

#include <mbedtls/error.h>
#include <mbedtls/sha1.h>

#include <cstddef>

extern "C" {

void mbedtls_sha1_init(mbedtls_sha1_context* /*context*/) {}
void mbedtls_sha1_free(mbedtls_sha1_context* /*context*/) {}
void mbedtls_sha1_clone(mbedtls_sha1_context* /*to*/, const mbedtls_sha1_context* /*from*/) {}

int mbedtls_sha1_starts(mbedtls_sha1_context* /*context*/) {
  return MBEDTLS_ERR_PLATFORM_FEATURE_UNSUPPORTED;
}

int mbedtls_sha1_update(mbedtls_sha1_context* /*context*/, const unsigned char* /*input*/,
                        std::size_t /*size*/) {
  return MBEDTLS_ERR_PLATFORM_FEATURE_UNSUPPORTED;
}

int mbedtls_sha1_finish(mbedtls_sha1_context* /*context*/, unsigned char* /*output*/) {
  return MBEDTLS_ERR_PLATFORM_FEATURE_UNSUPPORTED;
}

int mbedtls_internal_sha1_process(mbedtls_sha1_context* /*context*/,
                                  const unsigned char* /*block*/) {
  return MBEDTLS_ERR_PLATFORM_FEATURE_UNSUPPORTED;
}
}
