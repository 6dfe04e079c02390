#include "agent/cli/commands.h"
#include "agent/cli/decide.h"

namespace fieldpost {

int drop_main(Call& call) {
  const std::uint64_t id = read_id(call);
  if (id == 0) return kUsage;
  Reply reply;
  if (put_decision(call, id, "/drop", "", reply) != Status::ok) return report_trouble(call);
  return report_decision(call, reply);
}

}  // namespace fieldpost
