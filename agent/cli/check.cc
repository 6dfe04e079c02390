#include "agent/cli/commands.h"
#include "agent/cli/local.h"

namespace fieldpost {

int check_main(Call& call) {
  if (call.arguments.has("--online")) {
    return report_usage(call, "--online is not available in this version"_packed);
  }
  if (call.shell.settings() == nullptr) return report_trouble(call);
  if (call.arguments.has("--print") && call.shell.print_settings(call.json) != Status::ok) {
    return report_trouble(call);
  }
  switch (call.shell.check_files(call.json)) {
    case Status::ok: break;
    case Status::invalid: return kConfiguration;  // what is wrong stands on out() already
    case Status::full:
    case Status::not_found:
    case Status::timeout:
    case Status::io:
    case Status::torn:
    case Status::corrupt:
    case Status::newer: return report_trouble(call);
  }
  put_out(call.shell, call.json ? "{\"ok\":true}\n"_packed
                                : "The configuration and its files are good.\n"_packed);
  return kDone;
}

}  // namespace fieldpost
