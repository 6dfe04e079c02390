// The lines of the file that a back office writes.
#pragma once

#include "agent/port/clock.h"
#include "agent/port/directory.h"

namespace fieldpost {

class LinuxDirectory final : public DirectoryFile {
 public:
  explicit LinuxDirectory(const Clock& clock) : clock_(clock) {}

  Status each_line(std::string_view path, LineVisitor&) override;

 private:
  const Clock& clock_;
};

}  // namespace fieldpost
