#include "platform/mbedtls/certificate_words.h"

#include <mbedtls/oid.h>

#include <array>
#include <cstring>

#include "agent/base/packed_text.h"
#include "agent/base/text_writer.h"

namespace fieldpost {
namespace {

struct Check {
  std::uint32_t flags;
  Reason reason;
};
// The gravest first.
constexpr std::array<Check, 7> kChecks = {{
    // Before the issuer, whom nobody can know by a signature that is not even computed.
    {MBEDTLS_X509_BADCERT_BAD_MD, Reason::tls_weak},
    {MBEDTLS_X509_BADCERT_NOT_TRUSTED, Reason::tls_unknown_issuer},
    {MBEDTLS_X509_BADCERT_BAD_PK | MBEDTLS_X509_BADCERT_BAD_KEY, Reason::tls_weak},
    {MBEDTLS_X509_BADCERT_CN_MISMATCH, Reason::tls_other_name},
    {MBEDTLS_X509_BADCERT_EXPIRED, Reason::tls_expired},
    {MBEDTLS_X509_BADCERT_FUTURE, Reason::tls_not_yet_valid},
    {0xffffffffu, Reason::tls_failed},
}};

// Whatever a certificate says may come from an attacker and ends up in a log.
void put_harmless(TextWriter& out, const unsigned char* bytes, std::size_t size) {
  for (std::size_t i = 0; i < size && i < 64; ++i) {
    const auto c = static_cast<char>(bytes[i]);
    out.put(c >= ' ' && c <= '~' && c != '"' && c != '\\' ? c : '?');
  }
}

void put_name(TextWriter& out, const mbedtls_x509_name& name) {
  const mbedtls_x509_name* best = nullptr;
  for (const mbedtls_x509_name* part = &name; part != nullptr; part = part->next) {
    if (part->oid.p == nullptr || part->val.p == nullptr) continue;
    const bool common = MBEDTLS_OID_CMP(MBEDTLS_OID_AT_CN, &part->oid) == 0;
    if (common || best == nullptr) best = part;
    if (common) break;
  }
  if (best == nullptr) {
    out.put("(no name)"_packed);
  } else {
    put_harmless(out, best->val.p, best->val.len);
  }
}

void put_date(TextWriter& out, const mbedtls_x509_time& time) {
  const auto two_digits = [&out](int number) {
    out.put(static_cast<char>('0' + number / 10 % 10)).put(static_cast<char>('0' + number % 10));
  };
  two_digits(time.year / 100);
  two_digits(time.year % 100);
  out.put('-');
  two_digits(time.mon);
  out.put('-');
  two_digits(time.day);
}

void put_names_it_is_for(TextWriter& out, const mbedtls_x509_crt& certificate) {
  constexpr int kDnsName = MBEDTLS_ASN1_CONTEXT_SPECIFIC | MBEDTLS_X509_SAN_DNS_NAME;
  int named = 0;
  for (const mbedtls_x509_sequence* one = &certificate.subject_alt_names;
       one != nullptr && named < 2; one = one->next) {
    if (one->buf.tag != kDnsName) continue;
    out.put(named++ == 0 ? "is for " : ", ");
    put_harmless(out, one->buf.p, one->buf.len);
  }
  if (named == 0) out.put("names no host (subjectAltName)"_packed);
}

}  // namespace

void CertificateWords::start(std::string_view host) {
  if (host_.assign(host) != Status::ok) host_.clear();
  rank_ = kChecks.size();
  words_.clear();
}

Reason CertificateWords::reason() const {
  return rank_ < kChecks.size() ? kChecks[rank_].reason : Reason::none;
}

void CertificateWords::look_at(const mbedtls_x509_crt& certificate, std::uint32_t flags) {
  for (std::size_t rank = 0; rank < rank_; ++rank) {
    if ((kChecks[rank].flags & flags) == 0) continue;
    rank_ = rank;
    write(flags, certificate);
    return;
  }
}

void CertificateWords::write(std::uint32_t flags, const mbedtls_x509_crt& certificate) {
  TextBuffer<limits::detail_bytes_max> out;
  out.put("the certificate of "_packed);
  put_name(out, certificate.subject);
  out.put(' ');
  switch (kChecks[rank_].reason) {
    case Reason::tls_unknown_issuer:
      out.put("was issued by "_packed);
      put_name(out, certificate.issuer);
      out.put(", which the CA file does not vouch for"_packed);
      break;
    case Reason::tls_weak:
      out.put((flags & MBEDTLS_X509_BADCERT_BAD_MD) != 0
                  ? "is signed with a hash that is no longer safe"_packed
                  : "has a key that is too weak"_packed);
      break;
    case Reason::tls_other_name:
      put_names_it_is_for(out, certificate);
      out.put(", not for "_packed).put(host_.view().substr(0, 64));
      break;
    case Reason::tls_expired:
      out.put("expired on "_packed);
      put_date(out, certificate.valid_to);
      break;
    case Reason::tls_not_yet_valid:
      out.put("is not valid before "_packed);
      put_date(out, certificate.valid_from);
      break;
    default: out.put("may not be used for this (flags 0x"_packed).put_hex(flags, 8).put(')'); break;
  }
  words_.clear();
  if (words_.assign(out.written()) != Status::ok) words_.clear();
}

}  // namespace fieldpost
