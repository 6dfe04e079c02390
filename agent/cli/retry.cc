#include "agent/cli/commands.h"
#include "agent/cli/decide.h"

namespace fieldpost {
namespace {

int retry_one(Call& call, std::uint64_t id) {
  Reply reply;
  for (bool agreed = call.arguments.has("--yes");; agreed = true) {
    const char* const body = agreed ? R"({"even_if_sent":true})" : "";
    if (put_decision(call, id, "/retry", body, reply) != Status::ok) return report_trouble(call);
    if (agreed || reply.ok() ||
        text_of(reply.object.member("reason")) != to_text(Reason::maybe_sent)) {
      return report_decision(call, reply);
    }
    TextBuffer<128> question;
    if (call.about != 0) question.put("Message ").put_number(id).put(": ");
    question.put(
        "It may already have been sent: the customer may get it twice. "
        "Retry all the same?"_packed);
    if (!call.shell.confirm(question.written())) {
      put_err(call.shell, "Not retried. Without a terminal, or to be sure, say --yes.\n"_packed);
      return call.json ? report_refusal(call, reply) : int{kBadField};
    }
  }
}

}  // namespace

int retry_main(Call& call) { return decide_main(call, retry_one); }

}  // namespace fieldpost
