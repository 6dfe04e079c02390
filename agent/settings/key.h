// One key of the configuration as a row of plain data: what stands in the file, and where it goes.
// A row holds no pointer, so that a table of them needs no relocation and costs no code per key.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace fieldpost {

class KeyName {
 public:
  template <std::size_t N>
  consteval KeyName(const char (&literal)[N]) : size_(N - 1) {
    static_assert(N - 1 <= kBytesMax);
    for (std::size_t i = 0; i < size_; ++i) bytes_[i] = literal[i];
  }
  constexpr std::string_view view() const { return {bytes_, size_}; }

 private:
  static constexpr std::size_t kBytesMax = 26;
  std::uint8_t size_;
  char bytes_[kBytesMax]{};
};

enum class ValueKind : std::uint8_t {
  text,
  list,         // of texts, none twice
  list_or_one,  // a single text is a list of one
  whole,        // a number
  wait,         // "10s"
  wait_or_none,
  word,        // an enum by its words
  flag,        // true or false
  percent,     // "50%"
  queue_size,  // "8MiB", in whole segments
  write_unit,  // "auto" or a power of two
  minute,      // of a day: "22:00"
  // Values with a shape of their own.
  quiet_hours,
  national_digits,
  allow,
  rights,
  template_fields,
  template_text,
};

// What a text must be. check_text() knows the words for each.
enum class TextForm : std::uint8_t {
  any,      // not blank, no control characters
  api_url,  // https, or http to loopback
  proxy_url,
  channel,        // what can stand in a path
  absolute_path,  // starts with /
  socket_path,    // and fits sockaddr_un
  interface,
  key_pin,  // RFC 7469, 2.4
  language,
  name,        // letters, digits, - and _
  field_name,  // the same, and not reserved
  loopback_port,
  secret_path,  // never shown: whoever knows the path can speak to us
  digits,
  country_code,
  time_zone,
};

// The word for "no such thing" where a text may be left out. The empty text does too.
enum class Absent : std::uint8_t { never, off, none, any, empty };

enum class WordSet : std::uint8_t {
  on_uncertain,
  track_until,
  log_target,
  log_level,
  sandbox,
  rights,
};

struct TextShape {
  std::uint16_t bytes_max;
  TextForm form;
  Absent absent;
  std::uint8_t count_min, count_max;  // of a list
};

// Waits are counted in tenths of a second, of which ten years fit.
struct Range {
  std::uint32_t max;
  std::uint16_t min;
};
inline constexpr std::uint64_t kWaitUnitMs = 100;

struct Key {
  KeyName name;  // "queue.size"; within a template or another value only "language"
  ValueKind kind;
  std::uint16_t at;  // offset in the owner: Settings, TemplateSettings, …
  bool required = false;
  union {
    TextShape text{};
    Range range;
    WordSet words;
  };
};

}  // namespace fieldpost
