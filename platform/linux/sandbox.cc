#include "platform/linux/sandbox.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/seccomp.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "agent/base/packed_text.h"
#include "agent/cli/cli.h"
#include "agent/desk/row.h"
#include "platform/linux/child.h"
#include "platform/linux/file.h"

namespace fieldpost {
namespace {

#if defined(__SANITIZE_ADDRESS__) || defined(FIELDPOST_SANITIZED)
constexpr bool kSealable = false;  // the sanitizers' runtime makes calls and maps memory of its own
#else
constexpr bool kSealable = true;
#endif

// --- Landlock, by its numbers: not every libc's headers have it --------------------------------

constexpr long kCreateRuleset = 444, kAddRule = 445, kRestrictSelf = 446;
constexpr int kAskVersion = 1, kBelowPath = 1;

struct Ruleset {
  std::uint64_t files;
  std::uint64_t tcp;
  std::uint64_t scopes;
};
struct [[gnu::packed]] BelowPath {
  std::uint64_t allowed;
  std::int32_t folder;
};

constexpr std::uint64_t kRead = 1 << 2 | 1 << 3;  // files and folders
// All but starting programs and steering devices: whatever lies in a folder can be moved.
constexpr std::uint64_t kChange = 0x7ffe;
constexpr std::uint64_t kBind = 1, kConnect = 2;

// All that a version of Landlock can refuse.
Ruleset all_of(long version, bool connects) {
  return {version < 3   ? 0x3fffu
          : version < 5 ? 0x7fffu
                        : 0xffffu,
          version < 4 ? 0
          : connects  ? kBind
                      : kBind | kConnect,
          version < 6 ? 0u : 3u};
}

bool lock_land(Roles roles, std::span<const Reach> reaches) {
  const long version = ::syscall(kCreateRuleset, nullptr, 0, kAskVersion);
  // The first version refuses every move from one folder to another, whatever the rules.
  if (version < 2) return false;
  const Ruleset refused = all_of(version, (roles & kUplinkCalls) != 0);
  const std::size_t bytes = version < 4 ? 8 : version < 6 ? 16 : sizeof refused;
  const Fd rules(static_cast<int>(::syscall(kCreateRuleset, &refused, bytes, 0)));
  for (const Reach& reach : reaches) {
    const Fd folder = open_file(reach.folder, O_PATH | O_DIRECTORY);
    const BelowPath below{(reach.may_write ? kChange : kRead) & refused.files, folder.get()};
    if (folder.is_open()) ::syscall(kAddRule, rules.get(), kBelowPath, &below, 0);
  }
  return ::syscall(kRestrictSelf, rules.get(), 0) == 0;
}

// --- The rest ------------------------------------------------------------------------------------

struct Limit {
  int what;
  std::uint64_t most;
};

// Not RLIMIT_FSIZE: standard error may be a file. There is no heap, and the stack has its own limit.
constexpr Limit kLimits[] = {{RLIMIT_CORE, 0},     {RLIMIT_NPROC, 0},
                             {RLIMIT_NOFILE, 64},  {RLIMIT_MEMLOCK, 0},
                             {RLIMIT_MSGQUEUE, 0}, {RLIMIT_DATA, 8 * 1024 * 1024}};

void limit_resources() {
  for (const Limit& limit : kLimits) {
    const std::uint64_t both[] = {limit.most, limit.most};
    // Refused only where the limit is lower already.
    ::syscall(SYS_prlimit64, 0, limit.what, both, nullptr);
  }
}

bool filter_calls(Roles roles) {
  FilterSteps room;
  const auto steps = filter_for(roles, static_cast<std::uint32_t>(::getpid()), room);
  const sock_fprog program{static_cast<unsigned short>(steps.size()),
                           const_cast<sock_filter*>(steps.data())};
  return ::prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program) == 0;
}

}  // namespace

Sandbox seal(Roles roles, std::span<const Reach> reaches) {
  if (!kSealable) return Sandbox::off;
  limit_resources();
  ::prctl(PR_SET_DUMPABLE, 0);  // a change of users may have set it anew
  const bool has_landlock = lock_land(roles, reaches);
  if (!filter_calls(roles)) return Sandbox::no_seccomp;
  return has_landlock ? Sandbox::full : Sandbox::no_landlock;
}

void seal_or_end(Sandbox wanted, Roles roles, std::span<const Reach> reaches, const Log& log) {
  if (wanted == Sandbox::off || seal(roles, reaches) == wanted) return;
  log.line(LogLevel::error, "not_sealed");
  ::_exit(kInternal);  // and started again, later and later
}

Sandbox try_sealing() {
  const pid_t pid = fork_child("fp-sandbox");
  if (pid == 0) ::_exit(static_cast<int>(seal(kKeeperCalls)));
  int status = 0;
  while (pid > 0 && ::waitpid(pid, &status, 0) < 0 && errno == EINTR) {
  }
  const int reached = WEXITSTATUS(status);
  // Where a filter from outside kills for one of these calls nobody may try again.
  const bool ended = pid > 0 && WIFEXITED(status) && reached <= static_cast<int>(Sandbox::full);
  return ended ? static_cast<Sandbox>(reached) : Sandbox::off;
}

bool suffices(Sandbox kernel, SandboxSetting setting, TextWriter& why) {
  if (setting != SandboxSetting::required || kernel == Sandbox::full) return true;
  why.put("sandbox is required, and this system's is only: "_packed).put(to_text(kernel));
  return false;
}

}  // namespace fieldpost
