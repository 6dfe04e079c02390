#include "agent/cli/commands.h"

#include <array>

namespace fieldpost {
namespace {

constexpr std::array kNoOptions = {Option{"--help"}};
constexpr std::array kJsonOption = {Option{"--help"}, Option{"--json"}};
constexpr std::array kSendOptions = {
    Option{"--help"},
    Option{"--json"},
    Option{"--stdin"},
    Option{"--dry-run"},
    Option{"--wait", Takes::maybe_value},
    Option{"--to", Takes::value},
    Option{"--language", Takes::value},
    Option{"--operator", Takes::value},
    // The intake says which of these it does not honour yet.
    Option{"--key", Takes::value},
    Option{"--topic", Takes::value},
    Option{"--ttl", Takes::value},
    Option{"--not-before", Takes::value},
    Option{"--ref", Takes::value},
    Option{"--opt-in"},
};
constexpr std::array kListOptions = {Option{"--help"}, Option{"--json"}, Option{"--reveal"},
                                     Option{"--state", Takes::value},
                                     Option{"--limit", Takes::value}};
constexpr std::array kShowOptions = {Option{"--help"}, Option{"--json"}, Option{"--reveal"}};
constexpr std::array kCheckOptions = {Option{"--help"}, Option{"--json"}, Option{"--print"},
                                      Option{"--online"}};
constexpr std::array kRetryOptions = {Option{"--help"}, Option{"--json"}, Option{"--yes"}};

constexpr Syntax one_id(std::span<const Option> options) { return {options, 1, 1, "an id"}; }

constexpr std::array kCommands = {
    Command{"run",
            run_main,
            "the agent, in the foreground",
            "",
            "Takes messages from local programs, keeps them on flash and sends them as\n"
            "soon as the network allows. Ends in order on SIGTERM or SIGINT; reads the\n"
            "configuration again on SIGHUP.\n",
            {kNoOptions}},
    Command{"send",
            send_main,
            "queue one message",
            "SCENARIO --to PHONE --FIELD VALUE… [options]\n"
            "       fieldpost send --stdin [--dry-run]",
            "Prints the message's id once it is on flash. `fieldpost scenarios` lists the\n"
            "scenarios and the options for their fields.\n"
            "\n"
            "  --to PHONE       with country code: 12025550123 or +1 202 555-0123\n"
            "  --language CODE  of the template, where it differs from the configured one\n"
            "  --operator NAME  who sends it, for the record\n"
            "  --dry-run        show the number and text as they would be sent; queue nothing\n"
            "  --wait[=30s]     wait until 1MSG has it: exits 0, or 75 while it is still\n"
            "                   queued, or 76 if it is refused, held or failed\n"
            "  --stdin          read one JSON object a line, answer each with one, and exit\n"
            "                   with the worst\n"
            "  --json           print the answer as JSON\n"
            "\n"
            "  fieldpost send next-step --to 12025550123 --customer-name Maria \\\n"
            "    --process 'loan application' --next-step 'upload documents by June 20'\n",
            {kSendOptions, 0, 1, "a scenario", true}},
    Command{"list",
            list_main,
            "what is queued and what became of it",
            "[--state STATE] [--limit N] [--reveal] [--json]",
            "One message a line: first those that have ended, in the order in which they\n"
            "did, then those that are on their way. Numbers are masked unless --reveal.\n"
            "States: queued, sending, uncertain, held, accepted, sent, delivered, read,\n"
            "failed, expired, superseded, dropped.\n",
            {kListOptions}},
    Command{"show", show_main, "one message, and why it waits", "ID [--reveal] [--json]",
            "All that is known about one message. Its number is masked unless --reveal.\n",
            one_id(kShowOptions)},
    Command{"status",
            status_main,
            "network, channel, counts, store",
            "[--json]",
            "One screen: how the network and the channel are, how many messages are in\n"
            "which state, the oldest that waits, the next try, and the store.\n",
            {kJsonOption}},
    Command{"flush",
            flush_main,
            "send what is queued, and exit",
            "[--json]",
            "Drains the queue once where no agent runs. Exits 75 if messages are left;\n"
            "they stay queued.\n",
            {kJsonOption}},
    Command{"check",
            check_main,
            "the configuration and the files it names",
            "[--print] [--json]",
            "Reads the configuration as the agent would, and looks at the files it names.\n"
            "\n"
            "  --print   every value in effect, and where it came from\n",
            {kCheckOptions}},
    Command{"retry", retry_main, "send a held or failed message again", "ID [--yes] [--json]",
            "A held message goes again under its own id; one that failed or expired\n"
            "becomes a new one. Where it may already have been sent this asks first, for\n"
            "the customer may get it twice; --yes answers that.\n",
            one_id(kRetryOptions)},
    Command{"drop", drop_main, "give up on a message", "ID [--json]",
            "The message is not sent, or not sent again; it stays in the list as dropped.\n",
            one_id(kJsonOption)},
    Command{"scenarios",
            scenarios_main,
            "what can be sent, and its fields",
            "[--json]",
            "Each scenario with the options for its fields and what to write there.\n",
            {kJsonOption}},
    Command{"version",
            version_main,
            "version, build and libraries",
            "[--json]",
            "The version, the sources it was built from, and its libraries.\n",
            {kJsonOption}},
    Command{"help",
            help_main,
            "this list, or help on one command",
            "[COMMAND]",
            "The same as fieldpost COMMAND --help.\n",
            {kNoOptions, 0, 1, "a command"}},
};

}  // namespace

std::span<const Command> all_commands() { return kCommands; }

const Command* find_command(std::string_view name) {
  for (const Command& one : kCommands) {
    if (one.name == name) return &one;
  }
  return nullptr;
}

}  // namespace fieldpost
