#include "agent/json/write.h"

namespace fieldpost {
namespace {

// The letter after the backslash, or 0 where there is no short escape.
constexpr char short_escape(char c) {
  switch (c) {
    case '"':
    case '\\': return c;
    case '\b': return 'b';
    case '\f': return 'f';
    case '\n': return 'n';
    case '\r': return 'r';
    case '\t': return 't';
    default: return 0;
  }
}

}  // namespace

void put_json_string(TextWriter& out, std::string_view text) {
  out.put('"');
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (const char letter = short_escape(c); letter != 0) {
      out.put('\\').put(letter);
    } else if (byte < 0x20) {
      out.put("\\u").put_hex(byte, 4);
    } else {
      out.put(c);
    }
  }
  out.put('"');
}

}  // namespace fieldpost
