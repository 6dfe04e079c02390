// What a device must provide: the lines of a file that somebody else writes.
#pragma once

#include <string_view>

#include "agent/base/status.h"

namespace fieldpost {

class LineVisitor {
 public:
  // `line` has no end of line, and lives until this returns. False: no more are wanted.
  //   invalid: the line is longer than limits::directory_line_bytes_max.
  virtual bool line(Result<std::string_view> line) = 0;

 protected:
  ~LineVisitor() = default;
};

class DirectoryFile {
 public:
  // Shows the lines of the file that stands at `path` now, in their order, to the end of that file
  // even if another takes its place meanwhile.
  //   not_found: there is none.   io: it cannot be read, or is no file.
  //   timeout: it takes too long: whoever waits for others' requests waits no longer.
  virtual Status each_line(std::string_view path, LineVisitor&) = 0;

 protected:
  ~DirectoryFile() = default;
};

}  // namespace fieldpost
