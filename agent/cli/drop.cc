#include "agent/cli/commands.h"
#include "agent/cli/decide.h"

namespace fieldpost {
namespace {

int drop_one(Call& call, std::uint64_t id) {
  Reply reply;
  if (put_decision(call, id, "/drop", "", reply) != Status::ok) return report_trouble(call);
  return report_decision(call, reply);
}

}  // namespace

int drop_main(Call& call) { return decide_main(call, drop_one); }

}  // namespace fieldpost
