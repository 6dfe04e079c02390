// A log whose lines a test can look at.
#pragma once

#include <string>
#include <vector>

#include "agent/base/log.h"

namespace fieldpost {

class QuietLog final : public LogSink {
 public:
  void write(LogLevel, std::string_view line) override { lines.emplace_back(line); }

  std::vector<std::string> lines;
  Log log{*this, LogLevel::debug};
};

}  // namespace fieldpost
