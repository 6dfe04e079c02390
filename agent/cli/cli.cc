#include "agent/cli/cli.h"

#include "agent/base/utf8.h"
#include "agent/cli/commands.h"
#include "agent/cli/local.h"

namespace fieldpost {
namespace {

constinit Arguments taken_apart;
constinit CliRoom room{};

int run_command(const Command& command, std::span<const char* const> words, Call& call) {
  call.command = command.name;
  TextBuffer<512> why;
  if (taken_apart.read(words, command.syntax, why) != Status::ok) {
    return report_usage(call, why);
  }
  if (taken_apart.has("--help")) {
    put_help(call.shell, command);
    return kDone;
  }
  call.json = taken_apart.has("--json");
  return command.run(call);
}

}  // namespace

// Only -c and --help stand before the command: all else is the command's own.
int cli_main(std::span<const char* const> arguments, Shell& shell) {
  Call call{shell, taken_apart, room, ""};
  if (!arguments.empty()) arguments = arguments.subspan(1);
  bool configured = false;
  while (!arguments.empty() && arguments.front()[0] == '-') {
    const std::string_view option = arguments.front();
    if (option == "--help" || option == "-h") {
      put_help(shell);
      return kDone;
    }
    if (option != "-c") {
      return report_usage(call, "unknown option "_packed, option.substr(0, option.find('=')));
    }
    if (configured) return report_usage(call, "-c is given twice"_packed);
    if (arguments.size() < 2) return report_usage(call, "-c needs a file"_packed);
    const std::string_view path = arguments[1];
    if (path.empty() || path.size() > limits::file_path_bytes_max || !is_utf8(path)) {
      return report_usage(call, "-c needs the path of a file, at most 255 bytes of UTF-8"_packed);
    }
    shell.use_configuration(path);
    configured = true;
    arguments = arguments.subspan(2);
  }
  if (arguments.empty()) return report_usage(call, "no command"_packed);
  const std::string_view name = arguments.front();
  const Command* const command = find_command(name);
  if (command == nullptr) return report_usage(call, "unknown command "_packed, name);
  return run_command(*command, arguments.subspan(1), call);
}

}  // namespace fieldpost
