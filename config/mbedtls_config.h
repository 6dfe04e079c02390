// The whole configuration of Mbed TLS (3.6.7 or a later 3.6), given to it as MBEDTLS_CONFIG_FILE:
// what isn't here is off. A TLS client that verifies, and nothing else.
//
// How large things may get is decided in config/limits.h; the sizes here are Mbed TLS's own.
#ifndef FIELDPOST_CONFIG_MBEDTLS_CONFIG_H
#define FIELDPOST_CONFIG_MBEDTLS_CONFIG_H

// --- What stands under it ------------------------------------------------------------------------

#define MBEDTLS_HAVE_ASM
#define MBEDTLS_HAVE_TIME
#define MBEDTLS_HAVE_TIME_DATE  // validity of certificates is checked
#define MBEDTLS_PLATFORM_GMTIME_R_ALT  // platform/mbedtls/calendar.cc
#define MBEDTLS_PLATFORM_C

// All memory comes from one static buffer (platform/mbedtls/heap.h). The allocator in force before
// that buffer is handed over is no allocator: a null pointer, so that asking too early stops the
// program instead of reaching for libc's heap.
#define MBEDTLS_PLATFORM_MEMORY
#define MBEDTLS_PLATFORM_STD_CALLOC 0
#define MBEDTLS_PLATFORM_STD_FREE 0

// Random numbers come from the kernel (platform/mbedtls/random.cc). Mbed TLS's own source opens
// /dev/urandom through stdio unless libc is glibc: that takes memory from the heap, and the uplink
// may open no file.
#define MBEDTLS_PSA_CRYPTO_EXTERNAL_RNG

// --- Ciphers and hashes --------------------------------------------------------------------------

#define MBEDTLS_CIPHER_C
#define MBEDTLS_AES_C
#define MBEDTLS_BLOCK_CIPHER_NO_DECRYPT  // GCM runs the cipher forwards only, both ways
// Not MBEDTLS_AES_ROM_TABLES: only the uplink computes AES, and the first use builds what would take
// 1 kB of the program. Without the next line that were 4 kB, for speed that small bodies don't need.
#define MBEDTLS_AES_FEWER_TABLES
#define MBEDTLS_GCM_C  // every server has it (RFC 8446, 9.1); ChaCha20-Poly1305 would cost 3 kB
#define MBEDTLS_MD_C
#define MBEDTLS_SHA224_C  // 3.6 has no SHA-256 without it
#define MBEDTLS_SHA256_C
#define MBEDTLS_SHA256_SMALLER  // loops in place of unrolled rounds: slower by a third, 2 kB less
#define MBEDTLS_SHA384_C
#define MBEDTLS_SHA512_C
#define MBEDTLS_SHA512_SMALLER
// Known by name, so that old roots can be read, but not computed: platform/mbedtls/without. No MD5.
#define MBEDTLS_SHA1_C
#define MBEDTLS_SHA1_ALT

// --- Numbers and keys ----------------------------------------------------------------------------

#define MBEDTLS_BIGNUM_C
#define MBEDTLS_MPI_MAX_SIZE 512   // RSA up to 4096 bits
#define MBEDTLS_MPI_WINDOW_SIZE 2  // the smallest table: we verify with public exponents only
#define MBEDTLS_ECP_C
#define MBEDTLS_ECP_DP_SECP256R1_ENABLED  // every server has it (RFC 8446, 9.1); X25519 costs 2.4 kB
#define MBEDTLS_ECP_DP_SECP384R1_ENABLED
#define MBEDTLS_ECP_NIST_OPTIM
// Half of the multiplications in a handshake are with the curve's own base point. Its multiples as a
// table take 6.6 kB of the program, and a third of the instructions of every handshake, resumed ones
// too. A window wider than 3 for the other half saves 2 % more, for heap that grows with it.
#define MBEDTLS_ECP_WINDOW_SIZE 3
#define MBEDTLS_ECP_FIXED_POINT_OPTIM 1
#define MBEDTLS_ECDH_C
#define MBEDTLS_ECDSA_C
#define MBEDTLS_RSA_C
#define MBEDTLS_PKCS1_V15
#define MBEDTLS_PKCS1_V21

// --- Certificates --------------------------------------------------------------------------------

#define MBEDTLS_ASN1_PARSE_C
#define MBEDTLS_ASN1_WRITE_C  // ECDSA needs it, to write the value it compares
#define MBEDTLS_OID_C
#define MBEDTLS_PK_C
#define MBEDTLS_PK_PARSE_C
#define MBEDTLS_BASE64_C
#define MBEDTLS_PEM_PARSE_C
#define MBEDTLS_X509_USE_C
#define MBEDTLS_X509_CRT_PARSE_C
#define MBEDTLS_X509_RSASSA_PSS_SUPPORT  // TLS 1.3 with an RSA certificate fails without (-0x7780)
// The usual bundle is 463 KB when parsed. Roots are looked up by subject when a chain asks for one.
#define MBEDTLS_X509_TRUSTED_CERTIFICATE_CALLBACK
// Only the words go; the verification flags stay, and platform/mbedtls has its own words for them.
#define MBEDTLS_X509_REMOVE_INFO

// --- TLS -----------------------------------------------------------------------------------------

#define MBEDTLS_SSL_TLS_C
#define MBEDTLS_SSL_CLI_C
#define MBEDTLS_SSL_SERVER_NAME_INDICATION

// 1.2 with ECDHE and AEAD only: no static RSA, no CBC (MBEDTLS_CIPHER_MODE_CBC is off), and no
// renegotiation. A session is bound to its handshake by the extended master secret.
#define MBEDTLS_SSL_PROTO_TLS1_2
#define MBEDTLS_KEY_EXCHANGE_ECDHE_RSA_ENABLED
#define MBEDTLS_KEY_EXCHANGE_ECDHE_ECDSA_ENABLED
#define MBEDTLS_SSL_EXTENDED_MASTER_SECRET

#define MBEDTLS_SSL_PROTO_TLS1_3
#define MBEDTLS_SSL_TLS1_3_COMPATIBILITY_MODE  // middle boxes drop hellos that don't look like 1.2
#define MBEDTLS_SSL_TLS1_3_KEY_EXCHANGE_MODE_EPHEMERAL_ENABLED
// With a ticket, too, each session has fresh keys (ECDHE): who steals a ticket's key reads no more
// than what was sent with it.
#define MBEDTLS_SSL_TLS1_3_KEY_EXCHANGE_MODE_PSK_EPHEMERAL_ENABLED
#define MBEDTLS_SSL_KEEP_PEER_CERTIFICATE  // 1.3 asks for it
#define MBEDTLS_PSA_CRYPTO_C               // so does its key schedule
#define MBEDTLS_PSA_KEY_SLOT_COUNT 8  // one connection uses fewer; each slot takes heap

// What the client offers, in this order. These are the suites that the lines above leave; without the
// list Mbed TLS carries the numbers of all 190 that it has ever known.
#define MBEDTLS_SSL_CIPHERSUITES                                                             \
  MBEDTLS_TLS1_3_AES_256_GCM_SHA384, MBEDTLS_TLS1_3_AES_128_GCM_SHA256,                      \
      MBEDTLS_TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384,                                       \
      MBEDTLS_TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384,                                         \
      MBEDTLS_TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256,                                       \
      MBEDTLS_TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256

// PSA does what the key schedule of 1.3 asks of it, and nothing else: without this list it would take
// up whatever is above, key pairs and their storage formats included. Hashes follow from above.
#define MBEDTLS_PSA_CRYPTO_CONFIG
#define MBEDTLS_PSA_CRYPTO_CONFIG_FILE "config/mbedtls_config.h"  // no second file: it stands here
#define PSA_WANT_ALG_HMAC 1
#define PSA_WANT_ALG_HKDF_EXTRACT 1
#define PSA_WANT_ALG_HKDF_EXPAND 1
#define PSA_WANT_ALG_ECDH 1
#define PSA_WANT_KEY_TYPE_HMAC 1
#define PSA_WANT_KEY_TYPE_ECC_PUBLIC_KEY 1
#define PSA_WANT_KEY_TYPE_ECC_KEY_PAIR_BASIC 1
#define PSA_WANT_KEY_TYPE_ECC_KEY_PAIR_GENERATE 1
#define PSA_WANT_KEY_TYPE_ECC_KEY_PAIR_EXPORT 1

// A lone message pays for a handshake; with a ticket of the one before that is a third of the bytes
// (platform/mbedtls/kept_session.h). No early data, MBEDTLS_SSL_EARLY_DATA: what is sent so can be
// replayed by who sees it, and a message would be sent twice.
#define MBEDTLS_SSL_SESSION_TICKETS

// A record of 1.3 may be padded to hide its length; the library's 16 would add 8 bytes to each of ours,
// and a message of some 500 is not told from another by less.
#define MBEDTLS_SSL_CID_TLS1_3_PADDING_GRANULARITY 1

// A server may send records of 16 KiB whatever we ask for (RFC 8446, 5.1), so that nothing is asked
// for. Ours are small.
#define MBEDTLS_SSL_IN_CONTENT_LEN 16384
#define MBEDTLS_SSL_OUT_CONTENT_LEN 4096

#endif  // FIELDPOST_CONFIG_MBEDTLS_CONFIG_H
