// The command line: what stands in argv → one command, its words, its exit code.
#pragma once

#include <span>

#include "agent/port/shell.h"

namespace fieldpost {

// What a command can come to, for scripts (sysexits.h where it has a name for it).
enum ExitCode : int {
  kDone = 0,
  kUsage = 64,
  kBadField = 65,  // a field or a conflict
  kNoSuchId = 66,
  kNotReachable = 69,
  kInternal = 70,
  kQueueFull = 73,
  kFlashError = 74,
  kStillQueued = 75,  // after --wait, or flush with leftovers
  kRefused = 76,      // refused, held or failed within --wait or a flush
  kNotAllowed = 77,
  kConfiguration = 78,
};

// Runs the command that `arguments` name; the first of them is the program, as in argv. Returns the
// exit code. Uses static buffers: one call at a time.
int cli_main(std::span<const char* const> arguments, Shell& shell);

}  // namespace fieldpost
