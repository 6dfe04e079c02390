// The wiring: what there is one of, in the order in which one needs the other.
#include <signal.h>
#include <sys/prctl.h>

#include "agent/base/log.h"
#include "agent/cli/cli.h"
#include "platform/linux/linux_clock.h"
#include "platform/linux/log_sink.h"
#include "platform/linux/shell.h"

int main(int argc, char** argv) {
  using namespace fieldpost;
  // Who reads what we write may go at any time; each write says so by itself.
  ::signal(SIGPIPE, SIG_IGN);
  // Token, numbers and texts stand in memory: no core file, and no debugger of a neighbour's.
  ::prctl(PR_SET_DUMPABLE, 0);

  static LinuxEntropy entropy;
  static LinuxClock clock(entropy);
  static LinuxLog sink(clock);
  // A command speaks for itself; `run` takes the level from its configuration.
  static Log log(sink, LogLevel::warning);
  static LinuxShell shell(clock, entropy, sink, log);

  const std::span<const char* const> arguments(argv, static_cast<std::size_t>(argc));
  return shell.exit_code(cli_main(arguments, shell));
}
