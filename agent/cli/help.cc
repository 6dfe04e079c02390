#include "agent/cli/commands.h"
#include "agent/cli/local.h"
#include "agent/cli/words.h"

namespace fieldpost {

void put_help(Shell& shell) {
  constexpr std::size_t kNameColumns = 11;
  put_out(shell,
          "Usage: fieldpost [-c FILE] COMMAND\n"
          "\n"
          "Sends WhatsApp templates through 1MSG: takes them at any time, keeps them on\n"
          "flash, and sends each one as soon as the network allows.\n"
          "\n"_packed);
  for (const std::span<const Command> rows : all_commands()) {
    for (const Command& one : rows) {
      TextBuffer<128> line;
      put_cell(line.put("  "), one.name, kNameColumns);
      line.put(one.summary).put('\n');
      shell.out(line.written());
    }
  }
  put_out(shell,
          "\n"
          "  -c FILE    the configuration; else $FIELDPOST_CONFIG, else\n"
          "             /etc/fieldpost/fieldpost.json\n"
          "\n"
          "fieldpost help COMMAND says more. Exit codes: 0 done, 64 usage, 65 bad field\n"
          "or conflict, 66 no such id, 69 not reachable, 70 internal, 73 queue full,\n"
          "74 flash error, 75 still queued, 76 refused, held or failed, 77 permission,\n"
          "78 configuration.\n"_packed);
}

void put_help(Shell& shell, const Command& command) {
  TextBuffer<2048> text;
  text.put("Usage: fieldpost ").put(command.name).put(*command.usage == '\0' ? "" : " ");
  text.put(command.usage).put("\n\n").put(command.details);
  shell.out(text.written());
  ASSERT(!text.overflowed());
}

int help_main(Call& call) {
  if (call.arguments.operands().empty()) {
    put_help(call.shell);
    return kDone;
  }
  const std::string_view name = call.arguments.operands().front();
  const Command* const command = find_command(name);
  if (command == nullptr) return report_usage(call, "there is no command "_packed, name);
  put_help(call.shell, *command);
  return kDone;
}

}  // namespace fieldpost
