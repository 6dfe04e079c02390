// Runs a program as if the kernel were an old one: a filter of system calls, which the program's
// children inherit, gives the answers that such a kernel would give.
//
//   as_old_kernel KERNEL PROGRAM [ARGUMENT...]   PROGRAM: its path
//
//   3.17            the oldest that the agent runs on, configured without seccomp
//   3.17+seccomp    … and with it
//   3.16            one that is too old, without it
//
// ENOSYS for every call that is newer: Landlock's, close_range, statx, on 32-bit machines all with
// 64-bit times. EINVAL for newer requests of prctl(2), ENOPROTOOPT for newer options of sockets and of
// TCP, EPERM for SO_BINDTODEVICE, as for anybody without CAP_NET_RAW (a filter cannot see who has it).
// Without seccomp there is no seccomp(2), and prctl(2) knows it not.
//
// It cannot fake what no filter sees: the vDSO's clocks (../board does without, by its clock source),
// what /proc and uname(2) say, newer flags of older calls, file systems, and how TCP and poll(2)
// behaved in those days.

#include <errno.h>
#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stddef.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <array>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string_view>

#include "agent/base/text_writer.h"

namespace {

// A new call gets the next number, so one number parts what a kernel has from what came later.
#if defined(__x86_64__)
constexpr std::uint32_t kArchitecture = AUDIT_ARCH_X86_64;
constexpr std::uint32_t kLastOf317 = SYS_kexec_file_load;
constexpr std::uint32_t kLastNumber = ~0U;
#elif defined(__aarch64__)
constexpr std::uint32_t kArchitecture = AUDIT_ARCH_AARCH64;
constexpr std::uint32_t kLastOf317 = SYS_memfd_create;
constexpr std::uint32_t kLastNumber = ~0U;
#else
constexpr std::uint32_t kArchitecture = AUDIT_ARCH_ARM;
constexpr std::uint32_t kLastOf317 = SYS_memfd_create;
constexpr std::uint32_t kLastNumber = 0x0effff;  // ARM's own follow, as old as it is
#endif
constexpr std::uint32_t kLastOf316 = SYS_renameat2;
static_assert(SYS_seccomp == kLastOf316 + 1 && SYS_getrandom == kLastOf316 + 2);
static_assert(SYS_bpf == kLastOf317 + 1);

struct Kernel {
  std::string_view name;
  std::uint32_t last_call;
  bool has_seccomp;
};

constexpr Kernel kKernels[] = {
    {"3.17", kLastOf317, false}, {"3.17+seccomp", kLastOf317, true}, {"3.16", kLastOf316, false}};

// Both included.
struct Range {
  std::uint32_t from = 0;
  std::uint32_t up_to = ~0U;
};

constexpr Range only(std::uint32_t value) { return {value, value}; }

// Of a call two of whose arguments lie within these.
struct Refusal {
  Range calls;
  std::uint8_t first;
  Range first_in;
  std::uint8_t second;
  Range second_in;
  int error;
};

constexpr std::uint32_t kSetOption = SYS_setsockopt, kGetOption = SYS_getsockopt;
constexpr Range kSockets = only(SOL_SOCKET), kTcp = only(IPPROTO_TCP);
constexpr Range kNewOfSockets{SO_INCOMING_CPU}, kNewOfTcp{TCP_CC_INFO};

constexpr Refusal kNewer[] = {{only(kSetOption), 1, kSockets, 2, only(SO_BINDTODEVICE), EPERM},
                              {only(kSetOption), 1, kSockets, 2, kNewOfSockets, ENOPROTOOPT},
                              {only(kGetOption), 1, kSockets, 2, kNewOfSockets, ENOPROTOOPT},
                              {only(kSetOption), 1, kTcp, 2, kNewOfTcp, ENOPROTOOPT},
                              {only(kGetOption), 1, kTcp, 2, kNewOfTcp, ENOPROTOOPT},
                              {only(SYS_prctl), 0, {PR_MPX_ENABLE_MANAGEMENT}, 0, {}, EINVAL}};

constexpr Refusal kOfSeccomp[] = {
    {only(SYS_seccomp), 0, {}, 0, {}, ENOSYS},
    {only(SYS_prctl), 0, {PR_GET_SECCOMP, PR_SET_SECCOMP}, 0, {}, EINVAL}};

class Filter {
 public:
  explicit Filter(const Kernel& kernel) {
    refuse_unless(offsetof(seccomp_data, arch), kArchitecture);
    refuse({{kernel.last_call + 1, kLastNumber}, 0, {}, 0, {}, ENOSYS});
    for (const Refusal& one : kNewer) refuse(one);
    if (!kernel.has_seccomp) {
      for (const Refusal& one : kOfSeccomp) refuse(one);
    }
    put(BPF_RET | BPF_K, SECCOMP_RET_ALLOW);
  }

  bool install() {
    const sock_fprog program{static_cast<unsigned short>(count_), steps_.data()};
    return ::prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0 &&
           ::prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program) == 0;
  }

 private:
  void refuse_unless(std::size_t at, std::uint32_t value) {
    put(BPF_LD | BPF_W | BPF_ABS, static_cast<std::uint32_t>(at));
    put(BPF_JMP | BPF_JEQ | BPF_K, value, 1);
    put(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | ENOSYS);
  }

  void refuse(const Refusal& one) {
    constexpr std::size_t kStepsOfRange = 3;
    std::size_t left = 3 * kStepsOfRange + 1;
    pass_unless(offsetof(seccomp_data, nr), one.calls, left);
    pass_unless(argument(one.first), one.first_in, left);
    pass_unless(argument(one.second), one.second_in, left);
    put(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | static_cast<std::uint32_t>(one.error));
  }

  // Passes over the `left` steps of a refusal, less its own, unless what is there is within `range`.
  void pass_unless(std::size_t at, Range range, std::size_t& left) {
    put(BPF_LD | BPF_W | BPF_ABS, static_cast<std::uint32_t>(at));
    left -= 2;
    put(BPF_JMP | BPF_JGE | BPF_K, range.from, 0, static_cast<std::uint8_t>(left));
    left -= 1;
    put(BPF_JMP | BPF_JGT | BPF_K, range.up_to, static_cast<std::uint8_t>(left));
  }

  static std::size_t argument(std::size_t n) { return offsetof(seccomp_data, args) + 8 * n; }

  void put(int code, std::uint32_t value, std::uint8_t then = 0, std::uint8_t otherwise = 0) {
    steps_.at(count_++) = {static_cast<std::uint16_t>(code), then, otherwise, value};
  }

  std::array<sock_filter, 128> steps_{};
  std::size_t count_ = 0;
};

int fail(const char* what) {
  fieldpost::TextBuffer<128> line;
  line.put("as_old_kernel: ").put(what).put(": ").put(std::strerror(errno)).put('\n');
  [[maybe_unused]] const ssize_t done = ::write(STDERR_FILENO, line.written().data(), line.size());
  return 1;
}

}  // namespace

int main(int argc, char** argv) {
  for (const Kernel& kernel : kKernels) {
    if (argc < 3 || kernel.name != argv[1]) continue;
    if (!Filter(kernel).install()) return fail("filter");
    ::execv(argv[2], argv + 2);
    return fail(argv[2]);
  }
  return 64;
}
