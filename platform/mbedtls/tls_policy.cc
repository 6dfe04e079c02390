#include "platform/mbedtls/tls_policy.h"

#include <mbedtls/base64.h>
#include <mbedtls/oid.h>
#include <mbedtls/sha256.h>
#include <mbedtls/ssl_ciphersuites.h>

extern "C" {  // 3.6's header forgets to say so
#include <mbedtls/psa_util.h>
}

#include <algorithm>
#include <array>

#include "platform/linux/uplink/address.h"

namespace fieldpost {
namespace {

// Only suites with fresh keys for each session (ECDHE) that authenticate what they encrypt (AEAD).
constexpr int kSuites[] = {
    MBEDTLS_TLS1_3_AES_128_GCM_SHA256,
    MBEDTLS_TLS1_3_AES_256_GCM_SHA384,
    MBEDTLS_TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256,
    MBEDTLS_TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256,
    MBEDTLS_TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384,
    MBEDTLS_TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384,
    0,
};

constexpr std::uint16_t kGroups[] = {
    MBEDTLS_SSL_IANA_TLS_GROUP_SECP256R1,
    MBEDTLS_SSL_IANA_TLS_GROUP_SECP384R1,
    MBEDTLS_SSL_IANA_TLS_GROUP_NONE,
};

constexpr std::uint16_t kSignatures[] = {
    MBEDTLS_TLS1_3_SIG_ECDSA_SECP256R1_SHA256,
    MBEDTLS_TLS1_3_SIG_ECDSA_SECP384R1_SHA384,
    MBEDTLS_TLS1_3_SIG_RSA_PSS_RSAE_SHA256,
    MBEDTLS_TLS1_3_SIG_RSA_PSS_RSAE_SHA384,
    MBEDTLS_TLS1_3_SIG_RSA_PSS_RSAE_SHA512,
    MBEDTLS_TLS1_3_SIG_RSA_PKCS1_SHA256,
    MBEDTLS_TLS1_3_SIG_RSA_PKCS1_SHA384,
    MBEDTLS_TLS1_3_SIG_RSA_PKCS1_SHA512,
    MBEDTLS_TLS1_3_SIG_NONE,
};

constexpr mbedtls_x509_crt_profile kCertificates = {
    MBEDTLS_X509_ID_FLAG(MBEDTLS_MD_SHA256) | MBEDTLS_X509_ID_FLAG(MBEDTLS_MD_SHA384) |
        MBEDTLS_X509_ID_FLAG(MBEDTLS_MD_SHA512),
    MBEDTLS_X509_ID_FLAG(MBEDTLS_PK_RSA) | MBEDTLS_X509_ID_FLAG(MBEDTLS_PK_RSASSA_PSS) |
        MBEDTLS_X509_ID_FLAG(MBEDTLS_PK_ECKEY) | MBEDTLS_X509_ID_FLAG(MBEDTLS_PK_ECDSA),
    MBEDTLS_X509_ID_FLAG(MBEDTLS_ECP_DP_SECP256R1) | MBEDTLS_X509_ID_FLAG(MBEDTLS_ECP_DP_SECP384R1),
    2048,
};

// RFC 9525, 6.3: the common name was never meant for hosts, a URI is not one, and an address is one
// of its own kind. That a name matches is for the library to say.
bool names_host(const mbedtls_x509_crt& certificate, std::string_view host) {
  Address address;
  const bool is_address = read_address(host, address);
  const std::string_view bytes(reinterpret_cast<const char*>(address.bytes.data()),
                               address.is_v6 ? 16 : 4);
  bool named = false;
  for (const mbedtls_x509_sequence* one = &certificate.subject_alt_names; one != nullptr;
       one = one->next) {
    const std::string_view value(reinterpret_cast<const char*>(one->buf.p), one->buf.len);
    switch (one->buf.tag & MBEDTLS_ASN1_TAG_VALUE_MASK) {
      case MBEDTLS_X509_SAN_IP_ADDRESS: named |= is_address && value == bytes; break;
      case MBEDTLS_X509_SAN_DNS_NAME: named |= !is_address; break;
      case MBEDTLS_X509_SAN_UNIFORM_RESOURCE_IDENTIFIER:
        if (value == host) return false;
        break;
      default: break;
    }
  }
  return named;
}

}  // namespace

bool set_tls_policy(mbedtls_ssl_config& config) {
  if (mbedtls_ssl_config_defaults(&config, MBEDTLS_SSL_IS_CLIENT, MBEDTLS_SSL_TRANSPORT_STREAM,
                                  MBEDTLS_SSL_PRESET_DEFAULT) != 0) {
    return false;
  }
  mbedtls_ssl_conf_authmode(&config, MBEDTLS_SSL_VERIFY_REQUIRED);
  mbedtls_ssl_conf_min_tls_version(&config, MBEDTLS_SSL_VERSION_TLS1_2);
  mbedtls_ssl_conf_max_tls_version(&config, MBEDTLS_SSL_VERSION_TLS1_3);
  mbedtls_ssl_conf_ciphersuites(&config, kSuites);
  mbedtls_ssl_conf_groups(&config, kGroups);
  mbedtls_ssl_conf_sig_algs(&config, kSignatures);
  mbedtls_ssl_conf_cert_profile(&config, &kCertificates);
  mbedtls_ssl_conf_tls13_key_exchange_modes(
      &config, MBEDTLS_SSL_TLS1_3_KEY_EXCHANGE_MODE_EPHEMERAL_ALL);
  mbedtls_ssl_conf_tls13_enable_signal_new_session_tickets(
      &config, MBEDTLS_SSL_TLS1_3_SIGNAL_NEW_SESSION_TICKETS_ENABLED);
  mbedtls_ssl_conf_rng(&config, mbedtls_psa_get_random, MBEDTLS_PSA_RANDOM_STATE);
  return true;
}

std::uint32_t flags_we_add(const mbedtls_x509_crt& certificate, int depth, std::string_view host) {
  // That an issuer may sign certificates at all is looked at by the library when it searches one.
  std::uint32_t flags =
      mbedtls_x509_crt_check_extended_key_usage(&certificate, MBEDTLS_OID_SERVER_AUTH,
                                                MBEDTLS_OID_SIZE(MBEDTLS_OID_SERVER_AUTH)) == 0
          ? 0
          : MBEDTLS_X509_BADCERT_EXT_KEY_USAGE;
  if (depth != 0) return flags;
  // All suites that we offer have the server sign with this key.
  if (mbedtls_x509_crt_check_key_usage(&certificate, MBEDTLS_X509_KU_DIGITAL_SIGNATURE) != 0) {
    flags |= MBEDTLS_X509_BADCERT_KEY_USAGE;
  }
  if (!names_host(certificate, host)) flags |= MBEDTLS_X509_BADCERT_CN_MISMATCH;
  return flags;
}

bool is_pinned(const mbedtls_x509_crt& certificate, const Pins& pins) {
  std::array<unsigned char, 32> sum;
  if (mbedtls_sha256(certificate.pk_raw.p, certificate.pk_raw.len, sum.data(), 0) != 0)
    return false;
  for (std::size_t i = 0; i < pins.count; ++i) {
    std::array<unsigned char, 32> pin{};
    std::size_t size = 0;
    const std::string_view text = pins.items[i].view();
    if (mbedtls_base64_decode(pin.data(), pin.size(), &size,
                              reinterpret_cast<const unsigned char*>(text.data()),
                              text.size()) == 0 &&
        std::equal(pin.begin(), pin.end(), sum.begin())) {
      return true;
    }
  }
  return false;
}

}  // namespace fieldpost
