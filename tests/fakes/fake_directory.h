// A directory of lines that a test writes.
#pragma once

#include <string>
#include <vector>

#include "agent/port/directory.h"
#include "config/limits.h"

namespace fieldpost {

class FakeDirectory final : public DirectoryFile {
 public:
  Status each_line(std::string_view, LineVisitor& visitor) override {
    ++times_read;
    if (trouble != Status::ok) return trouble;
    for (const std::string& one : lines) {
      // Gone when the next one comes, as in a reader's room.
      const auto text = std::string(one);
      const bool fits = text.size() <= limits::directory_line_bytes_max;
      if (!visitor.line(fits ? Result<std::string_view>(text) : Status::invalid)) break;
    }
    return Status::ok;
  }

  std::vector<std::string> lines;
  Status trouble = Status::ok;
  int times_read = 0;
};

}  // namespace fieldpost
