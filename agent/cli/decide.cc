#include "agent/cli/decide.h"

#include "agent/cli/words.h"

namespace fieldpost {

Status put_decision(Call& call, std::uint64_t id, std::string_view what, std::string_view body,
                    Reply& reply) {
  std::array<char, 64> room;
  TextBuffer<16> rest;
  rest.put('/').put(what);
  LocalRequest request;
  request.method = Method::post;
  request.path = message_path(room, id, rest.written());
  request.body = body;
  return ask_local(call, request, reply);
}

int report_decision(Call& call, const Reply& reply) {
  if (call.json) {
    call.shell.out(reply.text);
    call.shell.out("\n");
    return kDone;
  }
  TextBuffer<256> text;
  const std::string_view state = text_of(reply.object, "state");
  text.put_number(number_of(reply.object, "id")).put(' ').put(state);
  text.put(": ").put(words_of_state(state));
  if (const std::uint64_t old = number_of(reply.object, "retry_of"); old != 0) {
    text.put(" (a new message in place of ").put_number(old).put(')');
  }
  text.put('\n');
  call.shell.out(text.written());
  return kDone;
}

}  // namespace fieldpost
