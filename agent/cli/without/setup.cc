// Stands in for agent/cli/setup/ where FIELDPOST_SETUP is off.
#include "agent/cli/commands.h"
#include "agent/cli/local.h"
#include "agent/cli/setup/check_online.h"

namespace fieldpost {
namespace {

int left_out(Call& call) {
  return report_usage(call, "not in this program, which was built with FIELDPOST_SETUP=OFF"_packed);
}

constexpr PackedText kSummary = "not in this program"_packed;
constexpr PackedText kDetails = "It was built with FIELDPOST_SETUP=OFF.\n"_packed;
// Whatever stands behind the name, the answer is the same.
constexpr Syntax kAny = {"--json --save --yes", 0, 255, "", true};
constexpr Command kSetupCommands[] = {
    Command{"init", left_out, kSummary, "", kDetails, kAny},
    Command{"templates", left_out, kSummary, "", kDetails, kAny},
    Command{"webhook", left_out, kSummary, "", kDetails, kAny},
};

}  // namespace

std::span<const Command> setup_commands() { return kSetupCommands; }

int check_online(Call& call, const Settings& /*settings*/) { return left_out(call); }

}  // namespace fieldpost
