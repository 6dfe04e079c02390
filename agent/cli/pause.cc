// pause and resume: they differ by their names.
#include "agent/cli/commands.h"
#include "agent/cli/local.h"

namespace fieldpost {

int pause_main(Call& call) {
  TextBuffer<16> path;
  path.put("/v1/").put(call.command);
  LocalRequest request;
  request.method = Method::post;
  request.path = path.written();
  return ask_and_show(call, request,
                      call.command[0] == 'p'
                          ? "Nothing is sent until fieldpost resume; messages are taken.\n"_packed
                          : "Sending goes on.\n"_packed);
}

}  // namespace fieldpost
