// What retry and drop share: a person decides about one message, or about all that are alike.
#pragma once

#include <cstdint>

#include "agent/cli/local.h"

namespace fieldpost {

// Puts the decision `what` ("/retry", "/drop") about a message.
//   As ask_local().
Status put_decision(Call&, std::uint64_t id, const char* what, const char* body, Reply&);

// Says what became of it, or why nothing did; the exit code.
int report_decision(Call&, const Reply&);

// Decides about the message that is named, or about each that --state, --scenario, --to and --older
// choose; with --dry-run it only shows them. Without --state these are the ones that have not ended:
// to send again what ended long ago, a person says so. Returns the worst exit code.
int decide_main(Call&, int (*decide)(Call&, std::uint64_t id));

}  // namespace fieldpost
