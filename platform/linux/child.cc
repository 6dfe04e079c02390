#include "platform/linux/child.h"

#include <errno.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>

namespace fieldpost {
namespace {

// On 32-bit machines the plain names are calls from the time of 16-bit ids.
#ifdef SYS_setresuid32
constexpr long kSetGroups = SYS_setgroups32, kSetGroup = SYS_setresgid32,
               kSetUser = SYS_setresuid32;
#else
constexpr long kSetGroups = SYS_setgroups, kSetGroup = SYS_setresgid, kSetUser = SYS_setresuid;
#endif

}  // namespace

pid_t fork_child(const char* name) {
  const pid_t parent = ::getpid();
  // Not fork(), which would first call what threads and libraries asked to be told of.
  const pid_t pid = ::_Fork();
  if (pid != 0) return pid;
  // The parent may have gone before the kernel was told to tell us.
  if (::prctl(PR_SET_PDEATHSIG, SIGKILL) != 0 || ::getppid() != parent) ::_exit(0);
  ::prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
  ::prctl(PR_SET_NAME, name);
  // A terminal's ^C goes to all of us, but the supervisor alone decides in which order we end.
  for (const int signal : {SIGINT, SIGTERM, SIGHUP}) ::signal(signal, SIG_IGN);
  sigset_t none;
  sigemptyset(&none);
  ::sigprocmask(SIG_SETMASK, &none, nullptr);
  return 0;
}

bool HeldChild::has_ended() {
  if (pid_ == 0 || ::waitpid(pid_, nullptr, WNOHANG) != pid_) return pid_ == 0;
  pid_ = 0;
  return true;
}

void HeldChild::end() {
  if (pid_ == 0) return;
  ::kill(pid_, SIGKILL);
  while (::waitpid(pid_, nullptr, 0) < 0 && errno == EINTR) {
  }
  pid_ = 0;
}

void close_all_but(std::span<const int> mine) {
  constexpr int kFirst = 3;
  // What a program that came before could have opened at most, unless somebody raised the limit;
  // used only where the kernel is older than close_range(2), 5.9.
  constexpr int kLast = 1023;
  int from = kFirst;
  for (;;) {
    int next = -1;  // the lowest of ours that is not below `from`
    for (const int fd : mine) {
      if (fd >= from && (next < 0 || fd < next)) next = fd;
    }
    const unsigned int last = next < 0 ? ~0U : static_cast<unsigned int>(next) - 1;
    if (next != from) {
#ifdef SYS_close_range
      const bool done = ::syscall(SYS_close_range, static_cast<unsigned int>(from), last, 0) == 0;
#else
      const bool done = false;  // older headers
#endif
      for (int fd = from; !done && fd <= (next < 0 ? kLast : next - 1); ++fd) ::close(fd);
    }
    if (next < 0) return;
    from = next + 1;
  }
}

bool drop_rights(const std::optional<UserIds>& user) {
  if (!user.has_value()) return true;
  const pid_t parent = ::getppid();
  const uid_t uid = user->user;
  const gid_t gid = user->group;
  // By the kernel's own calls: libc's would change all threads of the process, and there is one.
  const bool dropped = ::syscall(kSetGroups, 0, nullptr) == 0 &&
                       ::syscall(kSetGroup, gid, gid, gid) == 0 &&
                       ::syscall(kSetUser, uid, uid, uid) == 0;
  // A change of rights clears the parent-death signal.
  return dropped && ::prctl(PR_SET_PDEATHSIG, SIGKILL) == 0 && ::getppid() == parent;
}

Instant Restart::after(Instant started, Instant now) {
  if (now - started >= kLivedWell) wait_ = kFirst;
  const Instant at = now + wait_;
  wait_ = std::min(Duration{wait_.ms * 2}, kLongest);
  return at;
}

}  // namespace fieldpost
