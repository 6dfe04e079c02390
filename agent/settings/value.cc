#include "agent/settings/value.h"

#include <array>
#include <bit>
#include <charconv>

#include "agent/settings/near.h"

namespace fieldpost {
namespace {

constexpr std::uint64_t kKiB = 1024, kMiB = 1024 * kKiB;

// "8MiB", "512KiB" or a plain number.
std::optional<std::uint64_t> bytes_written(JsonView value) {
  if (const auto number = value.integer()) {
    if (*number < 0) return std::nullopt;
    return static_cast<std::uint64_t>(*number);
  }
  const auto text = value.string();
  if (!text) return std::nullopt;
  std::uint32_t count = 0;  // so that no unit can make it overflow
  const auto read = std::from_chars(text->data(), text->data() + text->size(), count);
  if (read.ec != std::errc()) return std::nullopt;
  const std::string_view unit = text->substr(static_cast<std::size_t>(read.ptr - text->data()));
  if (unit == "MiB") return count * kMiB;
  if (unit == "KiB") return count * kKiB;
  if (unit.empty() || unit == "B") return count;
  return std::nullopt;
}

// "22:30" → minutes of the day.
std::optional<std::uint16_t> minute_of_day(std::string_view text) {
  if (text.size() != 5 || text[2] != ':') return std::nullopt;
  for (const std::size_t i : {0u, 1u, 3u, 4u}) {
    if (text[i] < '0' || text[i] > '9') return std::nullopt;
  }
  const int hour = (text[0] - '0') * 10 + (text[1] - '0');
  const int minute = (text[3] - '0') * 10 + (text[4] - '0');
  if (hour > 23 || minute > 59) return std::nullopt;
  return static_cast<std::uint16_t>(hour * 60 + minute);
}

void put_minute(TextWriter& out, std::uint16_t minute) {
  const auto two = [&out](unsigned n) {
    out.put(static_cast<char>('0' + n / 10)).put(static_cast<char>('0' + n % 10));
  };
  out.put('"');
  two(minute / 60u);
  out.put(':');
  two(minute % 60u);
  out.put('"');
}

bool read_minute(JsonView quiet, std::string_view name, std::uint16_t& to, Reading& reading) {
  reading.path.push(name);
  const auto minute = minute_of_day(quiet.member(name).string().value_or(""));
  if (!minute) return reading.refuse("must be a time of day such as \"22:00\"");
  reading.path.pop();
  to = *minute;
  return true;
}

}  // namespace

std::optional<std::string_view> read_text(JsonView value, TextRule rule, const char* absent,
                                          std::size_t bytes_max, Reading& reading) {
  std::optional<std::string_view> text = value.string();
  if (!text) {
    reading.refuse("must be a text in quotes");
    return std::nullopt;
  }
  if (absent != nullptr && (text->empty() || *text == absent)) return std::string_view();
  if (const std::string_view why = rule(*text); !why.empty()) {
    reading.refuse(why);
    return std::nullopt;
  }
  if (text->size() > bytes_max) {
    reading.words.put("must have at most ").put_number(bytes_max).put(" bytes");
    return std::nullopt;
  }
  return text;
}

void put_text(TextWriter& out, std::string_view text, const char* absent) {
  put_json_string(out, text.empty() && absent != nullptr ? std::string_view(absent) : text);
}

bool read_list(JsonView value, const ListShape& shape, void* list,
               bool (*add)(void* list, std::string_view text), Reading& reading) {
  const auto take = [&](JsonView one) {
    const auto text = read_text(one, shape.rule, nullptr, shape.bytes_max, reading);
    return text && (add(list, *text) || reading.refuse("is in the list twice"));
  };
  if (shape.or_one && value.is_string()) return take(value);
  if (!value.is_array()) {
    return reading.refuse(shape.or_one ? "must be a text or a list of texts"
                                       : "must be a list of texts");
  }
  if (value.size() < shape.count_min || value.size() > shape.count_max) {
    reading.words.put("must have from ").put_number(shape.count_min).put(" to ");
    reading.words.put_number(shape.count_max).put(" entries");
    return false;
  }
  std::size_t i = 0;
  for (const JsonView one : value) {
    reading.path.push_index(i++);
    if (!take(one)) return false;
    reading.path.pop();
  }
  return true;
}

std::optional<std::uint64_t> read_whole(JsonView value, std::uint64_t min, std::uint64_t max,
                                        Reading& reading) {
  const auto number = value.integer();
  if (number && *number >= 0) {
    const auto whole = static_cast<std::uint64_t>(*number);
    if (whole >= min && whole <= max) return whole;
  }
  reading.words.put("must be a whole number from ").put_number(min).put(" to ").put_number(max);
  return std::nullopt;
}

std::optional<Duration> read_wait(JsonView value, Duration min, Duration max, bool or_none,
                                  Reading& reading) {
  const std::string_view text = value.string().value_or("");
  if (or_none && text == "none") return Duration{};
  if (const Result<Duration> wait = read_duration(text); wait.ok()) {
    if (wait.value() >= min && wait.value() <= max) return wait.value();
  }
  reading.words.put("must be a time from \"");
  put_duration(reading.words, min);
  reading.words.put("\" to \"");
  put_duration(reading.words, max);
  reading.words.put(or_none ? "\", or \"none\"" : "\"");
  return std::nullopt;
}

std::optional<std::uint64_t> read_bytes(JsonView value, std::uint64_t min, std::uint64_t max,
                                        std::uint64_t multiple_of, Reading& reading) {
  const auto bytes = bytes_written(value);
  if (bytes && *bytes >= min && *bytes <= max && *bytes % multiple_of == 0) return bytes;
  reading.words.put("must be a size from ");
  put_bytes(reading.words, min);
  reading.words.put(" to ");
  put_bytes(reading.words, max);
  reading.words.put(", a multiple of ");
  put_bytes(reading.words, multiple_of);
  return std::nullopt;
}

std::optional<bool> read_flag(JsonView value, Reading& reading) {
  const auto flag = value.boolean();
  if (!flag) reading.refuse("must be true or false");
  return flag;
}

std::optional<std::uint64_t> read_percent(JsonView value, Reading& reading) {
  const std::string_view text = value.string().value_or("");
  std::uint64_t percent = 0;
  const auto read = std::from_chars(text.data(), text.data() + text.size(), percent);
  if (read.ec == std::errc() && text.ends_with('%') && read.ptr + 1 == text.data() + text.size() &&
      percent >= 1 && percent <= 100) {
    return percent;
  }
  reading.refuse("must be a share from \"1%\" to \"100%\"");
  return std::nullopt;
}

std::optional<std::size_t> read_word(JsonView value, std::span<const std::string_view> words,
                                     Reading& reading) {
  if (const auto text = value.string()) {
    for (std::size_t i = 0; i < words.size(); ++i) {
      if (words[i] == *text) return i;
    }
  }
  reading.words.put("must be ");
  for (std::size_t i = 0; i < words.size(); ++i) {
    if (i > 0) reading.words.put(i + 1 == words.size() ? " or " : ", ");
    reading.words.put('"').put(words[i]).put('"');
  }
  return std::nullopt;
}

void put_bytes(TextWriter& out, std::uint64_t bytes) {
  out.put('"');
  if (bytes >= kMiB && bytes % kMiB == 0) {
    out.put_number(bytes / kMiB).put("MiB");
  } else if (bytes >= kKiB && bytes % kKiB == 0) {
    out.put_number(bytes / kKiB).put("KiB");
  } else {
    out.put_number(bytes).put("B");
  }
  out.put('"');
}

void put_percent(TextWriter& out, std::uint64_t percent) {
  out.put('"').put_number(percent).put("%\"");
}

bool QuietValue::read(JsonView value, QuietHours& to, Reading& reading) {
  to = QuietHours{};
  if (value.string() == "none") return true;
  if (!value.is_object()) {
    return reading.refuse(R"(must be {"from": "22:00", "to": "07:00", "zone": "…"} or "none")");
  }
  constexpr std::array<std::string_view, 3> kMembers{"from", "to", "zone"};
  if (!only_members(value, kMembers, reading)) return false;
  if (!read_minute(value, "from", to.from_minute, reading)) return false;
  if (!read_minute(value, "to", to.to_minute, reading)) return false;
  if (to.from_minute == to.to_minute) return reading.refuse("must not start when it ends");
  reading.path.push("zone");
  if (!TextValue<time_zone>::read(value.member("zone"), to.zone, reading)) return false;
  reading.path.pop();
  to.on = true;
  return true;
}

void QuietValue::put(const QuietHours& from, TextWriter& out) {
  if (!from.on) {
    out.put(R"("none")");
    return;
  }
  out.put(R"({"from":)");
  put_minute(out, from.from_minute);
  out.put(R"(,"to":)");
  put_minute(out, from.to_minute);
  out.put(R"(,"zone":)");
  put_json_string(out, from.zone.view());
  out.put('}');
}

bool WriteUnitValue::read(JsonView value, std::uint32_t& to, Reading& reading) {
  to = 0;
  if (value.string() == "auto") return true;
  const auto bytes = bytes_written(value);
  if (!bytes || *bytes == 0 || *bytes > limits::segment_bytes || !std::has_single_bit(*bytes)) {
    return reading.refuse(R"(must be "auto" or a power of two up to "64KiB")");
  }
  to = static_cast<std::uint32_t>(*bytes);
  return true;
}

void WriteUnitValue::put(std::uint32_t from, TextWriter& out) {
  if (from == 0) {
    out.put(R"("auto")");
  } else {
    put_bytes(out, from);
  }
}

bool only_members(JsonView object, std::span<const std::string_view> expected, Reading& reading) {
  for (const JsonView one : object) {
    bool known = false;
    NearestWord near(one.name());
    for (const std::string_view name : expected) {
      known = known || name == one.name();
      near.offer(name);
    }
    if (known) continue;
    reading.path.push(one.name());
    reading.words.put("unknown key");
    if (!near.word().empty()) reading.words.put("; did you mean ").put(near.word()).put('?');
    return false;
  }
  return true;
}

}  // namespace fieldpost
