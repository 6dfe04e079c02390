// block and unblock: they differ by their names.
#include "agent/cli/commands.h"
#include "agent/cli/local.h"
#include "agent/json/write.h"

namespace fieldpost {

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
  return ask_and_show(call, request,
                      call.command[0] == 'b'
                          ? "{to} gets no more messages[{dropped:if}; {dropped} that waited "
                            "will not be sent].\n"_packed
                          : "{to} can get messages again.\n"_packed);
}

}  // namespace fieldpost
