// The commands of whoever sets a device up: they ask the channel itself.
#include "agent/cli/commands.h"

namespace fieldpost {
namespace {

constexpr const char* kInit =
    "CHANNEL [--token-file FILE] [--base-url URL]\n"
    "       [--ca-file FILE] [--queue FILE] [--proxy URL]\n"
    "       [--proxy-login-file FILE] [--json]";
constexpr const char* kTemplates =
    "[--save] [--json]\n"
    "       fieldpost templates add SCENARIO --url URL [--language CODE]\n"
    "       [--category WORD] [--yes]";
constexpr const char* kWebhook = "list|add URL|remove URL [--json]";

constexpr Command kSetupCommands[] = {
    Command{"init",
            init_main,
            "a first configuration, by what the channel has"_packed,
            kInit,
            "Reads the channel's token from standard input, keeps it in the file token\n"
            "beside the configuration (mode 600), asks the channel for its templates,\n"
            "proposes one for each scenario, and writes the configuration. What is there\n"
            "already stays as it is.\n"
            "\n"
            "  sudo fieldpost init VID182868781 < token\n"_packed,
            {kInit, 1, 1, "a channel"}},
    Command{
        "templates",
        templates_main,
        "what the channel has, and new ones"_packed,
        kTemplates,
        "Lists the channel's templates: name, language, status, how many variables,\n"
        "namespace.\n"
        "\n"
        "  --save  keeps the approved texts of the configured ones for previews, in\n"
        "          conf.d/template-texts.json beside the configuration\n"
        "  add     hands in a scenario's text, with its button to URL, after showing it\n"_packed,
        {kTemplates, 0, 2, "add"}},
    Command{"webhook",
            webhook_main,
            "where the channel sends its events"_packed,
            kWebhook,
            "Asks the channel, whether or not an agent runs. 1MSG keeps one list of at most\n"
            "five, and others use it: add and remove keep every other destination, read\n"
            "the list again before they write it, and read back what became of it.\n"_packed,
            {"[--json]", 1, 2, "what to do"}},
};

}  // namespace

std::span<const Command> setup_commands() { return kSetupCommands; }

}  // namespace fieldpost
