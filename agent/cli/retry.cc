#include "agent/cli/commands.h"
#include "agent/cli/decide.h"

namespace fieldpost {

int retry_main(Call& call) {
  constexpr std::string_view kEvenIfSent = R"({"even_if_sent":true})";
  const std::uint64_t id = read_id(call);
  if (id == 0) return kUsage;
  const bool agreed = call.arguments.has("--yes");
  Reply reply;
  if (put_decision(call, id, "retry", agreed ? kEvenIfSent : "", reply) != Status::ok) {
    return report_trouble(call);
  }
  if (!reply.ok() && text_of(reply.object, "reason") == to_text(Reason::maybe_sent)) {
    if (!call.shell.confirm("It may already have been sent: the customer may get it twice. "
                            "Retry all the same?")) {
      call.shell.err("Not retried. Without a terminal, or to be sure, say --yes.\n");
      return call.json ? report_refusal(call, reply) : int{kBadField};
    }
    if (put_decision(call, id, "retry", kEvenIfSent, reply) != Status::ok) {
      return report_trouble(call);
    }
  }
  return reply.ok() ? report_decision(call, reply) : report_refusal(call, reply);
}

}  // namespace fieldpost
