// why: one sentence about one message, and how many are in the same case.
#include "agent/cli/commands.h"
#include "agent/cli/local.h"
#include "agent/cli/pattern.h"
#include "agent/json/write.h"

namespace fieldpost {
namespace {

class SameCause final : public ReplyLines {
 public:
  SameCause(Call& call, std::string_view reason) : ReplyLines(call), reason_(reason) {}
  std::uint64_t count() const { return count_; }

 private:
  bool wants(JsonView row) override {
    count_ += text_of(row.member("reason")) == reason_ ? 1 : 0;
    return false;
  }
  void show(JsonView) override {}

  std::string_view reason_;
  std::uint64_t count_ = 0;
};

void put_text_or_null(TextWriter& out, const char* name, std::string_view text) {
  if (!text.empty()) return put_json_text(out, name, text);
  put_json_name(out, name).put("null");
}

}  // namespace

int why_main(Call& call) {
  const std::uint64_t id = read_id(call);
  if (id == 0) return kUsage;
  Reply reply;
  if (ask_local(call, MessageRequest(id, ""), reply) != Status::ok) return report_trouble(call);
  if (!reply.ok()) return report_refusal(call, reply);
  // What is kept of the answer: the next one comes in its place.
  TextBuffer<32> state, reason, next;
  TextBuffer<512> sentence;
  state.put(text_of(reply.object.member("state")));
  reason.put(text_of(reply.object.member("reason")));
  next.put(text_of(reply.object.member("next_attempt")));
  put_filled(sentence,
             "Message {id} is {state}: {state:words}[; {reason:words}]"
             "[{code:if}; code {code}][; {code:advice}][; next try {next_attempt:time}]"_packed,
             reply.object);

  const auto known = state_named(state.written());
  if (known == State::accepted || known == State::sent) {
    sentence.put(
        "; if it stays so, check that the customer has agreed to get messages and that the "
        "template is approved"_packed);
  }
  SameCause others(call, reason.written());
  // What has ended waits for nothing.
  if (reason.size() != 0 && known && *known <= State::held) {
    TextBuffer<64> path;
    path.put("/v1/messages?state=").put(state.written());
    LocalRequest request;
    request.path = path.written();
    if (const int exit = others.ask(request, kListWait); exit != kDone) return exit;
    sentence.put("; ").put_number(others.count()).put(others.count() == 1 ? " waits" : " wait");
    sentence.put(" for the same cause"_packed);
  }
  sentence.put('.');
  if (!call.json) {
    sentence.put('\n');
    call.shell.out(sentence.written());
    return kDone;
  }
  TextBuffer<1024> out;
  out.put('{');
  put_json_number(out, "id", id);
  put_json_text(out, "state", state.written());
  put_text_or_null(out, "reason", reason.written());
  put_json_text(out, "message", sentence.written());
  put_text_or_null(out, "next_attempt", next.written());
  put_json_number(out, "same_cause", others.count());
  out.put("}\n");
  call.shell.out(out.written());
  return kDone;
}

}  // namespace fieldpost
