// A forked process on its way to being the uplink: the same for the agent and for `flush`.
#pragma once

#include <optional>

#include "agent/base/log.h"
#include "agent/port/clock.h"
#include "agent/port/entropy.h"
#include "agent/settings/settings.h"
#include "platform/linux/credentials.h"
#include "platform/linux/frames.h"
#include "platform/linux/log_sink.h"
#include "platform/linux/sandbox.h"
#include "platform/linux/uplink/uplink_process.h"
#include "platform/linux/users.h"

namespace fieldpost {

struct UplinkNeeds {
  const ApiSettings& settings;
  UplinkEnds ends;
  const Credentials& credentials;
  const NameServers& name_servers;
  std::optional<UserIds> user;
  const Clock& clock;
  Entropy& entropy;
  LinuxLog& sink;
  const Log& log;
  Sandbox sandbox = Sandbox::off;
  Roles calls = kUplinkCalls;
};

// Makes the one uplink of this process, with its tokens read; nullptr: it has no entropy or no TLS.
// What `needs` refers to must live as long. Called once.
UplinkProcess* start_uplink(const UplinkNeeds& needs);

// Closes what isn't the uplink's, gives up rights, is sealed, and works until a neighbour is gone.
[[noreturn]] void become_uplink(const UplinkNeeds&);

}  // namespace fieldpost
