// The whole configuration of the Mbed TLS in fieldpost-coap: a DTLS 1.2 server with pre-shared keys.
// libcoap names certificates and their parsers wherever it is built, so they are known; nothing here
// ever reads one.
#ifndef FIELDPOST_CONFIG_LIBCOAP_MBEDTLS_CONFIG_H
#define FIELDPOST_CONFIG_LIBCOAP_MBEDTLS_CONFIG_H

// libcoap takes memory with malloc() that it gives back to Mbed TLS, so both have libc's.
#define MBEDTLS_HAVE_ASM
#define MBEDTLS_HAVE_TIME
#define MBEDTLS_PLATFORM_C
#define MBEDTLS_VERSION_C
#define MBEDTLS_TIMING_C
// Random numbers come from the kernel: platform/libcoap/mbedtls_parts.cc.
#define MBEDTLS_NO_PLATFORM_ENTROPY
#define MBEDTLS_ENTROPY_HARDWARE_ALT
#define MBEDTLS_ENTROPY_C
#define MBEDTLS_ENTROPY_FORCE_SHA256
#define MBEDTLS_CTR_DRBG_C

#define MBEDTLS_CIPHER_C
#define MBEDTLS_AES_C
#define MBEDTLS_AES_FEWER_TABLES
#define MBEDTLS_CCM_C  // TLS_PSK_WITH_AES_128_CCM_8 is CoAP's own suite (RFC 7252, 9.1.3.1)
#define MBEDTLS_GCM_C
#define MBEDTLS_MD_C
#define MBEDTLS_SHA224_C  // 3.6 has no SHA-256 without it
#define MBEDTLS_SHA256_C
#define MBEDTLS_SHA256_SMALLER

#define MBEDTLS_ASN1_PARSE_C
#define MBEDTLS_BIGNUM_C
#define MBEDTLS_OID_C
#define MBEDTLS_PK_C
#define MBEDTLS_PK_PARSE_C
#define MBEDTLS_RSA_C
#define MBEDTLS_PKCS1_V15
#define MBEDTLS_X509_USE_C
#define MBEDTLS_X509_CRT_PARSE_C

#define MBEDTLS_SSL_TLS_C
#define MBEDTLS_SSL_SRV_C
#define MBEDTLS_SSL_SERVER_NAME_INDICATION
#define MBEDTLS_SSL_PROTO_TLS1_2
#define MBEDTLS_SSL_PROTO_DTLS
#define MBEDTLS_SSL_DTLS_ANTI_REPLAY
#define MBEDTLS_SSL_COOKIE_C
#define MBEDTLS_SSL_DTLS_HELLO_VERIFY  // nothing is kept or computed for a forged sender
#define MBEDTLS_SSL_DTLS_CLIENT_PORT_REUSE
#define MBEDTLS_SSL_EXTENDED_MASTER_SECRET
#define MBEDTLS_SSL_ENCRYPT_THEN_MAC
#define MBEDTLS_KEY_EXCHANGE_PSK_ENABLED
#define MBEDTLS_PSK_MAX_LEN 64
#define MBEDTLS_SSL_CIPHERSUITES                                                   \
  MBEDTLS_TLS_PSK_WITH_AES_128_CCM_8, MBEDTLS_TLS_PSK_WITH_AES_128_CCM, \
      MBEDTLS_TLS_PSK_WITH_AES_128_GCM_SHA256

// A datagram of CoAP has at most 1,152 bytes here, and a handshake without certificates less.
#define MBEDTLS_SSL_IN_CONTENT_LEN 2048
#define MBEDTLS_SSL_OUT_CONTENT_LEN 2048

#endif  // FIELDPOST_CONFIG_LIBCOAP_MBEDTLS_CONFIG_H
