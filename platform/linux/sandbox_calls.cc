#include "platform/linux/sandbox_calls.h"

#include <asm/unistd.h>
#include <errno.h>
#include <linux/audit.h>
#include <linux/seccomp.h>
#include <linux/sockios.h>
#include <stddef.h>
#include <sys/socket.h>

#include <bit>

#include "agent/base/assert.h"
#include "platform/linux/mtd.h"

// The kernel gives each architecture some of these only.
#define FIELDPOST_NO_CALL 0xffff
#ifndef __NR_arm_fadvise64_64
#define __NR_arm_fadvise64_64 FIELDPOST_NO_CALL
#endif
#ifndef __NR_clock_gettime64
#define __NR_clock_gettime64 FIELDPOST_NO_CALL
#endif
#ifndef __NR_fadvise64
#define __NR_fadvise64 FIELDPOST_NO_CALL
#endif
#ifndef __NR_fork
#define __NR_fork FIELDPOST_NO_CALL
#define __NR_vfork FIELDPOST_NO_CALL
#endif
#ifndef __NR_fstat
#define __NR_fstat FIELDPOST_NO_CALL
#endif
#ifndef __NR_fstat64
#define __NR_fstat64 FIELDPOST_NO_CALL
#define __NR_fstatat64 FIELDPOST_NO_CALL
#endif
#ifndef __NR_geteuid32
#define __NR_geteuid32 __NR_geteuid
#endif
#ifndef __NR_newfstatat
#define __NR_newfstatat FIELDPOST_NO_CALL
#endif
#ifndef __NR_open
#define __NR_open FIELDPOST_NO_CALL
#define __NR_mkdir FIELDPOST_NO_CALL
#define __NR_poll FIELDPOST_NO_CALL
#endif
#ifndef __NR_ppoll_time64
#define __NR_ppoll_time64 FIELDPOST_NO_CALL
#endif
#ifndef __NR_statx
#define __NR_statx FIELDPOST_NO_CALL
#endif

namespace fieldpost {
namespace {

constexpr Roles kAll = kKeeperCalls | kUplinkCalls | kGateCalls;
constexpr Roles kSockets = kUplinkCalls | kGateCalls;

#if defined(__x86_64__)
constexpr std::uint32_t kArchitecture = AUDIT_ARCH_X86_64;
constexpr std::uint32_t kOtherCallsFrom = 0x40000000;  // x32: the same calls with other pointers
#elif defined(__aarch64__)
constexpr std::uint32_t kArchitecture = AUDIT_ARCH_AARCH64;
constexpr std::uint32_t kOtherCallsFrom = 0;
#elif defined(__ARM_EABI__)
constexpr std::uint32_t kArchitecture = AUDIT_ARCH_ARM;
constexpr std::uint32_t kOtherCallsFrom = 0;
#else
constexpr std::uint32_t kArchitecture = 0;
constexpr std::uint32_t kOtherCallsFrom = 0;
#endif

struct Call {
  std::uint16_t number;
  Roles roles;
};

// What comes often comes first: the kernel looks from the beginning.
constexpr Call kCalls[] = {
    {__NR_poll, kAll},
    {__NR_ppoll, kAll},
    {__NR_ppoll_time64, kAll},
    {__NR_clock_gettime, kAll},
    {__NR_clock_gettime64, kAll},
    {__NR_read, kAll},
    {__NR_readv, kAll},
    {__NR_write, kAll},
    {__NR_writev, kAll},
    {__NR_close, kAll},
    {__NR_pread64, kAll},  // the region, the roots, the directory
    {__NR_recvfrom, kAll},
    {__NR_getrandom, kAll},
    {__NR_pwrite64, kKeeperCalls},
    {__NR_fdatasync, kKeeperCalls},
    {__NR_fadvise64, kKeeperCalls},
    {__NR_arm_fadvise64_64, kKeeperCalls},
    {__NR_connect, kUplinkCalls},
    {__NR_setsockopt, kUplinkCalls},
    {__NR_getsockopt, kSockets},
    {__NR_accept4, kGateCalls},
    {__NR_geteuid, kGateCalls},
    {__NR_geteuid32, kGateCalls},
    {__NR_sendto, kSyslogCalls},
    {__NR_open, kReadingCalls},
    {__NR_openat, kReadingCalls},
    {__NR_fcntl, kReadingCalls},
    {__NR_fstat, kReadingCalls},
    {__NR_fstat64, kReadingCalls},
    {__NR_newfstatat, kReadingCalls},
    {__NR_fstatat64, kReadingCalls},
    {__NR_statx, kReadingCalls},
    {__NR_getdents64, kFolderCalls},
    {__NR_mkdir, kFolderCalls},
    {__NR_mkdirat, kFolderCalls},
    {__NR_renameat, kFolderCalls},
    {__NR_unlinkat, kFolderCalls},
    {__NR_inotify_init1, kFolderCalls},
    {__NR_inotify_add_watch, kFolderCalls},
    // The way out, with and without abort(3); a poll that a stop has interrupted; the log's pid.
    {__NR_exit_group, kAll},
    {__NR_rt_sigprocmask, kAll},
    {__NR_rt_sigaction, kAll},
    {__NR_rt_sigreturn, kAll},
    {__NR_restart_syscall, kAll},
    {__NR_getpid, kAll},
    {__NR_gettid, kAll},
};

// Allowed where the low half of one argument is one of two values.
struct Checked {
  std::uint16_t number;
  Roles roles;
  std::uint8_t argument;
  std::uint32_t values[2];
};

constexpr std::uint32_t kOwnPid = 0;

constexpr Checked kChecked[] = {
    // Without an address of its own (its length): that could be anybody's, and MSG_FASTOPEN would
    // connect the gate's old sockets to it.
    {__NR_sendto, kSockets, 5, {0, 0}},
    {__NR_socket, kUplinkCalls, 0, {AF_INET, AF_INET6}},
    {__NR_ioctl, kUplinkCalls, 1, {SIOCOUTQNSD, SIOCOUTQNSD}},
    {__NR_ioctl, kKeeperCalls, 1, {kEraseRequest, kEraseRequest}},
    {__NR_setsockopt, kGateCalls, 2, {SO_RCVLOWAT, SO_RCVLOWAT}},
    {__NR_tkill, kAll, 0, {kOwnPid, kOwnPid}},
    {__NR_tgkill, kAll, 0, {kOwnPid, kOwnPid}},
};

constexpr std::uint16_t kClone3 = 435;  // one number everywhere, and not in every libc's headers

// No path of ours makes these, and no libc's on ours.
constexpr std::uint16_t kDeadly[] = {__NR_execve,
                                     __NR_execveat,
                                     __NR_ptrace,
                                     __NR_kill,
                                     __NR_fork,
                                     __NR_vfork,
                                     __NR_clone,
                                     __NR_process_vm_readv,
                                     __NR_process_vm_writev,
                                     kClone3};

// SECCOMP_RET_KILL_PROCESS. Before Linux 4.14 its bit is not looked at, and what is left is
// SECCOMP_RET_KILL: that ends the thread, and there is one.
constexpr std::uint32_t kEndProcess = 0x80000000;

class Filter {
 public:
  explicit Filter(FilterSteps& steps) : steps_(steps) {}

  void load(std::size_t at) { put(BPF_LD | BPF_W | BPF_ABS, static_cast<std::uint32_t>(at)); }
  void end(std::uint32_t verdict) { put(BPF_RET | BPF_K, verdict); }
  // Passes over `steps` unless what was loaded is `value`.
  void unless(std::uint32_t value, std::uint8_t steps) {
    put(BPF_JMP | BPF_JEQ | BPF_K, value, 0, steps);
  }
  void put(int code, std::uint32_t value, std::uint8_t then = 0, std::uint8_t otherwise = 0) {
    ASSERT(count_ < steps_.size());
    steps_[count_++] = {static_cast<std::uint16_t>(code), then, otherwise, value};
  }

  std::span<const sock_filter> done() const { return std::span(steps_).first(count_); }

 private:
  FilterSteps& steps_;
  std::size_t count_ = 0;
};

}  // namespace

std::span<const sock_filter> filter_for(Roles roles, std::uint32_t own_pid, FilterSteps& steps) {
  if (kArchitecture == 0) return {};
  static_assert(kArchitecture == 0 || std::endian::native == std::endian::little);
  Filter filter(steps);
  filter.load(offsetof(seccomp_data, arch));
  filter.put(BPF_JMP | BPF_JEQ | BPF_K, kArchitecture, 1);
  filter.end(kEndProcess);
  filter.load(offsetof(seccomp_data, nr));
  if (kOtherCallsFrom != 0) {
    filter.put(BPF_JMP | BPF_JGE | BPF_K, kOtherCallsFrom, 0, 1);
    filter.end(kEndProcess);
  }
  for (const Call& call : kCalls) {
    if ((call.roles & roles) == 0 || call.number == FIELDPOST_NO_CALL) continue;
    filter.unless(call.number, 1);
    filter.end(SECCOMP_RET_ALLOW);
  }
  for (const Checked& call : kChecked) {
    if ((call.roles & roles) == 0) continue;
    const bool own = call.number == __NR_tkill || call.number == __NR_tgkill;
    filter.unless(call.number, 5);
    filter.load(offsetof(seccomp_data, args) + 8 * call.argument);
    filter.put(BPF_JMP | BPF_JEQ | BPF_K, own ? own_pid : call.values[0], 1);
    filter.unless(own ? own_pid : call.values[1], 1);
    filter.end(SECCOMP_RET_ALLOW);
    filter.end(SECCOMP_RET_ERRNO | EPERM);
  }
  for (const std::uint16_t call : kDeadly) {
    filter.unless(call, 1);
    filter.end(kEndProcess);
  }
  filter.end(SECCOMP_RET_ERRNO | ENOSYS);
  return filter.done();
}

}  // namespace fieldpost
