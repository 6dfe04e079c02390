// Holds the objects of a running agent against their share of config/limits.h, when it is compiled.
#include "agent/agent.h"
#include "agent/queue/queue.h"
#include "config/limits.h"
#include "platform/linux/gate.h"
#include "platform/linux/keeper.h"
#include "platform/linux/supervisor.h"
#include "platform/linux/uplink/uplink_process.h"

namespace fieldpost {

static_assert(sizeof(Queue) <= limits::queue_ram_bytes);
static_assert(sizeof(Agent) <= limits::agent_ram_bytes);
static_assert(sizeof(Keeper) <= limits::keeper_ram_bytes);
static_assert(sizeof(UplinkProcess) <= limits::uplink_ram_bytes);
static_assert(sizeof(Gate) + sizeof(GatePanel) <= limits::gate_ram_bytes);
static_assert(sizeof(Supervisor) <= limits::supervisor_ram_bytes);

}  // namespace fieldpost
