// The kinds of values a key can have. Each kind is a type with two functions:
//   read: a value of the file → the member; false: refused, `reading` says what it must be;
//   put:  the member → JSON that read() takes.
// The checks behind them are plain functions, so that a key costs a few bytes of code.
#pragma once

#include <cstdint>
#include <limits>
#include <optional>
#include <span>
#include <string_view>

#include "agent/base/text_writer.h"
#include "agent/json/tree.h"
#include "agent/json/write.h"
#include "agent/settings/reading.h"
#include "agent/settings/settings.h"

namespace fieldpost {

// Looks at a text and may shorten it to what is to be kept. Returns what it must be, or nothing if
// it is that.
using TextRule = std::string_view (*)(std::string_view& text);

std::string_view any_text(std::string_view& text);       // not blank, no control characters
std::string_view api_url(std::string_view& text);        // https, or http to loopback
std::string_view proxy_url(std::string_view& text);      // http://HOST:PORT
std::string_view channel_id(std::string_view& text);     // what can stand in a path
std::string_view absolute_path(std::string_view& text);  // starts with /
std::string_view socket_path(std::string_view& text);    // and fits sockaddr_un
std::string_view interface_name(std::string_view& text);
std::string_view key_pin(std::string_view& text);  // RFC 7469, 2.4
std::string_view language_code(std::string_view& text);
std::string_view name_word(std::string_view& text);   // letters, digits, - and _
std::string_view field_name(std::string_view& text);  // the same, and not reserved
std::string_view loopback_port(std::string_view& text);
std::string_view secret_path(std::string_view& text);
std::string_view some_digits(std::string_view& text);
std::string_view country_code(std::string_view& text);
std::string_view time_zone(std::string_view& text);

// The text of `value` if it has at most `bytes_max` bytes and follows the rule. `absent` is the
// word for "no such thing", for which the answer is the empty text; nullptr: there must be one.
std::optional<std::string_view> read_text(JsonView value, TextRule rule, const char* absent,
                                          std::size_t bytes_max, Reading& reading);

void put_text(TextWriter& out, std::string_view text, const char* absent);

struct ListShape {
  TextRule rule;
  std::size_t count_min, count_max, bytes_max;
  bool or_one;  // a single text is a list of one
};
// Hands each text of `value` to `add`, which answers false for one that is there already.
bool read_list(JsonView value, const ListShape& shape, void* list,
               bool (*add)(void* list, std::string_view text), Reading& reading);
std::optional<std::uint64_t> read_whole(JsonView value, std::uint64_t min, std::uint64_t max,
                                        Reading& reading);
std::optional<Duration> read_wait(JsonView value, Duration min, Duration max, bool or_none,
                                  Reading& reading);
std::optional<std::uint64_t> read_bytes(JsonView value, std::uint64_t min, std::uint64_t max,
                                        std::uint64_t multiple_of, Reading& reading);
std::optional<bool> read_flag(JsonView value, Reading& reading);
std::optional<std::uint64_t> read_percent(JsonView value, Reading& reading);
std::optional<std::size_t> read_word(JsonView value, std::span<const std::string_view> words,
                                     Reading& reading);
void put_bytes(TextWriter& out, std::uint64_t bytes);  // "8MiB"
void put_percent(TextWriter& out, std::uint64_t percent);

// What stands for "no such thing" where a text may be left out. The empty text does too.
inline constexpr char kOff[] = "off";
inline constexpr char kNone[] = "none";
inline constexpr char kAny[] = "any";
inline constexpr char kEmpty[] = "";

template <TextRule kRule, const char* kAbsent = nullptr>
struct TextValue {
  template <std::size_t N>
  static bool read(JsonView value, FixedText<N>& to, Reading& reading) {
    const auto text = read_text(value, kRule, kAbsent, N, reading);
    return text && to.assign(*text) == Status::ok;
  }
  template <std::size_t N>
  static void put(const FixedText<N>& from, TextWriter& out) {
    put_text(out, from.view(), kAbsent);
  }
};

// Shown without what makes it work: whoever knows the path can speak to us.
struct SecretPath : TextValue<secret_path, kOff> {
  template <std::size_t N>
  static void put(const FixedText<N>& from, TextWriter& out) {
    put_json_string(out, from.empty() ? kOff : "(set)");
  }
};

template <std::uint64_t kMin, std::uint64_t kMax>
struct WholeValue {
  template <typename Integer>
  static bool read(JsonView value, Integer& to, Reading& reading) {
    static_assert(kMax <= std::numeric_limits<Integer>::max());
    const auto number = read_whole(value, kMin, kMax, reading);
    if (number) to = static_cast<Integer>(*number);
    return number.has_value();
  }
  template <typename Integer>
  static void put(Integer from, TextWriter& out) {
    out.put_number(from);
  }
};

// Milliseconds; kOrNone: "none" is zero.
template <std::uint64_t kMin, std::uint64_t kMax, bool kOrNone = false>
struct WaitValue {
  static bool read(JsonView value, Duration& to, Reading& reading) {
    const auto wait = read_wait(value, Duration{kMin}, Duration{kMax}, kOrNone, reading);
    if (wait) to = *wait;
    return wait.has_value();
  }
  static void put(Duration from, TextWriter& out) {
    out.put('"');
    if (kOrNone && from.ms == 0) {
      out.put("none");
    } else {
      put_duration(out, from);
    }
    out.put('"');
  }
};

template <std::uint64_t kMin, std::uint64_t kMax, std::uint64_t kMultipleOf>
struct BytesValue {
  static bool read(JsonView value, std::uint64_t& to, Reading& reading) {
    const auto bytes = read_bytes(value, kMin, kMax, kMultipleOf, reading);
    if (bytes) to = *bytes;
    return bytes.has_value();
  }
  static void put(std::uint64_t from, TextWriter& out) { put_bytes(out, from); }
};

struct FlagValue {
  static bool read(JsonView value, bool& to, Reading& reading) {
    const auto flag = read_flag(value, reading);
    if (flag) to = *flag;
    return flag.has_value();
  }
  static void put(bool from, TextWriter& out) { out.put(from ? "true" : "false"); }
};

struct PercentValue {
  static bool read(JsonView value, std::uint8_t& to, Reading& reading) {
    const auto percent = read_percent(value, reading);
    if (percent) to = static_cast<std::uint8_t>(*percent);
    return percent.has_value();
  }
  static void put(std::uint8_t from, TextWriter& out) { put_percent(out, from); }
};

// An enum by its words; row i of kNames is the word for the i-th of kValues.
template <const auto& kWords>
struct WordValue {
  template <typename Enum>
  static bool read(JsonView value, Enum& to, Reading& reading) {
    const auto i = read_word(value, kWords.words, reading);
    if (i) to = kWords.values[*i];
    return i.has_value();
  }
  template <typename Enum>
  static void put(Enum from, TextWriter& out) {
    for (std::size_t i = 0; i < kWords.values.size(); ++i) {
      if (kWords.values[i] == from) put_json_string(out, kWords.words[i]);
    }
  }
};

// A list of texts, each under the same rule and none twice.
template <TextRule kRule, std::size_t kCountMin, bool kOrOne = false>
struct ListValue {
  template <std::size_t Count, std::size_t Bytes>
  static bool read(JsonView value, TextList<Count, Bytes>& to, Reading& reading) {
    using List = TextList<Count, Bytes>;
    constexpr ListShape kShape{kRule, kCountMin, Count, Bytes, kOrOne};
    to.count = 0;
    return read_list(
        value, kShape, &to,
        [](void* erased, std::string_view text) {
          List& list = *static_cast<List*>(erased);
          for (std::size_t i = 0; i < list.count; ++i) {
            if (list.items[i] == text) return false;
          }
          return list.items[list.count++].assign(text) == Status::ok;
        },
        reading);
  }
  template <std::size_t Count, std::size_t Bytes>
  static void put(const TextList<Count, Bytes>& from, TextWriter& out) {
    out.put('[');
    for (std::size_t i = 0; i < from.count; ++i) {
      if (i > 0) out.put(',');
      put_json_string(out, from.items[i].view());
    }
    out.put(']');
  }
};

// Values that have keys of their own inside.
struct QuietValue {  // {"from": "22:00", "to": "07:00", "zone": "Europe/Berlin"} or "none"
  static bool read(JsonView value, QuietHours& to, Reading& reading);
  static void put(const QuietHours& from, TextWriter& out);
};

struct WriteUnitValue {  // "auto" or a size
  static bool read(JsonView value, std::uint32_t& to, Reading& reading);
  static void put(std::uint32_t from, TextWriter& out);
};

// The members of an object one by one; a member that `expected` does not name is refused.
bool only_members(JsonView object, std::span<const std::string_view> expected, Reading& reading);

// A text of this kind in any value, however deep, is a gap that a person was to fill.
bool is_placeholder(std::string_view text);
bool is_blank(std::string_view text);  // nothing but spaces, or nothing

}  // namespace fieldpost
