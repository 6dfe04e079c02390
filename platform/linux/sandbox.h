// Sealing: what a child gives up before it reads the first byte from outside, and never gets back.
//
//   resource limits     no core file, no process, few files, little memory more than it has
//   Landlock            no file but below the folders it was given, no TCP but its own, no signal and
//                       no abstract socket to anybody outside; since Linux 5.19, 6.7 and 6.12
//   a filter of calls   sandbox_calls.h; since Linux 3.5, on ARMv8 3.19
//
// Sealed come the keeper, the uplink and the gate. Not the supervisor: it opens, forks, kills and
// changes users for as long as the agent runs, which is all that a filter could refuse it, and no
// byte from a peer or an app ever reaches it.
#pragma once

#include <span>
#include <string_view>

#include "agent/base/log.h"
#include "agent/base/text_writer.h"
#include "agent/port/source.h"
#include "agent/settings/settings.h"
#include "platform/linux/sandbox_calls.h"

namespace fieldpost {

// A folder and what may be done below it. One that is not there yet stays out of reach.
struct Reach {
  std::string_view folder;
  bool may_write = false;
};

// Seals this process, as far as this kernel can; says how far that was.
Sandbox seal(Roles roles, std::span<const Reach> reaches = {});

// The same, down to `wanted`; ends the process where less than that comes of it.
void seal_or_end(Sandbox wanted, Roles roles, std::span<const Reach> reaches, const Log& log);

// How far that would be, tried by a process of its own.
Sandbox try_sealing();

// False: the configuration requires more than the kernel has, which `why` says.
bool suffices(Sandbox kernel, SandboxSetting setting, TextWriter& why);

}  // namespace fieldpost
