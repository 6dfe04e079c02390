// A client without a certificate of its own has no private key. Mbed TLS's tables of what a key can
// do name those operations all the same, so that the linker keeps them: 5 kB. The build includes
// this file before the library's sources that name them (toolchains/dependencies.cmake); they then
// call what private_keys.cc has under these names, and that refuses.
#ifndef FIELDPOST_PLATFORM_MBEDTLS_WITHOUT_PRIVATE_KEYS_H
#define FIELDPOST_PLATFORM_MBEDTLS_WITHOUT_PRIVATE_KEYS_H

#define mbedtls_rsa_pkcs1_sign fieldpost_no_rsa_sign
#define mbedtls_rsa_pkcs1_decrypt fieldpost_no_rsa_decrypt
#define mbedtls_rsa_pkcs1_encrypt fieldpost_no_rsa_encrypt  // nor is there static RSA
#define mbedtls_rsa_check_pub_priv fieldpost_no_rsa_pair
#define mbedtls_ecp_check_pub_priv fieldpost_no_ecp_pair
#define mbedtls_ecdsa_write_signature fieldpost_no_ecdsa_sign
#define mbedtls_pk_sign_ext fieldpost_no_pk_sign

#endif  // FIELDPOST_PLATFORM_MBEDTLS_WITHOUT_PRIVATE_KEYS_H
