#include "agent/base/log.h"

namespace fieldpost {
namespace {

// Values that a reader of key=value could take apart wrongly are quoted; what could end a line or
// steer a terminal becomes '?'.
void put_value(TextWriter& out, std::string_view value) {
  bool plain = !value.empty();
  for (const char c : value) {
    const auto byte = static_cast<unsigned char>(c);
    if (byte <= ' ' || byte == 0x7f || c == '"' || c == '=' || c == '\\') plain = false;
  }
  if (plain) {
    out.put(value);
    return;
  }
  out.put('"');
  for (const char c : value) {
    const auto byte = static_cast<unsigned char>(c);
    if (c == '"' || c == '\\') {
      out.put('\\').put(c);
    } else {
      out.put(byte < ' ' || byte == 0x7f ? '?' : c);
    }
  }
  out.put('"');
}

}  // namespace

LogLine::LogLine(const Log& log, LogLevel level, const char* fact) : log_(log), level_(level) {
  ASSERT(log.text_.size() == 0);
  log.text_.put(fact);
}

LogLine::~LogLine() {
  if (level_ <= log_.level_) log_.sink_.write(level_, log_.text_.written());
  log_.text_.clear();
}

TextWriter& LogLine::name_it(const char* name) { return log_.text_.put(' ').put(name).put('='); }

LogLine& LogLine::key(const char* name, std::string_view value) {
  put_value(name_it(name), value.empty() ? "-" : value);
  return *this;
}

LogLine& LogLine::number(const char* name, std::uint64_t value) {
  name_it(name).put_number(value);
  return *this;
}

LogLine& LogLine::phone(std::string_view digits) {
  put_masked_phone(name_it("to"), digits);
  return *this;
}

void put_masked_phone(TextWriter& out, std::string_view digits) {
  constexpr std::size_t kShown = 4;
  if (digits.size() <= 2 * kShown) {
    out.put("•••").put(digits.substr(digits.size() - (digits.size() < 2 ? 0 : 2)));
    return;
  }
  out.put(digits.substr(0, kShown)).put("•••").put(digits.substr(digits.size() - kShown));
}

}  // namespace fieldpost
