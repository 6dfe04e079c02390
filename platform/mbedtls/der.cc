#include "platform/mbedtls/der.h"

#include <array>

#include "agent/base/crc32c.h"

namespace fieldpost::der {
namespace {

constexpr unsigned char kSequence = 0x30, kExplicit0 = 0xa0;

std::uint32_t add(std::uint32_t sum, Bytes bytes, bool fold_case) {
  for (const unsigned char byte : bytes) {
    const bool upper = fold_case && byte >= 'A' && byte <= 'Z';
    const std::array<std::byte, 1> one{static_cast<std::byte>(upper ? byte + 32 : byte)};
    sum = crc32c(one, sum);
  }
  return sum;
}

}  // namespace

std::optional<Element> take(Bytes& from) {
  if (from.size() < 2) return std::nullopt;
  std::size_t length = from[1];
  std::size_t head = 2;
  if (length >= 0x80) {
    const std::size_t bytes = length & 0x7f;
    if (bytes == 0 || bytes > 3 || from.size() < 2 + bytes) return std::nullopt;
    length = 0;
    for (std::size_t i = 0; i < bytes; ++i) length = (length << 8) | from[2 + i];
    head += bytes;
  }
  if (length > from.size() - head) return std::nullopt;
  const Element element{from[0], from.subspan(head, length), from.first(head + length)};
  from = from.subspan(head + length);
  return element;
}

std::optional<Bytes> subject_of(Bytes certificate) {
  const std::optional<Element> outer = take(certificate);
  if (!outer || outer->tag != kSequence) return std::nullopt;
  Bytes in = outer->content;
  const std::optional<Element> to_be_signed = take(in);
  if (!to_be_signed || to_be_signed->tag != kSequence) return std::nullopt;
  in = to_be_signed->content;
  if (!in.empty() && in[0] == kExplicit0 && !take(in)) return std::nullopt;  // version
  // Serial number, signature, issuer, validity stand before it.
  for (int i = 0; i < 4; ++i) {
    if (!take(in)) return std::nullopt;
  }
  const std::optional<Element> subject = take(in);
  if (!subject || subject->tag != kSequence) return std::nullopt;
  return subject->whole;
}

std::uint32_t name_hash(Bytes name) {
  std::uint32_t sum = 0;
  const std::optional<Element> sequence = take(name);
  Bytes sets = sequence ? sequence->content : Bytes();
  while (std::optional<Element> set = take(sets)) {
    Bytes pairs = set->content;
    while (std::optional<Element> pair = take(pairs)) {
      Bytes in = pair->content;
      const std::optional<Element> type = take(in);
      const std::optional<Element> value = take(in);
      if (!type || !value) continue;
      sum = add(sum, type->whole, false);
      sum = add(sum, value->content, true);
    }
  }
  return sum;
}

}  // namespace fieldpost::der
