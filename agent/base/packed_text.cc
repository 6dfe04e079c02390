#include "agent/base/packed_text.h"

#include <cstring>

#include "agent/base/text_writer.h"

namespace fieldpost {
namespace {

// Ends, because a pair only holds what stands before it in the table: packing::Pieces sees to that.
void put_code(TextWriter& out, std::uint8_t code) {
  if (packing::is_pair(code)) {
    put_code(out, packing::pair_of(code).first);
    code = packing::pair_of(code).second;
    return put_code(out, code);
  }
  out.put(static_cast<char>(code));
}

}  // namespace

TextWriter& TextWriter::put(PackedText text) {
  const std::size_t before = used_;
  for (const char* at = text.bytes(); *at != '\0'; ++at) {
    if (*at == packing::kAsItIs) {
      put(*++at);
    } else {
      put_code(*this, static_cast<std::uint8_t>(*at));
    }
  }
  if (overflowed_) used_ = before;
  return *this;
}

PackedText PackedWords::word_at(const char* bytes, std::size_t i) {
  while (i-- > 0) bytes += std::strlen(bytes) + 1;
  return PackedText(bytes);
}

}  // namespace fieldpost
