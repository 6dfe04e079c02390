// A server's chain, and the roots that are to vouch for it:
//
//   at  bytes
//    0    n    the certificates of the chain, in DER, one after the other; none may be there
//    n    m    from the first "-----BEGIN" on: the file of roots; it may be missing
#include <mbedtls/platform.h>
#include <mbedtls/x509_crt.h>

#include <algorithm>
#include <memory>

#include "platform/mbedtls/certificate_words.h"
#include "platform/mbedtls/der.h"
#include "platform/mbedtls/heap.h"
#include "platform/mbedtls/root_store.h"
#include "platform/mbedtls/tls_policy.h"
#include "tests/fuzz/control.h"
#include "tests/fuzz/memory_file.h"
#include "tests/fuzz/targets.h"

namespace fieldpost::fuzz {
namespace {

constexpr const char* kHost = "api.1msg.io";

class Parsed {
 public:
  explicit Parsed(std::string_view ders) {
    mbedtls_x509_crt_init(&chain);
    const mbedtls_x509_crt* last = &chain;
    while (mbedtls_x509_crt_parse_der(&chain, reinterpret_cast<const unsigned char*>(ders.data()),
                                      ders.size()) == 0) {
      ok = true;
      if (last->next != nullptr) last = last->next;
      ders.remove_prefix(last->raw.len);
    }
  }
  ~Parsed() { mbedtls_x509_crt_free(&chain); }

  bool ok = false;
  mbedtls_x509_crt chain;
};

std::string wrong_with_words(const CertificateWords& words) {
  if (has_control(words.words())) return "a control character in the words";
  if (words.reason() != Reason::none && words.words().empty()) return "refused without words";
  return "";
}

struct Judgement {
  RootStore* roots;
  CertificateWords words;
};

int find_issuers(void* judgement, const mbedtls_x509_crt* child, mbedtls_x509_crt** found) {
  return static_cast<Judgement*>(judgement)->roots->find_issuers(*child, *found) == Status::ok
             ? 0
             : MBEDTLS_ERR_X509_ALLOC_FAILED;
}

int look_at(void* judgement, mbedtls_x509_crt* one, int depth, std::uint32_t* flags) {
  *flags |= flags_we_add(*one, depth, kHost);
  static_cast<Judgement*>(judgement)->words.look_at(*one, *flags);
  return 0;
}

std::string wrong_with_roots(std::string_view text, Parsed& child) {
  const Fd file = memory_file(text);
  const auto roots = std::make_unique<RootStore>();
  const Status opened = roots->open(file.get());
  if ((opened == Status::ok) != (roots->count() > 0) && opened != Status::full) {
    return "open, and without a root; or not";
  }
  if (roots->count() > limits::ca_roots_max) return "more roots than there is room for";
  if (!child.ok) return "";
  // As tls_connection.cc has it done in a handshake.
  Judgement judgement{roots.get(), {}};
  judgement.words.start(kHost);
  std::uint32_t flags = 0;
  const int error = mbedtls_x509_crt_verify_with_ca_cb(&child.chain, find_issuers, &judgement,
                                                       &mbedtls_x509_crt_profile_default, kHost,
                                                       &flags, look_at, &judgement);
  if ((error == 0) != (flags == 0)) return "verified, and yet there are flags";
  if (flags != 0 && judgement.words.reason() == Reason::none && flags != ~0U) {
    return "refused without a reason";
  }
  return wrong_with_words(judgement.words);
}

std::string wrong_with_certificate(std::string_view der, const Parsed& parsed) {
  const der::Bytes bytes(reinterpret_cast<const unsigned char*>(der.data()), der.size());
  const std::optional<der::Bytes> subject = der::subject_of(bytes);
  if (!parsed.ok) return "";
  if (!subject) return "a certificate without a subject";
  if (der::name_hash(*subject) !=
      der::name_hash({parsed.chain.subject_raw.p, parsed.chain.subject_raw.len})) {
    return "another subject than Mbed TLS reads";
  }
  CertificateWords words;
  for (std::uint32_t flags = 1; flags != 0 && flags <= MBEDTLS_X509_BADCERT_BAD_KEY * 16;
       flags <<= 1) {
    words.start(kHost);
    words.look_at(parsed.chain, flags | flags_we_add(parsed.chain, 0, kHost));
    if (std::string wrong = wrong_with_words(words); !wrong.empty()) return wrong;
  }
  (void)flags_we_add(parsed.chain, 1, kHost);
  return "";
}

}  // namespace

std::string wrong_with_certificate(std::string_view input) {
  tls_heap::start();
  const std::size_t used = tls_heap::used_bytes();
  const std::size_t roots = std::min(input.find("-----BEGIN"), input.size());
  std::string wrong;
  {
    Parsed child(input.substr(0, roots));
    wrong = wrong_with_certificate(input.substr(0, roots), child);
    if (wrong.empty()) wrong = wrong_with_roots(input.substr(roots), child);
  }
  return wrong.empty() && tls_heap::used_bytes() != used ? "memory is not given back" : wrong;
}

}  // namespace fieldpost::fuzz
