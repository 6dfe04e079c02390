// metrics: lines that are no JSON. With --json, the same facts as one object: the status.
#include "agent/cli/commands.h"
#include "agent/cli/local.h"

namespace fieldpost {
namespace {

class Printed final : public LineSink {
 public:
  explicit Printed(Call& call) : call_(call) {}

  int exit_code() const { return exit_; }

  bool line(std::uint16_t http, std::string_view line) override {
    Reply reply;
    reply.http = http;
    reply.text = line;
    if (reply.ok()) {
      put_object(call_, line);
      return true;
    }
    exit_ = read_reply(call_, reply) == Status::ok ? report_refusal(call_, reply)
                                                   : report_trouble(call_);
    return false;
  }

 private:
  Call& call_;
  int exit_ = kDone;
};

}  // namespace

int metrics_main(Call& call) {
  LocalRequest request;
  request.path = call.json ? "/v1/status" : "/metrics";
  Printed printed(call);
  const Status asked = call.shell.ask(request, within(call.shell, kAnswerWait), printed);
  return asked == Status::ok ? printed.exit_code() : report_trouble(call);
}

}  // namespace fieldpost
