// The table of commands. Dispatch, the list of `help` and each command's own help walk the same
// rows; a new command is a file and a row in commands.cc, or in setup/.
#pragma once

#include <array>
#include <span>
#include <string_view>

#include "agent/cli/command.h"

namespace fieldpost {

int run_main(Call&);
int send_main(Call&);
int list_main(Call&);
int show_main(Call&);
int status_main(Call&);
int metrics_main(Call&);
int flush_main(Call&);
int check_main(Call&);
int retry_main(Call&);
int drop_main(Call&);
int pause_main(Call&);  // resume, too
int watch_main(Call&);
int block_main(Call&);  // unblock and forget, too
int why_main(Call&);
int scenarios_main(Call&);
int store_main(Call&);
int app_main(Call&);
int report_main(Call&);
int version_main(Call&);
int help_main(Call&);

// In setup/, which a build can leave out.
int init_main(Call&);
int templates_main(Call&);
int webhook_main(Call&);

std::span<const Command> setup_commands();
std::array<std::span<const Command>, 2> all_commands();
const Command* find_command(std::string_view name);  // nullptr: there is none

// What `fieldpost help` and `fieldpost help NAME` print.
void put_help(Shell&);
void put_help(Shell&, const Command&);

}  // namespace fieldpost
