#include "agent/cli/commands.h"
#include "agent/cli/local.h"
#include "agent/cli/words.h"

namespace fieldpost {
namespace {

// "held: 1MSG refuses the token (its words)"
void put_condition(TextWriter& text, std::string_view name, JsonView condition) {
  text.put(name).put(text_of(condition, "state"));
  if (const std::string_view reason = text_of(condition, "reason"); !reason.empty()) {
    text.put(": ").put(words_of_reason(reason));
  }
  if (const std::string_view detail = text_of(condition, "detail"); !detail.empty()) {
    text.put("\n              ").put(detail);
  }
  text.put('\n');
}

void put_counts(TextWriter& text, JsonView counts) {
  bool any = false;
  for (const JsonView one : counts) {
    const auto count = one.integer().value_or(0);
    if (count <= 0) continue;
    text.put(any ? "              " : "Messages      ");
    text.put_number(static_cast<std::uint64_t>(count)).put(' ').put(one.name());
    text.put(": ").put(words_of_state(one.name())).put('\n');
    any = true;
  }
  if (!any) text.put("Messages      none\n");
}

void put_store(TextWriter& text, JsonView store) {
  text.put("Store         ");
  put_readable_bytes(text, number_of(store, "used"));
  text.put(" of ");
  put_readable_bytes(text, number_of(store, "size"));
  text.put(" used, ").put_number(number_of(store, "messages"));
  text.put(" of ").put_number(number_of(store, "messages_max")).put(" messages on their way\n");
  const std::uint64_t corrupt = number_of(store, "corrupt");
  if (corrupt != 0) {
    text.put("              damaged: ").put_number(corrupt).put(" places could not be read\n");
  }
  if (store.member("failed").boolean().value_or(false)) {
    text.put("              FAILED: the flash gave an error; nothing is taken or sent\n");
  }
  if (store.member("volatile").boolean().value_or(false)) {
    text.put("              in memory: what is queued is lost at power-off\n");
  }
}

void put_screen(TextWriter& text, JsonView status, bool agent_runs) {
  text.put(agent_runs ? "Agent         running\n"
                      : "Agent         not running: start it, or run fieldpost flush\n");
  put_condition(text, "Network       ", status.member("network"));
  put_condition(text, "Channel       ", status.member("channel"));
  put_counts(text, status.member("counts"));
  if (const JsonView oldest = status.member("oldest"); oldest.is_object()) {
    text.put("Oldest        message ").put_number(number_of(oldest, "id")).put(" waits since ");
    put_readable_seconds(text, number_of(oldest, "age_s"));
    text.put('\n');
  }
  if (const JsonView wait = status.member("next_attempt_in_s"); agent_runs && wait.is_number()) {
    text.put("Next attempt  in ");
    put_readable_seconds(text, number_of(status, "next_attempt_in_s"));
    text.put('\n');
  }
  put_store(text, status.member("store"));
  if (status.member("configuration_rejected").boolean().value_or(false)) {
    text.put(
        "Configuration wrong: the last good one is used and nothing is sent;\n"
        "              fieldpost check says what to mend\n");
  }
}

}  // namespace

int status_main(Call& call) {
  LocalRequest request;
  request.path = "/v1/status";
  Reply reply;
  if (ask_local(call, request, reply) != Status::ok) return report_trouble(call);
  if (!reply.ok()) return report_refusal(call, reply);
  if (call.json) {
    call.shell.out(reply.text);
    call.shell.out("\n");
    return kDone;
  }
  TextBuffer<4096> text;
  put_screen(text, reply.object, call.shell.agent_runs());
  call.shell.out(text.written());
  return kDone;
}

}  // namespace fieldpost
