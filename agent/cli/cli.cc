#include "agent/cli/cli.h"

#include "agent/base/utf8.h"
#include "agent/cli/commands.h"

namespace fieldpost {
namespace {

int usage_error(Shell& shell, std::string_view fault, std::string_view shown) {
  TextBuffer<512> text;
  text.put("fieldpost: ").put(fault);
  put_shown(text, shown);
  text.put("; see fieldpost help\n");
  shell.err(text.written());
  return kUsage;
}

int run_command(const Command& command, std::span<const char* const> words, Shell& shell) {
  static Arguments arguments;
  static CliRoom room;
  TextBuffer<512> why;
  if (arguments.read(words, command.syntax, why) != Status::ok) {
    TextBuffer<640> text;
    text.put("fieldpost ").put(command.name).put(": ").put(why.written());
    text.put("; see fieldpost help ").put(command.name).put('\n');
    shell.err(text.written());
    return kUsage;
  }
  if (arguments.has("--help")) {
    put_help(shell, command);
    return kDone;
  }
  Call call{shell, arguments, room, command.name};
  call.json = arguments.has("--json");
  return command.run(call);
}

}  // namespace

// Only -c and --help stand before the command: all else is the command's own.
int cli_main(std::span<const char* const> arguments, Shell& shell) {
  if (!arguments.empty()) arguments = arguments.subspan(1);
  bool configured = false;
  while (!arguments.empty() && std::string_view(arguments.front()).starts_with("-")) {
    const std::string_view option = arguments.front();
    if (option == "--help" || option == "-h") {
      put_help(shell);
      return kDone;
    }
    if (option != "-c")
      return usage_error(shell, "unknown option ", option.substr(0, option.find('=')));
    if (configured) return usage_error(shell, "-c is given twice", "");
    if (arguments.size() < 2) return usage_error(shell, "-c needs a file", "");
    const std::string_view path = arguments[1];
    if (path.empty() || path.size() > limits::file_path_bytes_max || !is_utf8(path)) {
      return usage_error(shell, "-c needs the path of a file, at most 255 bytes of UTF-8", "");
    }
    shell.use_configuration(path);
    configured = true;
    arguments = arguments.subspan(2);
  }
  if (arguments.empty()) return usage_error(shell, "no command", "");
  const std::string_view name = arguments.front();
  const Command* const command = find_command(name);
  if (command == nullptr) return usage_error(shell, "unknown command ", name);
  return run_command(*command, arguments.subspan(1), shell);
}

}  // namespace fieldpost
