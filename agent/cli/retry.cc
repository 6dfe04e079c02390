#include "agent/cli/commands.h"
#include "agent/cli/decide.h"

namespace fieldpost {

int retry_main(Call& call) {
  const std::uint64_t id = read_id(call);
  if (id == 0) return kUsage;
  Reply reply;
  for (bool agreed = call.arguments.has("--yes");; agreed = true) {
    const char* const body = agreed ? R"({"even_if_sent":true})" : "";
    if (put_decision(call, id, "/retry", body, reply) != Status::ok) return report_trouble(call);
    if (agreed || reply.ok() ||
        text_of(reply.object.member("reason")) != to_text(Reason::maybe_sent)) {
      return report_decision(call, reply);
    }
    TextBuffer<128> question;
    question.put(
        "It may already have been sent: the customer may get it twice. "
        "Retry all the same?"_packed);
    if (!call.shell.confirm(question.written())) {
      put_err(call.shell, "Not retried. Without a terminal, or to be sure, say --yes.\n"_packed);
      return call.json ? report_refusal(call, reply) : int{kBadField};
    }
  }
}

}  // namespace fieldpost
