#include "agent/cli/decide.h"

namespace fieldpost {

Status put_decision(Call& call, std::uint64_t id, const char* what, const char* body,
                    Reply& reply) {
  MessageRequest request(id, what);
  request.method = Method::post;
  request.body = body;
  return ask_local(call, request, reply);
}

int report_decision(Call& call, const Reply& reply) {
  if (!reply.ok()) return report_refusal(call, reply);
  return show_reply(
      call, reply, "{id} {state}: {state:words}[ (a new message in place of {retry_of})]\n"_packed);
}

}  // namespace fieldpost
