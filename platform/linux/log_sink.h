// Where log lines go: standard error, or the device's syslog. Nothing is logged to flash by us.
#pragma once

#include <array>
#include <cstdint>
#include <string_view>

#include "agent/base/fixed_text.h"
#include "agent/base/log.h"
#include "agent/port/clock.h"
#include "agent/settings/settings.h"
#include "platform/linux/file.h"

namespace fieldpost {

// On a terminal lines are plain; elsewhere they begin with their priority as the journal reads it
// (sd-daemon(3): "<6>"), which every other reader of a log can live with.
//
// A line that comes again at once is counted and not written, for at most a minute.
class LinuxLog final : public LogSink {
 public:
  explicit LinuxLog(const Clock& clock);

  // `process` stands in front of each line, so that four processes can share one stream.
  void open(LogTarget target, std::string_view process);
  // In a child, once it has closed what is not its own.
  void set_process(std::string_view process);

  void write(LogLevel, std::string_view line) override;
  // Writes what has been counted so far.
  void flush();

 private:
  void put(LogLevel, std::string_view line);
  bool put_syslog(LogLevel, std::string_view line);

  const Clock& clock_;
  std::string_view process_ = "fieldpost";
  bool terminal_ = false;
  bool syslog_ = false;
  Fd socket_;
  FixedText<limits::log_line_bytes_max> last_;
  LogLevel last_level_ = LogLevel::info;
  std::uint32_t repeats_ = 0;
  Instant counting_since_;
};

}  // namespace fieldpost
