#include "agent/cli/commands.h"

namespace fieldpost {

int run_main(Call& call) { return call.shell.run(); }

}  // namespace fieldpost
