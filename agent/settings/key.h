// One key of the configuration as a row of plain data: what stands in the file, and where it goes.
// A row holds no pointer, so that a table of them needs no relocation and costs no code per key.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>
#include <type_traits>

#include "agent/settings/settings.h"

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

enum class Kind : std::uint8_t {
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
  Kind kind;
  std::uint16_t at;  // offset in the owner: Settings, TemplateSettings, …
  bool required = false;
  union {
    TextShape text{};
    Range range;
    WordSet words;
  };
};

// A member of an owner: its offset together with its type, against which the functions below check
// what a row says. Only a macro can name a member for both.
template <typename Member>
struct Place {
  std::uint16_t at;
};
#define PLACE(Owner, member) \
  Place<decltype(Owner::member)> { offsetof(Owner, member) }

consteval Key required(Key key) {
  key.required = true;
  return key;
}

template <std::size_t N>
consteval Key text(KeyName name, Place<FixedText<N>> to, TextForm form,
                   Absent absent = Absent::never) {
  return {.name = name, .kind = Kind::text, .at = to.at, .text = {N, form, absent, 0, 0}};
}

template <std::size_t Count, std::size_t N>
consteval Key list(KeyName name, Place<TextList<Count, N>> to, TextForm form,
                   std::uint8_t count_min, Kind kind = Kind::list) {
  static_assert(Count <= UINT8_MAX);
  return {
      .name = name, .kind = kind, .at = to.at, .text = {N, form, Absent::never, count_min, Count}};
}

consteval Key whole(KeyName name, Place<std::uint32_t> to, std::uint16_t min, std::uint32_t max) {
  return {.name = name, .kind = Kind::whole, .at = to.at, .range = {max, min}};
}

consteval Key wait(KeyName name, Place<Duration> to, Duration min, Duration max,
                   Kind kind = Kind::wait) {
  const std::uint64_t from = min.ms / kWaitUnitMs, until = max.ms / kWaitUnitMs;
  if (from > UINT16_MAX || until > UINT32_MAX || from * kWaitUnitMs != min.ms) __builtin_trap();
  return {.name = name,
          .kind = kind,
          .at = to.at,
          .range = {static_cast<std::uint32_t>(until), static_cast<std::uint16_t>(from)}};
}

template <typename Enum>
consteval Key word(KeyName name, Place<Enum> to, WordSet words) {
  static_assert(std::is_enum_v<Enum> && sizeof(Enum) == 1);
  return {.name = name, .kind = Kind::word, .at = to.at, .words = words};
}

// Where the type of the member tells the kind.
consteval Kind kind_of(Place<bool>) { return Kind::flag; }
consteval Kind kind_of(Place<std::uint8_t>) { return Kind::percent; }
consteval Kind kind_of(Place<std::uint16_t>) { return Kind::minute; }
consteval Kind kind_of(Place<std::uint32_t>) { return Kind::write_unit; }
consteval Kind kind_of(Place<std::uint64_t>) { return Kind::queue_size; }
consteval Kind kind_of(Place<QuietHours>) { return Kind::quiet_hours; }
consteval Kind kind_of(Place<PhoneSettings>) { return Kind::national_digits; }
consteval Kind kind_of(Place<IntakeSettings>) { return Kind::allow; }
consteval Kind kind_of(Place<Allowance>) { return Kind::rights; }
consteval Kind kind_of(Place<TemplateSettings>) { return Kind::template_text; }

template <typename Member>
consteval Key own(KeyName name, Place<Member> to) {
  return {.name = name, .kind = kind_of(to), .at = to.at, .text = {}};
}

}  // namespace fieldpost
