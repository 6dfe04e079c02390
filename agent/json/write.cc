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

TextWriter& put_json_comma(TextWriter& out) {
  const std::string_view before = out.written();
  const bool first = before.ends_with('{') || before.ends_with('[');
  return first ? out : out.put(',');
}

TextWriter& put_json_name(TextWriter& out, const char* name) {
  return put_json_comma(out).put('"').put(name).put("\":");
}

void put_json_text(TextWriter& out, const char* name, std::string_view text) {
  put_json_string(put_json_name(out, name), text);
}

void put_json_text_if_any(TextWriter& out, const char* name, std::string_view text) {
  if (!text.empty()) put_json_text(out, name, text);
}

void put_json_number(TextWriter& out, const char* name, std::uint64_t number) {
  put_json_name(out, name).put_number(number);
}

void put_json_bool(TextWriter& out, const char* name, bool yes) {
  put_json_name(out, name).put(yes ? "true" : "false");
}

void put_json_time(TextWriter& out, const char* name, UnixTime time) {
  put_json_name(out, name);
  if (time.s == 0) {
    out.put("null");
    return;
  }
  out.put('"');
  put_time(out, time);
  out.put('"');
}

void put_json_time_if_any(TextWriter& out, const char* name, UnixTime time) {
  if (time.s != 0) put_json_time(out, name, time);
}

}  // namespace fieldpost
