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
// Neither known nor for this host: the sign of a portal or a proxy, which has a certificate of its own.
constexpr std::uint32_t kForeign =
    MBEDTLS_X509_BADCERT_NOT_TRUSTED | MBEDTLS_X509_BADCERT_CN_MISMATCH;

// The gravest first.
constexpr std::array<Check, 9> kChecks = {{
    {kForeign, Reason::intercepted},  // in the chain as a whole, both of them
    // Before the issuer, whom nobody can know by a signature that is not even computed.
    {MBEDTLS_X509_BADCERT_BAD_MD, Reason::tls_weak},
    {MBEDTLS_X509_BADCERT_NOT_TRUSTED, Reason::tls_unknown_issuer},
    {MBEDTLS_X509_BADCERT_BAD_PK | MBEDTLS_X509_BADCERT_BAD_KEY, Reason::tls_weak},
    {MBEDTLS_X509_BADCERT_CN_MISMATCH, Reason::tls_other_name},
    {MBEDTLS_X509_BADCERT_EXPIRED, Reason::tls_expired},
    {MBEDTLS_X509_BADCERT_FUTURE, Reason::tls_not_yet_valid},
    {MBEDTLS_X509_BADCERT_OTHER, Reason::tls_unknown_issuer},  // no pin fits
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

// Whether the server sent one that bears the issuer's name.
bool comes_with_issuer(const mbedtls_x509_crt& certificate) {
  const mbedtls_x509_buf& issuer = certificate.issuer_raw;
  for (const mbedtls_x509_crt* one = certificate.next; one != nullptr; one = one->next) {
    const mbedtls_x509_buf& subject = one->subject_raw;
    if (subject.len == issuer.len && std::memcmp(subject.p, issuer.p, issuer.len) == 0) return true;
  }
  return false;
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

UnixTime unix_time(const mbedtls_x509_time& time) {
  const auto number = [](int part) { return static_cast<std::uint32_t>(part); };
  return {unix_days(number(time.year), number(time.mon), number(time.day)) * 86'400ull +
          number(time.hour) * 3600 + number(time.min) * 60 + number(time.sec)};
}

void CertificateWords::start(std::string_view host) {
  if (host_.assign(host) != Status::ok) host_.clear();
  rank_ = kChecks.size();
  seen_ = 0;
  words_.clear();
}

Reason CertificateWords::reason() const {
  return rank_ < kChecks.size() ? kChecks[rank_].reason : Reason::none;
}

void CertificateWords::look_at(const mbedtls_x509_crt& certificate, std::uint32_t flags) {
  seen_ |= flags;
  for (std::size_t rank = 0; rank < rank_; ++rank) {
    const bool failed =
        rank == 0 ? (seen_ & kForeign) == kForeign : (kChecks[rank].flags & flags) != 0;
    if (!failed) continue;
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
    case Reason::intercepted:
      out.put("was issued by "_packed);
      put_name(out, certificate.issuer);
      out.put(": something on the way answers in place of "_packed).put(host_.view().substr(0, 64));
      break;
    case Reason::tls_unknown_issuer:
      if ((kChecks[rank_].flags & MBEDTLS_X509_BADCERT_OTHER) != 0) {
        out.put("has a key that is none of api.pins, and so have those above it"_packed);
        break;
      }
      out.put("was issued by "_packed);
      put_name(out, certificate.issuer);
      out.put(comes_with_issuer(certificate) ? ", which may not issue it"_packed
                                             : ", which is not in the CA file"_packed);
      out.put(" or did not sign it"_packed);
      break;
    case Reason::tls_weak:
      out.put((flags & MBEDTLS_X509_BADCERT_BAD_MD) != 0
                  ? "is signed with a hash that is no longer safe"_packed
                  : "has, or was signed with, a key that is too weak"_packed);
      break;
    case Reason::tls_other_name:
      put_names_it_is_for(out, certificate);
      out.put(", not for "_packed).put(host_.view().substr(0, 64));
      break;
    case Reason::tls_expired:
      out.put("expired on "_packed);
      put_time(out, unix_time(certificate.valid_to));
      break;
    case Reason::tls_not_yet_valid:
      out.put("is not valid before "_packed);
      put_time(out, unix_time(certificate.valid_from));
      break;
    default: out.put("is not meant for servers, by its key usage or purpose"_packed); break;
  }
  words_.clear();
  if (words_.assign(out.written()) != Status::ok) words_.clear();
}

}  // namespace fieldpost
