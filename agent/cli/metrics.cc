// metrics: lines that are no JSON. With --json, the same facts as one object: the status.
#include "agent/cli/commands.h"
#include "agent/cli/local.h"

namespace fieldpost {
namespace {

class Metrics final : public ReplyLines {
 public:
  using ReplyLines::ReplyLines;

  bool line(std::uint16_t http, std::string_view line) override {
    if (http != 200) return ReplyLines::line(http, line);
    put_object(call_, line);
    return true;
  }

 private:
  void show(JsonView) override {}
};

}  // namespace

int metrics_main(Call& call) {
  LocalRequest request;
  request.path = call.json ? "/v1/status" : "/metrics";
  return Metrics(call).ask(request, kAnswerWait);
}

}  // namespace fieldpost
