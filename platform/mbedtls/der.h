// Just enough of DER (ITU-T X.690) to find the subject of a certificate without parsing the rest.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>

namespace fieldpost::der {

using Bytes = std::span<const unsigned char>;

struct Element {
  unsigned char tag = 0;
  Bytes content;
  Bytes whole;  // with tag and length
};

// Takes the first element off `from`; nothing where it does not fit.
std::optional<Element> take(Bytes& from);

// The subject of a certificate (RFC 5280, 4.1), as it stands there.
std::optional<Bytes> subject_of(Bytes certificate);

// The same for names that differ only in case or in the kind of string, which Mbed TLS takes for
// equal (RFC 5280, 7.1): an index by it finds every candidate. Names that differ may share one.
std::uint32_t name_hash(Bytes name);

}  // namespace fieldpost::der
