#include "agent/settings/bare_value.h"

#include <optional>

#include "agent/base/fixed_text.h"
#include "agent/base/number.h"
#include "agent/json/write.h"
#include "agent/settings/settings.h"
#include "config/limits.h"

namespace fieldpost {
namespace {

constexpr std::uint64_t kKiB = 1024, kMiB = 1024 * kKiB;
constexpr std::uint64_t kQueueBytesMin = limits::segments_min * limits::segment_bytes,
                        kQueueBytesMax = limits::segments_max * limits::segment_bytes;

const char* word_of(Absent absent) {
  switch (absent) {
    case Absent::off: return "off";
    case Absent::none: return "none";
    case Absent::any: return "any";
    case Absent::never:
    case Absent::empty: break;
  }
  return "";
}

// The text of `value`, which stays in its tree, if it follows the shape.
std::optional<std::string_view> text_of(JsonView value, const TextShape& shape, Reading& reading) {
  std::optional<std::string_view> text = value.string();
  PackedText why;
  if (!text) {
    why = "must be a text in quotes"_packed;
  } else if (shape.absent != Absent::never && (text->empty() || *text == word_of(shape.absent))) {
    return std::string_view();
  } else {
    why = check_text(shape.form, *text);
  }
  if (why) {
    reading.words.put(why);
    return std::nullopt;
  }
  if (text->size() > shape.bytes_max) {
    reading.words.put("must have at most "_packed).put_number(shape.bytes_max).put(" bytes");
    return std::nullopt;
  }
  return text;
}

// Where item `i` stands in a TextList whose sizes only its row knows.
std::size_t item_at(const TextShape& shape, std::size_t i) {
  return sizeof(std::uint16_t) + i * ((sizeof(std::uint16_t) + shape.bytes_max + 1u) & ~1u);
}
static_assert(sizeof(TextList<3, 15>) == 2 + 3 * 18 && sizeof(TextList<3, 16>) == 2 + 3 * 18);

bool read_item(JsonView value, const TextShape& shape, void* list, Reading& reading) {
  const auto text = text_of(value, shape, reading);
  if (!text) return false;
  auto& count = *static_cast<std::uint16_t*>(list);
  auto* const items = static_cast<std::byte*>(list);
  for (std::size_t i = 0; i < count; ++i) {
    if (AnyFixedText::view(items + item_at(shape, i)) == *text) {
      return reading.refuse("is in the list twice"_packed);
    }
  }
  return AnyFixedText(items + item_at(shape, count++), shape.bytes_max).assign(*text) == Status::ok;
}

// "8MiB", "512KiB" or a plain number. 0 for anything else, too: no size is.
std::uint64_t bytes_written(JsonView value) {
  const std::int64_t number = value.integer().value_or(0);
  if (number > 0) return static_cast<std::uint64_t>(number);
  std::string_view text = text_of(value);
  std::uint64_t count = 0;
  // Of what fits 32 bits no unit can make too much.
  if (!take_number(text, count) || count > UINT32_MAX) return 0;
  if (text == "MiB") return count * kMiB;
  if (text == "KiB") return count * kKiB;
  return text.empty() || text == "B" ? count : 0;
}

// Words by their position, which is the enum's value less the first.
struct Words {
  std::string_view words;  // each with a space behind it
  std::uint8_t first = 0;
};
Words words_of(WordSet set) {
  switch (set) {
    case WordSet::on_uncertain: return {"hold resend "};
    case WordSet::track_until: return {"accepted delivered read "};
    case WordSet::log_target: return {"auto stderr syslog "};
    case WordSet::log_level:
      return {"error warning notice info debug ", static_cast<std::uint8_t>(LogLevel::error)};
    case WordSet::sandbox: return {"auto required off "};
    case WordSet::rights: return {"send read_own read_all decide reveal relay "};
  }
  return {};
}
static_assert(static_cast<int>(OnUncertain::resend) == 1 &&
              static_cast<int>(TrackUntil::read) == 2);
static_assert(static_cast<int>(LogTarget::syslog) == 2 &&
              static_cast<int>(SandboxSetting::off) == 2);
static_assert(static_cast<int>(LogLevel::debug) - static_cast<int>(LogLevel::error) == 4);

// Takes the first word off.
std::string_view next_word(std::string_view& words) {
  const std::string_view word = words.substr(0, words.find(' '));
  words.remove_prefix(word.size() + 1);
  return word;
}

}  // namespace

bool read_text(JsonView value, const TextShape& shape, void* to, Reading& reading) {
  const auto text = text_of(value, shape, reading);
  return text && AnyFixedText(to, shape.bytes_max).assign(*text) == Status::ok;
}

void put_text(const TextShape& shape, const void* from, TextWriter& out) {
  const std::string_view text = AnyFixedText::view(from);
  if (text.empty()) return put_json_string(out, word_of(shape.absent));
  put_json_string(out, text);
}

bool read_list(JsonView value, const Key& key, void* to, Reading& reading) {
  const TextShape& shape = key.text;
  const bool or_one = key.kind == ValueKind::list_or_one;
  *static_cast<std::uint16_t*>(to) = 0;
  if (or_one && value.is_string()) return read_item(value, shape, to, reading);
  if (!value.is_array()) {
    return reading.refuse(or_one ? "must be a text or a list of texts"_packed
                                 : "must be a list of texts"_packed);
  }
  if (value.size() < shape.count_min || value.size() > shape.count_max) {
    reading.words.put("must have from "_packed).put_number(shape.count_min).put(" to ");
    reading.words.put_number(shape.count_max).put(" entries"_packed);
    return false;
  }
  std::size_t i = 0;
  for (const JsonView one : value) {
    reading.path.push_index(i++);
    if (!read_item(one, shape, to, reading)) return false;
    reading.path.pop();
  }
  return true;
}

void put_list(const TextShape& shape, const void* from, TextWriter& out) {
  const std::size_t count = *static_cast<const std::uint16_t*>(from);
  out.put('[');
  for (std::size_t i = 0; i < count; ++i) {
    if (i > 0) out.put(',');
    const void* const item = static_cast<const std::byte*>(from) + item_at(shape, i);
    put_json_string(out, AnyFixedText::view(item));
  }
  out.put(']');
}

bool read_whole(JsonView value, Range range, std::uint32_t& to, Reading& reading) {
  const auto number = value.integer();
  if (number && *number >= range.min && *number <= range.max) {
    to = static_cast<std::uint32_t>(*number);
    return true;
  }
  reading.words.put("must be a whole number from "_packed).put_number(range.min).put(" to ");
  reading.words.put_number(range.max);
  return false;
}

bool read_wait(JsonView value, const Key& key, Duration& to, Reading& reading) {
  const Duration min{key.range.min * kWaitUnitMs}, max{key.range.max * kWaitUnitMs};
  const bool or_none = key.kind == ValueKind::wait_or_none;
  const std::string_view text = text_of(value);
  if (or_none && text == "none") {
    to = Duration{};
    return true;
  }
  const Result<Duration> wait = read_duration(text);
  if (wait.ok() && wait.value() >= min && wait.value() <= max) {
    to = wait.value();
    return true;
  }
  reading.words.put("must be a time from \""_packed);
  put_duration(reading.words, min);
  reading.words.put("\" to \"");
  put_duration(reading.words, max);
  reading.words.put(or_none ? "\", or \"none\""_packed : "\""_packed);
  return false;
}

void put_wait(const Key& key, Duration from, TextWriter& out) {
  out.put('"');
  if (key.kind == ValueKind::wait_or_none && from.ms == 0) {
    out.put("none");
  } else {
    put_duration(out, from);
  }
  out.put('"');
}

bool read_word(JsonView value, WordSet set, std::uint8_t& to, Reading& reading) {
  const Words all = words_of(set);
  const auto text = value.string();
  std::string_view rest = all.words;
  for (std::uint8_t i = all.first; !rest.empty(); ++i) {
    if (next_word(rest) != text) continue;
    to = i;
    return true;
  }
  reading.words.put("must be "_packed);
  for (rest = all.words; !rest.empty();) {
    reading.words.put('"').put(next_word(rest)).put('"');
    if (rest.empty()) break;
    reading.words.put(rest.find(' ') + 1 == rest.size() ? " or " : ", ");
  }
  return false;
}

void put_word(WordSet set, std::uint8_t from, TextWriter& out) {
  const Words all = words_of(set);
  std::string_view rest = all.words;
  for (std::uint8_t i = all.first; i < from; ++i) next_word(rest);
  put_json_string(out, next_word(rest));
}

bool read_flag(JsonView value, bool& to, Reading& reading) {
  const auto flag = value.boolean();
  if (flag) to = *flag;
  return flag || reading.refuse("must be true or false"_packed);
}

bool read_percent(JsonView value, std::uint8_t& to, Reading& reading) {
  std::string_view text = text_of(value);
  std::uint64_t percent = 0;
  if (!take_number(text, percent) || text != "%" || percent < 1 || percent > 100) {
    return reading.refuse("must be a share from \"1%\" to \"100%\""_packed);
  }
  to = static_cast<std::uint8_t>(percent);
  return true;
}

bool read_queue_size(JsonView value, std::uint64_t& to, Reading& reading) {
  const std::uint64_t bytes = bytes_written(value);
  if (bytes >= kQueueBytesMin && bytes <= kQueueBytesMax && bytes % limits::segment_bytes == 0) {
    to = bytes;
    return true;
  }
  reading.words.put("must be a size from "_packed);
  put_bytes(kQueueBytesMin, reading.words);
  reading.words.put(" to ");
  put_bytes(kQueueBytesMax, reading.words);
  reading.words.put(", a multiple of "_packed);
  put_bytes(limits::segment_bytes, reading.words);
  return false;
}

bool read_write_unit(JsonView value, std::uint32_t& to, Reading& reading) {
  to = 0;
  if (value.string() == "auto") return true;
  const std::uint64_t bytes = bytes_written(value);
  if (bytes > limits::segment_bytes || bytes == 0 || (bytes & (bytes - 1)) != 0) {
    return reading.refuse(R"(must be "auto" or a power of two up to "64KiB")"_packed);
  }
  to = static_cast<std::uint32_t>(bytes);
  return true;
}

void put_write_unit(std::uint32_t from, TextWriter& out) {
  if (from == 0) {
    out.put(R"("auto")");
  } else {
    put_bytes(from, out);
  }
}

void put_bytes(std::uint64_t bytes, TextWriter& out) {
  std::string_view unit = "B\"";
  if (bytes >= kMiB && bytes % kMiB == 0) {
    bytes /= kMiB;
    unit = "MiB\"";
  } else if (bytes >= kKiB && bytes % kKiB == 0) {
    bytes /= kKiB;
    unit = "KiB\"";
  }
  out.put('"').put_number(bytes).put(unit);
}

bool read_minute(JsonView value, std::uint16_t& to, Reading& reading) {
  std::string_view text = text_of(value);
  const bool shaped = text.size() == 5 && text[2] == ':';
  std::uint64_t hour = 0, minute = 0;
  bool good = take_number(text, hour) && shaped && text.size() == 3;
  if (good) text.remove_prefix(1);
  good = good && take_number(text, minute) && text.empty() && hour < 24 && minute < 60;
  to = static_cast<std::uint16_t>(hour * 60 + minute);
  return good || reading.refuse("must be a time of day such as \"22:00\""_packed);
}

void put_minute(std::uint16_t minute, TextWriter& out) {
  const auto two = [&out](unsigned n) { out.put_number(n / 10).put_number(n % 10); };
  out.put('"');
  two(minute / 60u);
  out.put(':');
  two(minute % 60u);
  out.put('"');
}

}  // namespace fieldpost
