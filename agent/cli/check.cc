#include "agent/cli/commands.h"
#include "agent/cli/local.h"
#include "agent/cli/setup/check_online.h"

namespace fieldpost {

int check_main(Call& call) {
  const Settings* const settings = call.shell.settings();
  if (settings == nullptr) return report_trouble(call);
  if (call.arguments.has("--print") && call.shell.print_settings(call.json) != Status::ok) {
    return report_trouble(call);
  }
  const Status files = call.shell.check_files(call.json);
  // What is wrong with a file need not keep anybody from the network.
  const int online =
      call.arguments.has("--online") && (files == Status::ok || files == Status::invalid)
          ? check_online(call, *settings)
          : int{kDone};
  switch (files) {
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
  if (online != kDone) return online;
  put_out(call.shell, call.json ? "{\"ok\":true}\n"_packed
                                : "The configuration and its files are good.\n"_packed);
  return kDone;
}

}  // namespace fieldpost
