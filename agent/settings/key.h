// One key of the configuration as a row of plain data: what stands in the file, and where it goes.
// Rows cost no code, and a value of any kind is described in eight bytes beside its name.
#pragma once

#include <cstddef>
#include <cstdint>

namespace fieldpost {

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
  apps,
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
  app_name,    // small letters, digits and -
  sha256,      // in hexadecimal
  field_name,  // the same, and not reserved
  loopback_port,
  origin,  // as browsers write it: RFC 6454, 6.2
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
  const char* name;  // "queue.size"; within a template or another value only "language"
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
