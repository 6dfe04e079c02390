// The trusted roots, found in the CA file when a chain asks for one.
//
// The usual bundle takes 463 KB once parsed; an index of subjects and places takes 12 bytes a root.
// The file comes open and is read with pread: whoever uses this may have lost the right to open any.
#pragma once

#include <mbedtls/x509_crt.h>

#include <array>
#include <cstddef>
#include <cstdint>

#include "agent/base/status.h"
#include "config/limits.h"

namespace fieldpost {

class RootStore {
 public:
  // Reads the whole file once. `fd` stays the caller's and must stay open.
  //   not_found: no certificate in it.   full: more than limits::ca_roots_max.
  //   io: it cannot be read.
  Status open(int fd);

  std::size_t count() const { return count_; }

  // All roots whose subject may be the issuer of `child`, as a chain that the caller frees with
  // mbedtls_x509_crt_free() and mbedtls_free(): both roots of a cross-signed one. nullptr: none.
  //   full: no memory for one of them.
  Status find_issuers(const mbedtls_x509_crt& child, mbedtls_x509_crt*& found);

 private:
  struct Entry {
    std::uint32_t subject_hash;
    std::uint32_t text_at;  // of its base64 in the file
    std::uint32_t text_bytes;
  };

  // The DER of an entry, in der_; its size.
  Result<std::size_t> load(const Entry&);
  void add(std::uint32_t text_at, std::uint32_t text_bytes);

  int fd_ = -1;
  std::size_t count_ = 0;
  std::array<Entry, limits::ca_roots_max> entries_{};
  // A root of 4096 bits takes about 1.5 KB; base64 is a third longer, line ends come on top.
  std::array<unsigned char, 4096> der_{};
  std::array<char, 6144> text_{};
};

}  // namespace fieldpost
