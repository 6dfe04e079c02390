// check --online: the way to 1MSG, step by step, and what the channel has.
#pragma once

#include "agent/cli/command.h"

namespace fieldpost {

// One line for each check on out(). What a step needs that failed is not looked at.
int check_online(Call& call, const Settings& settings);

}  // namespace fieldpost
