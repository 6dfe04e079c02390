// watch: what happens, as it happens. Each line that is out is done with: whoever keeps the number of
// the last one goes on there, whatever ended in between.
#include "agent/cli/commands.h"
#include "agent/cli/local.h"
#include "agent/desk/route.h"

namespace fieldpost {
namespace {

constexpr Duration kComesBack = 1_s;  // an agent that reads its configuration again

class Watch final : public ReplyLines {
 public:
  Watch(Call& call, std::optional<std::uint64_t> from) : ReplyLines(call), from_(from) {}

  int follow() {
    for (;;) {
      TextBuffer<64> path;
      path.put("/v1/events");
      if (from_) path.put("?from=").put_number(*from_);
      LocalRequest request;
      request.path = path.written();
      began_ = false;
      const Status ended = call_.shell.ask(request, Deadline{}, *this);
      const bool agent_runs = call_.shell.agent_runs();
      if (ended != Status::ok && agent_runs && began_) {
        call_.shell.sleep(kComesBack);
        continue;
      }
      const int exit = finish(ended);
      if (exit != kDone || agent_runs) return exit;
      put_err(call_.shell,
              "No agent is running: nothing more will happen until one does.\n"_packed);
      return kNotReachable;
    }
  }

 private:
  bool wants(JsonView object) override {
    began_ = true;
    if (object.member("event").exists()) from_ = number_of(object.member("event"));
    return true;
  }

  void show(JsonView object) override {
    if (object.member("gap").exists()) {
      put_out(call_.shell,
              "Some changes are no longer in the log; what all messages are:\n"_packed);
    } else if (object.member("id").exists()) {
      put_table_line(call_, object, "time");
    }
  }

  std::optional<std::uint64_t> from_;
  bool began_ = false;
};

}  // namespace

int watch_main(Call& call) {
  std::optional<std::uint64_t> from;
  if (call.arguments.has("--from")) {
    const std::string_view word = call.arguments.value_of("--from");
    from = read_whole_number(word);
    if (!from) return report_usage(call, "--from takes the number of an event, not "_packed, word);
  }
  return Watch(call, from).follow();
}

}  // namespace fieldpost
