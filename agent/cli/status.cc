#include "agent/cli/commands.h"
#include "agent/cli/local.h"
#include "agent/cli/pattern.h"
#include "agent/cli/words.h"

namespace fieldpost {
namespace {

void put_counts(TextWriter& text, JsonView counts) {
  bool any = false;
  for (const JsonView one : counts) {
    const std::uint64_t count = number_of(one);
    if (count == 0) continue;
    text.put(any ? "              " : "Messages      ").put_number(count).put(' ').put(one.name());
    put_words_of(text.put(": "), one.name());
    text.put('\n');
    any = true;
  }
  if (!any) text.put("Messages      none\n"_packed);
}

// What is whole needs no line.
void put_sandbox(TextWriter& text, std::string_view sandbox) {
  if (sandbox == "full") return;
  text.put("Sandbox       "_packed);
  text.put(sandbox == "no_landlock"  ? "partly: this kernel has no Landlock\n"_packed
           : sandbox == "no_seccomp" ? "none: this kernel has no seccomp\n"_packed
                                     : "off: its processes are not sealed\n"_packed);
}

void put_screen(TextWriter& text, JsonView status, bool agent_runs) {
  text.put(agent_runs ? "Agent         running\n"_packed
                      : "Agent         not running: start it, or run fieldpost flush\n"_packed);
  put_filled(text,
             "Network       {network.state}[: {network.reason:words}]"
             "[\n              {network.detail}]\n"
             "Channel       {channel.state}[: {channel.reason:words}]"
             "[\n              {channel.detail}]\n"_packed,
             status);
  put_counts(text, status.member("counts"));
  put_filled(text,
             "[Oldest        message {oldest.id} waits since {oldest.age_s:seconds}\n]"
             "[              {oldest.reason:words}\n]"_packed,
             status);
  if (agent_runs) {
    put_sandbox(text, text_of(status.member("sandbox")));
    put_filled(text, "[Next attempt  in {next_attempt_in_s:seconds}\n]"_packed, status);
  }
  put_filled(text,
             "Store         {store.used:bytes} of {store.room:bytes} used, "
             "{store.messages} of {store.messages_max} messages on their way\n"
             "[{store.corrupt:if}"
             "              damaged: {store.corrupt} places could not be read\n]"
             "[{store.failed:if}"
             "              FAILED: the flash gave an error; nothing is taken or sent\n]"
             "[{store.volatile:if}"
             "              in memory: what is queued is lost at power-off\n]"
             "[Wear          {store.wear.most} times round\n]"
             "[{paused:if}"
             "Paused        nothing is sent until fieldpost resume\n]"
             "[{tracking_off:if}"
             "Tracking      off: the channel cannot be asked what became of messages\n]"
             "[{configuration_rejected:if}"
             "Configuration wrong: the last good one is used and nothing is sent;\n"
             "              fieldpost check says what to mend\n]"_packed,
             status);
}

}  // namespace

int status_main(Call& call) {
  LocalRequest request;
  request.path = "/v1/status";
  Reply reply;
  if (ask_local(call, request, reply) != Status::ok) return report_trouble(call);
  if (!reply.ok()) return report_refusal(call, reply);
  if (call.json) {
    put_object(call, reply.text);
    return kDone;
  }
  TextBuffer<4096> text;
  put_screen(text, reply.object, call.shell.agent_runs());
  call.shell.out(text.written());
  return kDone;
}

}  // namespace fieldpost
