// The system calls that each sealed process may make, as the program for the kernel's filter
// (seccomp(2)): derived from what the journeys of tests/system do, with every libc that we build for.
#pragma once

#include <linux/filter.h>

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>

namespace fieldpost {

// Whose calls, a bit each.
using Roles = std::uint8_t;
inline constexpr Roles kKeeperCalls = 1;
inline constexpr Roles kUplinkCalls = 2;
inline constexpr Roles kGateCalls = 4;
inline constexpr Roles kReadingCalls = 8;  // beside the gate's: intake.directory, intake.folder
inline constexpr Roles kFolderCalls = 16;  // and for the latter alone
inline constexpr Roles kSyslogCalls = 32;  // beside anybody's: lines for /dev/log

inline constexpr std::size_t kFilterStepsMax = 192;
using FilterSteps = std::array<sock_filter, kFilterStepsMax>;

// Puts the filter for `roles` of process `own_pid` into `steps`; empty: this architecture has none.
//
//   of another architecture, or what only whoever has taken a process over would ask for (another
//   program, another process)   ends the process; the supervisor logs it and starts another
//   with other arguments than ours   EPERM
//   anything else   ENOSYS, for which every libc tries an older call
std::span<const sock_filter> filter_for(Roles roles, std::uint32_t own_pid, FilterSteps& steps);

}  // namespace fieldpost
