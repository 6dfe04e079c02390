// What retry and drop share: a person decides about one message.
#pragma once

#include <cstdint>

#include "agent/cli/local.h"

namespace fieldpost {

// Puts the decision `what` ("/retry", "/drop") about a message.
//   As ask_local().
Status put_decision(Call&, std::uint64_t id, const char* what, const char* body, Reply&);

// Says what became of it, or why nothing did; the exit code.
int report_decision(Call&, const Reply&);

}  // namespace fieldpost
