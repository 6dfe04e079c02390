// block, unblock and forget: what a customer may ask for. They differ by their names.
#include "agent/cli/commands.h"
#include "agent/cli/local.h"
#include "agent/json/write.h"

namespace fieldpost {
namespace {

// Each segment is written anew: on slow flash that takes minutes.
int forget(Call& call, const LocalRequest& request) {
  Reply reply;
  if (ask_local(call, request, reply, kForgetWait) != Status::ok) return report_trouble(call);
  if (!reply.ok()) return report_refusal(call, reply);
  TextBuffer<limits::file_path_bytes_max + 128> words;
  if (call.shell.find_damaged_copy(words)) {
    words.put(" is a copy of the queue from when it was damaged: delete it, too\n"_packed);
    call.shell.err(words.written());
  }
  return show_reply(
      call, reply,
      "What was stored about {to} is erased[; {dropped:if}{dropped} that waited will not be "
      "sent].\n"_packed);
}

}  // namespace

int block_main(Call& call) {
  TextBuffer<16> path;
  path.put("/v1/").put(call.command);
  TextWriter body(call.room.body);
  body.put('{');
  put_json_text(body, "to", call.arguments.operands().front());
  body.put('}');
  LocalRequest request;
  request.method = Method::post;
  request.path = path.written();
  request.body = body.written();
  if (call.command[0] == 'f') return forget(call, request);
  return ask_and_show(call, request,
                      call.command[0] == 'b'
                          ? "{to} gets no more messages[{dropped:if}; {dropped} that waited "
                            "will not be sent].\n"_packed
                          : "{to} can get messages again.\n"_packed);
}

}  // namespace fieldpost
