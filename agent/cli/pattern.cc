#include "agent/cli/pattern.h"

#include <cstring>

#include "agent/api/advice.h"
#include "agent/base/assert.h"
#include "agent/cli/local.h"
#include "agent/cli/words.h"

namespace fieldpost {
namespace {

// What stands between { and }.
struct Place {
  JsonView value;
  std::string_view kind;

  bool is_there() const {
    if (kind == "if") return value.boolean() == true || value.integer().value_or(0) != 0;
    return value.is_number() || !text_of(value).empty();
  }
  void put(TextWriter& out) const {
    if (kind == "words") return put_words_of(out, text_of(value));
    if (kind == "time") return put_readable_time(out, text_of(value));
    if (kind == "seconds") return put_readable_seconds(out, number_of(value));
    if (kind == "bytes") return put_readable_bytes(out, number_of(value));
    if (kind == "if") return;
    if (kind == "advice") {
      out.put(advice_for(static_cast<std::int32_t>(number_of(value))));
      return;
    }
    if (value.is_number()) {
      out.put_number(number_of(value));
    } else {
      out.put(text_of(value));
    }
  }
};

// Reads the place that `at` opens, and leaves `at` behind it.
Place read_place(const char*& at, JsonView object) {
  Place place{object, {}};
  do {
    const char* const name = ++at;
    at += std::strcspn(at, ".:}");
    place.value = place.value.member({name, static_cast<std::size_t>(at - name)});
  } while (*at == '.');
  if (*at == ':') {
    const char* const kind = ++at;
    at += std::strcspn(at, "}");
    place.kind = {kind, static_cast<std::size_t>(at - kind)};
  }
  ++at;
  return place;
}

// Whether all is there that stands within the brackets which open before `at`.
bool all_there(const char* at, JsonView object) {
  for (;;) {
    at += std::strcspn(at, "{]");
    if (*at == ']') return true;
    if (!read_place(at, object).is_there()) return false;
  }
}

}  // namespace

void put_filled(TextWriter& out, PackedText packed, JsonView object) {
  TextBuffer<1024> pattern;
  pattern.put(packed).put('\0');
  ASSERT(!pattern.overflowed());
  for (const char* at = pattern.written().data(); *at != '\0';) {
    if (*at == '{') {
      read_place(at, object).put(out);
    } else if (*at == '[' && !all_there(at + 1, object)) {
      at = std::strchr(at, ']') + 1;
    } else if (*at == '[' || *at == ']') {
      ++at;
    } else {
      const std::size_t plain = std::strcspn(at, "{[]");
      out.put(std::string_view(at, plain));
      at += plain;
    }
  }
}

}  // namespace fieldpost
