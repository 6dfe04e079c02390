// The log: a line is one fact with keys, written where the fact is decided.
//
//   log.line("deferred").key("id", id).key("again_ms", wait.ms);   →   deferred id=17 again_ms=2000
//
// Tokens have no way in; numbers go through `phone`, which masks them.
#pragma once

#include <concepts>
#include <cstdint>
#include <string_view>

#include "agent/base/text_writer.h"
#include "config/limits.h"

namespace fieldpost {

// The values are syslog's (RFC 5424, 6.2.1).
enum class LogLevel : std::uint8_t { error = 3, warning = 4, notice = 5, info = 6, debug = 7 };

class LogSink {
 public:
  virtual void write(LogLevel, std::string_view line) = 0;  // without a line end

 protected:
  ~LogSink() = default;
};

class Log;

// One line; it is written when the full expression ends.
class LogLine {
 public:
  LogLine(const Log& log, LogLevel level, const char* fact);
  LogLine(const LogLine&) = delete;
  LogLine& operator=(const LogLine&) = delete;
  ~LogLine();

  LogLine& key(const char* name, std::string_view value);  // quoted where it must be; - if empty
  LogLine& key(const char* name, std::unsigned_integral auto value) { return number(name, value); }
  LogLine& phone(std::string_view digits);  // to=1202•••0123

 private:
  LogLine& number(const char* name, std::uint64_t value);
  TextWriter& name_it(const char* name);

  const Log& log_;
  LogLevel level_;
};

class Log {
 public:
  explicit Log(LogSink& sink, LogLevel level = LogLevel::info) : sink_(sink), level_(level) {}

  // REQUIRES: no other line of this log is being written.
  LogLine line(const char* fact) const { return line(LogLevel::info, fact); }
  LogLine line(LogLevel level, const char* fact) const { return LogLine(*this, level, fact); }
  void set_level(LogLevel level) { level_ = level; }

 private:
  friend LogLine;

  LogSink& sink_;
  LogLevel level_;
  // Here and not in the line: whoever logs would have a kilobyte more on the stack.
  mutable TextBuffer<limits::log_line_bytes_max> text_;
};

// 12025550123 → 1202•••0123: enough to recognise, too little to call.
void put_masked_phone(TextWriter& out, std::string_view digits);

}  // namespace fieldpost
