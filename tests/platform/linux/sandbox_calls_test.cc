#include "platform/linux/sandbox_calls.h"

#include <asm/unistd.h>
#include <errno.h>
#include <gtest/gtest.h>
#include <linux/audit.h>
#include <linux/seccomp.h>
#include <linux/sockios.h>
#include <stddef.h>
#include <sys/socket.h>

#include <array>
#include <cstring>

#include "platform/linux/mtd.h"

namespace fieldpost {
namespace {

#if defined(__aarch64__)
constexpr std::uint32_t kOurs = AUDIT_ARCH_AARCH64, kTheirs = AUDIT_ARCH_ARM;
#elif defined(__x86_64__)
constexpr std::uint32_t kOurs = AUDIT_ARCH_X86_64, kTheirs = AUDIT_ARCH_I386;
#endif
constexpr std::uint32_t kOwnPid = 4711;
constexpr Roles kEveryRole = 63;
constexpr std::uint32_t kEnd = 0x80000000, kAllow = SECCOMP_RET_ALLOW,
                        kUnknown = SECCOMP_RET_ERRNO | ENOSYS,
                        kOtherArguments = SECCOMP_RET_ERRNO | EPERM;

// What the kernel would make of a call: the few instructions that our filters are made of.
std::uint32_t judge(std::span<const sock_filter> steps, const seccomp_data& call) {
  std::uint32_t loaded = 0;
  for (std::size_t at = 0; at < steps.size(); ++at) {
    const sock_filter& step = steps[at];
    switch (step.code) {
      case BPF_LD | BPF_W | BPF_ABS:
        EXPECT_LE(step.k, sizeof call - 4);
        std::memcpy(&loaded, reinterpret_cast<const char*>(&call) + step.k, sizeof loaded);
        break;
      case BPF_JMP | BPF_JEQ | BPF_K: at += loaded == step.k ? step.jt : step.jf; break;
      case BPF_JMP | BPF_JGE | BPF_K: at += loaded >= step.k ? step.jt : step.jf; break;
      case BPF_RET | BPF_K: return step.k;
      default: ADD_FAILURE() << "an instruction that no filter of ours has: " << step.code;
    }
  }
  ADD_FAILURE() << "the kernel takes no filter that ends without a verdict";
  return 0;
}

std::uint32_t judge(Roles roles, long number, std::array<std::uint64_t, 6> arguments = {},
                    std::uint32_t architecture = kOurs) {
  FilterSteps room;
  seccomp_data call{};
  call.nr = static_cast<int>(number);
  call.arch = architecture;
  std::copy(arguments.begin(), arguments.end(), call.args);
  return judge(filter_for(roles, kOwnPid, room), call);
}

TEST(Filter, AnotherArchitecture_EndsTheProcessWhateverItCalls) {
  for (Roles roles = 0; roles <= kEveryRole; ++roles) {
    for (long number = 0; number < 460; ++number) {
      ASSERT_EQ(judge(roles, number, {}, kTheirs), kEnd) << number;
    }
  }
}

#if defined(__x86_64__)
TEST(Filter, X32Calls_EndTheProcess) {
  for (long number = 0; number < 550; ++number) {
    ASSERT_EQ(judge(kEveryRole, 0x40000000 + number), kEnd) << number;
  }
}
#endif

TEST(Filter, AnotherProgramOrProcess_EndsTheProcessInEveryRole) {
  for (Roles roles = 0; roles <= kEveryRole; ++roles) {
    for (const long call : {__NR_execve, __NR_execveat, __NR_clone, 435, __NR_ptrace, __NR_kill,
                            __NR_process_vm_readv, __NR_process_vm_writev}) {
      ASSERT_EQ(judge(roles, call), kEnd) << call;
    }
  }
}

TEST(Filter, WhatNobodyNeeds_AnswersAsAnOlderKernelWould) {
  for (Roles roles = 0; roles <= kEveryRole; ++roles) {
    for (const long call : {__NR_mmap,
                            __NR_mprotect,
                            __NR_brk,
                            __NR_prctl,
                            __NR_setuid,
                            __NR_bind,
                            __NR_listen,
                            __NR_socketpair,
                            __NR_sendmsg,
                            __NR_recvmsg,
                            __NR_mount,
                            __NR_bpf,
                            __NR_unshare,
                            __NR_memfd_create,
                            __NR_prlimit64,
                            __NR_dup,
                            __NR_pidfd_open,
                            __NR_openat2,
                            425,
                            5000}) {
      ASSERT_EQ(judge(roles, call), kUnknown) << call;
    }
  }
}

TEST(Filter, EachChild_HasItsOwnCalls) {
  constexpr Roles kFolderGate = kGateCalls | kReadingCalls | kFolderCalls;
  struct Row {
    long call;
    std::array<Roles, 2> may;
  };
  for (const Row& row :
       {Row{__NR_pwrite64, {kKeeperCalls}}, Row{__NR_fdatasync, {kKeeperCalls}},
        Row{__NR_connect, {kUplinkCalls}}, Row{__NR_accept4, {kGateCalls, kFolderGate}},
        Row{__NR_openat, {kFolderGate}}, Row{__NR_unlinkat, {kFolderGate}}}) {
    for (const Roles roles : {kKeeperCalls, kUplinkCalls, kGateCalls, kFolderGate}) {
      const bool may = roles == row.may[0] || roles == row.may[1];
      EXPECT_EQ(judge(roles, row.call), may ? kAllow : kUnknown) << row.call << " " << int{roles};
    }
  }
  EXPECT_EQ(judge(kGateCalls | kReadingCalls, __NR_openat), kAllow);
  EXPECT_EQ(judge(kGateCalls | kReadingCalls, __NR_unlinkat), kUnknown);
}

TEST(Filter, Sockets_AreTheUplinksAndOfTheInternet) {
  for (std::uint64_t family = 0; family < 64; ++family) {
    const bool internet = family == AF_INET || family == AF_INET6;
    EXPECT_EQ(judge(kUplinkCalls, __NR_socket, {family}), internet ? kAllow : kOtherArguments);
    for (const Roles roles : {kKeeperCalls, kGateCalls}) {
      EXPECT_EQ(judge(roles, __NR_socket, {family}), kUnknown);
    }
  }
}

TEST(Filter, Datagrams_GoToNoAddressBesideTheSocketsOwnExceptToSyslog) {
  const std::array<std::uint64_t, 6> bare{3, 4096, 10, 0, 0, 0},
      to_somebody{3, 4096, 10, 0, 8192, 16};
  for (const Roles roles : {kUplinkCalls, kGateCalls}) {
    EXPECT_EQ(judge(roles, __NR_sendto, bare), kAllow);
    EXPECT_EQ(judge(roles, __NR_sendto, to_somebody), kOtherArguments);
  }
  EXPECT_EQ(judge(kKeeperCalls, __NR_sendto, bare), kUnknown);
  EXPECT_EQ(judge(kKeeperCalls | kSyslogCalls, __NR_sendto, to_somebody), kAllow);
}

TEST(Filter, ControlOfDevices_IsWhatEachNeedsOfIt) {
  EXPECT_EQ(judge(kKeeperCalls, __NR_ioctl, {3, kEraseRequest}), kAllow);
  EXPECT_EQ(judge(kKeeperCalls, __NR_ioctl, {3, SIOCOUTQNSD}), kOtherArguments);
  EXPECT_EQ(judge(kUplinkCalls, __NR_ioctl, {3, SIOCOUTQNSD}), kAllow);
  EXPECT_EQ(judge(kUplinkCalls, __NR_ioctl, {3, kEraseRequest}), kOtherArguments);
  EXPECT_EQ(judge(kGateCalls, __NR_ioctl, {3, SIOCOUTQNSD}), kUnknown);
}

TEST(Filter, Signals_GoToOneselfOnly) {
  for (const Roles roles : {kKeeperCalls, kUplinkCalls, kGateCalls}) {
    EXPECT_EQ(judge(roles, __NR_tgkill, {kOwnPid, kOwnPid, 6}), kAllow);
    EXPECT_EQ(judge(roles, __NR_tgkill, {kOwnPid + 1, kOwnPid + 1, 6}), kOtherArguments);
    EXPECT_EQ(judge(roles, __NR_tkill, {1, 9}), kOtherArguments);
  }
}

}  // namespace
}  // namespace fieldpost
