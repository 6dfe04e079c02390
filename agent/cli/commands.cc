#include "agent/cli/commands.h"

#include <array>

namespace fieldpost {
namespace {

// The usage of most commands is their syntax, too.
constexpr const char* kOnlyJson = "[--json]";
constexpr const char* kOneId = "ID [--json]";
constexpr const char* kList = "[--state STATE] [--limit N] [--reveal] [--json]";
constexpr const char* kShow = "ID [--reveal] [--json]";
constexpr const char* kCheck = "[--print] [--online] [--json]";
constexpr const char* kWatch = "[--from N] [--json]";
constexpr const char* kOnePhone = "PHONE [--json]";
constexpr const char* kStore = "verify|export|salvage|upgrade|selftest [PLACE] [--json]";
constexpr const char* kApp =
    "list|remove NAME [--json]\n"
    "       fieldpost app add NAME [--scenario ID]… [--share 20%] [--read-all]\n"
    "       [--decide] [--reveal] [--json]";
constexpr const char* kAppOptions =
    "[--scenario ID] [--share SHARE] [--read-all] [--decide] [--reveal] [--json]";
constexpr const char* kDrop =
    "ID|[--state STATE] [--scenario ID] [--to PHONE]\n"
    "       [--older TIME] [--dry-run] [--json]";
constexpr const char* kRetry =
    "ID|[--state STATE] [--scenario ID] [--to PHONE]\n"
    "       [--older TIME] [--dry-run] [--yes] [--json]";

constexpr Syntax kSyntaxOfPhone = {kOnePhone, 1, 1, "a number"};
constexpr Syntax one_id(const char* options) { return {options, 1, 1, "an id"}; }

constexpr std::array kCommands = {
    Command{"run",
            run_main,
            "the agent, in the foreground"_packed,
            "",
            "Takes messages from local programs, keeps them on flash and sends them as\n"
            "soon as the network allows. Ends in order on SIGTERM or SIGINT; reads the\n"
            "configuration again on SIGHUP.\n"_packed,
            {""}},
    Command{"send",
            send_main,
            "queue one message"_packed,
            "SCENARIO --to PHONE --FIELD VALUE… [options]\n"
            "       fieldpost send --stdin [--dry-run]",
            "Prints the message's id once it is on flash. `fieldpost scenarios` lists the\n"
            "scenarios and the options for their fields.\n"
            "\n"
            "  --to PHONE       with country code: 12025550123 or +1 202 555-0123\n"
            "  --ref REF        instead: whoever the directory has under this reference\n"
            "  --language CODE  of the template, where it differs from the configured one\n"
            "  --operator NAME  who sends it, for the record\n"
            "  --key KEY        the same key again is the same message: to ask twice is safe\n"
            "  --topic TOPIC    ends what still waits for this number on the same topic\n"
            "  --opt-in         the customer has agreed to get messages: some scenarios ask\n"
            "  --dry-run        show the number and text as they would be sent; queue nothing\n"
            "  --wait[=30s]     wait until 1MSG has it: exits 0, or 75 while it is still\n"
            "                   queued, or 76 if it is refused, held or failed; where no\n"
            "                   agent runs this drains the queue as flush does\n"
            "  --stdin          read one JSON object a line, answer each with one, and exit\n"
            "                   with the worst\n"
            "  --json           print the answer as JSON\n"
            "\n"
            "  fieldpost send next-step --to 12025550123 --customer-name Maria \\\n"
            "    --process 'loan application' --next-step 'upload documents by June 20'\n"_packed,
            {"--json --stdin --dry-run --wait[=30s] --to PHONE --language CODE --operator NAME "
             "--key KEY --topic TOPIC --ttl TIME --not-before TIME --ref REF --opt-in",
             0, 1, "a scenario", true}},
    Command{"list",
            list_main,
            "what is queued and what became of it"_packed,
            kList,
            "One message a line: first those that have ended, in the order in which they\n"
            "did, then those that are on their way. Numbers are masked unless --reveal.\n"
            "States: queued, sending, uncertain, held, accepted, sent, delivered, read,\n"
            "failed, expired, superseded, dropped.\n"_packed,
            {kList}},
    Command{"show", show_main, "one message, and why it waits"_packed, kShow,
            "All that is known about one message. Its number is masked unless --reveal.\n"_packed,
            one_id(kShow)},
    Command{"why", why_main, "why a message waits, in one sentence"_packed, kOneId,
            "What became of it, what it waits for, when it is tried next, and how many\n"
            "wait for the same cause.\n"_packed,
            one_id(kOneId)},
    Command{"watch",
            watch_main,
            "follow what happens to messages"_packed,
            kWatch,
            "One line for each change of a message's state, from now on, until Ctrl-C.\n"
            "\n"
            "  --from N  go on after event N: what the log still holds of what followed,\n"
            "            in order, none twice. Where it no longer holds all of that, one\n"
            "            `gap` line and the present states of all messages stand for it\n"
            "  --json    one object a line. Act on it first, then keep its `event`: that\n"
            "            is the next N. The line that has nothing else says so: up to there\n"
            "            all is told, and what comes now is new\n"_packed,
            {kWatch}},
    Command{"status",
            status_main,
            "network, channel, counts, store"_packed,
            kOnlyJson,
            "One screen: how the network and the channel are, how many messages are in\n"
            "which state, the oldest that waits, the next try, and the store.\n"_packed,
            {kOnlyJson}},
    Command{"metrics",
            metrics_main,
            "the status for Prometheus"_packed,
            kOnlyJson,
            "One scrape in Prometheus' text format: counts by state, the oldest age, the\n"
            "channel, the store. The agent answers GET /metrics on its socket with the same.\n"
            "With --json: the object of `status --json`.\n"_packed,
            {kOnlyJson}},
    Command{"flush",
            flush_main,
            "send what is queued, and exit"_packed,
            kOnlyJson,
            "Drains the queue once where no agent runs. Exits 75 if messages are left,\n"
            "queued or uncertain; else 76 if some were held or failed.\n"_packed,
            {kOnlyJson}},
    Command{"check",
            check_main,
            "the configuration and the files it names"_packed,
            kCheck,
            "Reads the configuration as the agent would, and looks at the files it names.\n"
            "\n"
            "  --print   every value in effect, and where it came from\n"
            "  --online  also the way to 1MSG (name, connection, certificate, token), the\n"
            "            channel, and each template: approved, and as it is sent. Sends\n"
            "            nothing. Exits 69 if there is no way, 76 if the channel is blocked,\n"
            "            78 if the configuration or a template is wrong\n"_packed,
            {kCheck}},
    Command{"retry",
            retry_main,
            "send held or failed messages again"_packed,
            kRetry,
            "A held message goes again under its own id; one that failed or expired\n"
            "becomes a new one. Where it may already have been sent this asks first, for\n"
            "the customer may get it twice; --yes answers that.\n"
            "\n"
            "Instead of an id: all in a STATE (else all that have not ended), of a\n"
            "scenario, to a phone, or older than a time; --dry-run shows which.\n"_packed,
            {kRetry, 0, 1, "an id"}},
    Command{"drop",
            drop_main,
            "give up on messages"_packed,
            kDrop,
            "A message is not sent, or not sent again; it stays in the list as dropped.\n"
            "Which ones: as for retry.\n"_packed,
            {kDrop, 0, 1, "an id"}},
    Command{"pause",
            pause_main,
            "send nothing until resume"_packed,
            kOnlyJson,
            "What is being sent is finished; everything else waits, across reboots, too.\n"
            "Messages are still taken.\n"_packed,
            {kOnlyJson}},
    Command{"resume",
            pause_main,
            "go on sending"_packed,
            kOnlyJson,
            "Ends what fieldpost pause began.\n"_packed,
            {kOnlyJson}},
    Command{"block", block_main, "send nothing to a number"_packed, kOnePhone,
            "Who has it asked for no messages: requests for it are refused, and what waits\n"
            "for it is dropped. WhatsApp's word that a customer has opted out blocks the\n"
            "number by itself. Kept is a hash of it, across reboots, until unblock.\n"_packed,
            kSyntaxOfPhone},
    Command{"unblock", block_main, "take a number's messages again"_packed, kOnePhone,
            "Ends what fieldpost block began.\n"_packed, kSyntaxOfPhone},
    Command{"forget", block_main, "erase what is stored about a number"_packed, kOnePhone,
            "Erases its messages and their texts from the queue's bytes, too. What waits\n"
            "for it is dropped first. A block of it stays, and so do the keys of what was\n"
            "sent, both as hashes. The texts of what has ended go, whoever it was for: it\n"
            "cannot be retried any more. Cut off, it can be begun again.\n"_packed,
            kSyntaxOfPhone},
    Command{"scenarios",
            scenarios_main,
            "what can be sent, and its fields"_packed,
            kOnlyJson,
            "Each scenario with the options for its fields and what to write there.\n"_packed,
            {kOnlyJson}},
    Command{"store",
            store_main,
            "the flash region: its state, its messages"_packed,
            kStore,
            "Where no agent runs; only upgrade changes a queue that has begun.\n"
            "\n"
            "  verify          reads everything and says how it is; exits 74 if damaged\n"
            "  export          every message as JSON, one a line, in the clear\n"
            "  salvage [FILE]  every record that checks out, of any region or copy of one\n"
            "  upgrade         writes it as the newest version that this program knows; the\n"
            "                  program before an update can then no longer read it\n"
            "  selftest PLACE  kills writers in a folder, or on an erased flash device,\n"
            "                  and looks for what they were promised. To a terminal it\n"
            "                  tells the newest message promised: pull the plug, and\n"
            "                  the next one in that folder says how far it can be read\n"_packed,
            {kOnlyJson, 1, 2, "what to do"}},
    Command{"app",
            app_main,
            "tokens and rights of apps at the loopback port"_packed,
            kApp,
            "An app may send, and see what it has sent itself. Its token is shown once;\n"
            "conf.d/apps.json beside the configuration keeps what it may do.\n"
            "\n"
            "  --scenario ID  only these may be sent\n"
            "  --share 20%    so much of the queue, at most\n"
            "  --read-all     what others have sent, too\n"
            "  --decide       retry, drop, and with --read-all pause and resume\n"
            "  --reveal       whole numbers\n"_packed,
            {kAppOptions, 1, 2, "what to do", false, "--scenario"}},
    Command{"report",
            report_main,
            "all that support needs, without numbers"_packed,
            kOnlyJson,
            "Version, configuration, files, status and every message without number, text\n"
            "and WhatsApp id: as JSON, one object a line, under a heading each. It can be\n"
            "sent as it is:\n"
            "\n"
            "  fieldpost report > report.txt\n"_packed,
            {kOnlyJson}},
    Command{"version",
            version_main,
            "version, build and libraries"_packed,
            kOnlyJson,
            "The version, the sources it was built from, and its libraries.\n"_packed,
            {kOnlyJson}},
    Command{"help",
            help_main,
            "this list, or help on one command"_packed,
            "[COMMAND]",
            "The same as fieldpost COMMAND --help.\n"_packed,
            {"", 0, 1, "a command"}},
};

}  // namespace

std::array<std::span<const Command>, 2> all_commands() { return {kCommands, setup_commands()}; }

const Command* find_command(std::string_view name) {
  for (const std::span<const Command> rows : all_commands()) {
    for (const Command& one : rows) {
      if (name == one.name) return &one;
    }
  }
  return nullptr;
}

}  // namespace fieldpost
