// Takes over one of the agent's processes, as somebody would who found a hole in it, and has it make
// one system call. So what it cannot do then is what its seal refuses, in the very program that ships.
//
//   take_over PROCESS CALL [ARGUMENT...]   PROCESS: a pid, or a name of a process, such as fp-gate
//
// An argument is a number, or a text after a colon, which is put onto the process's stack. Prints what
// the call gave: a number, less than 0 for an error; or "ended" and the signal that ended the process.
// What it was doing goes on afterwards. CALL `x32`: getpid as an x32 program would ask for it.

#include <elf.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <sys/ptrace.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <sys/user.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string_view>

#include "agent/base/number.h"
#include "agent/base/text_writer.h"

namespace {

using fieldpost::TextBuffer;
using Word = unsigned long;

struct Name {
  std::string_view name;
  long number;
};

constexpr Name kNames[] = {{"openat", SYS_openat},
                           {"execve", SYS_execve},
                           {"socket", SYS_socket},
                           {"connect", SYS_connect},
                           {"kill", SYS_kill},
                           {"clone", SYS_clone},
                           {"ptrace", SYS_ptrace},
                           {"unlinkat", SYS_unlinkat},
                           {"mkdirat", SYS_mkdirat},
                           {"renameat", SYS_renameat},
                           {"mprotect", SYS_mprotect},
                           {"prctl", SYS_prctl},
                           {"setsockopt", SYS_setsockopt},
                           {"sendto", SYS_sendto},
                           {"ioctl", SYS_ioctl},
                           {"close", SYS_close},
                           {"getpid", SYS_getpid},
                           {"write", SYS_write},
                           {"x32", 0x40000000 + SYS_getpid},
                           {"dup", SYS_dup},
                           {"memfd_create", SYS_memfd_create}};

#ifdef SYS_poll
constexpr std::uint64_t kPoll = SYS_poll;
#else
constexpr std::uint64_t kPoll = SYS_ppoll;
#endif

// --- What differs between architectures ----------------------------------------------------------

#if defined(__x86_64__)
using Registers = user_regs_struct;
Word& place_of(Registers& r) { return reinterpret_cast<Word&>(r.rip); }
Word stack_of(const Registers& r) { return r.rsp; }
void set(Registers& r, long number, const std::array<Word, 6>& a) {
  r.rax = static_cast<Word>(number);
  r.orig_rax = ~0ul;  // no call that was interrupted is begun again
  r.rdi = a[0], r.rsi = a[1], r.rdx = a[2], r.r10 = a[3], r.r8 = a[4], r.r9 = a[5];
}
long result_of(const Registers& r) { return static_cast<long>(r.rax); }
std::uint64_t call_at(const Registers&) { return 0x050f; }
#elif defined(__aarch64__)
using Registers = user_regs_struct;
Word& place_of(Registers& r) { return reinterpret_cast<Word&>(r.pc); }
Word stack_of(const Registers& r) { return r.sp; }
void set(Registers& r, long number, const std::array<Word, 6>& a) {
  r.regs[8] = static_cast<Word>(number);
  for (std::size_t i = 0; i < a.size(); ++i) r.regs[i] = a[i];
}
long result_of(const Registers& r) { return static_cast<long>(r.regs[0]); }
std::uint64_t call_at(const Registers&) { return 0xd4000001; }
#else
using Registers = user_regs;
constexpr std::size_t kNumber = 7, kStack = 13, kPlace = 15, kFlags = 16, kBefore = 17;
Word& place_of(Registers& r) { return reinterpret_cast<Word&>(r.uregs[kPlace]); }
Word stack_of(const Registers& r) { return r.uregs[kStack]; }
void set(Registers& r, long number, const std::array<Word, 6>& a) {
  r.uregs[kNumber] = static_cast<Word>(number);
  r.uregs[kBefore] = ~0ul;
  for (std::size_t i = 0; i < a.size(); ++i) r.uregs[i] = a[i];
}
long result_of(const Registers& r) { return static_cast<long>(r.uregs[0]); }
std::uint64_t call_at(const Registers& r) {
  return (r.uregs[kFlags] & 0x20) != 0 ? 0xdf00 : 0xef000000;  // Thumb, or not
}
#endif

// --- The process ---------------------------------------------------------------------------------

[[noreturn]] void fail(const char* what) {
  TextBuffer<128> line;
  line.put("take_over: ").put(what).put(": ").put(std::strerror(errno)).put('\n');
  [[maybe_unused]] const ssize_t done = ::write(STDERR_FILENO, line.written().data(), line.size());
  ::_exit(1);
}

long trace(long request, pid_t pid, Word address, Word data) {
  return ::syscall(SYS_ptrace, request, pid, address, data);
}

class Process {
 public:
  explicit Process(pid_t pid) : pid_(pid) {
    if (trace(PTRACE_SEIZE, pid, 0, PTRACE_O_TRACESYSGOOD) != 0) fail("seize");
    if (trace(PTRACE_INTERRUPT, pid, 0, 0) != 0) fail("interrupt");
    if (!stops()) fail("wait");
    before_ = registers();
  }

  // False: it has ended, with `signal`.
  bool make(long number, const std::array<Word, 6>& arguments, long& result, int& signal) {
    Registers wanted = before_;
    // Not where it was: there ARM's kernel would go on with the call that it was in.
    const Word place = place_of(wanted) += 16;
    const std::uint64_t instruction = call_at(before_);
    Word old = 0;
    if (trace(PTRACE_PEEKTEXT, pid_, place, reinterpret_cast<Word>(&old)) < 0) fail("peek");
    const Word mask = instruction > 0xffff ? 0xffffffff : 0xffff;
    if (trace(PTRACE_POKETEXT, pid_, place, (old & ~mask) | (instruction & mask)) != 0) {
      fail("poke");
    }
    set(wanted, number, arguments);
    set_registers(wanted);
    const bool is_out = next_stop() && next_stop();
    if (is_out) result = result_of(registers());
    if (!is_out) {
      signal = ended_by_;
      return false;
    }
    if (number != SYS_execve || result != 0) {
      trace(PTRACE_POKETEXT, pid_, place, old);
      set_registers(before_);
    }
    // A filter that kills lets the call return first: so on to the next one.
    if (!next_stop()) {
      signal = ended_by_;
      return false;
    }
    if (trace(PTRACE_DETACH, pid_, 0, 0) != 0) fail("detach");
    return true;
  }

  // Where it is put; the red zone below the stack stays as it is.
  Word put(std::string_view text) {
    top_ = ((top_ != 0 ? top_ : stack_of(before_) - 1024) - text.size() - 1) & ~Word{15};
    std::array<char, 512> bytes{};
    std::memcpy(bytes.data(), text.data(), std::min(text.size(), bytes.size() - sizeof(Word)));
    for (std::size_t at = 0; at <= text.size(); at += sizeof(Word)) {
      Word word = 0;
      std::memcpy(&word, bytes.data() + at, sizeof word);
      if (trace(PTRACE_POKEDATA, pid_, top_ + at, word) != 0) fail("write");
    }
    return top_;
  }

 private:
  // On its way into the kernel, then on its way out. False: it has ended.
  bool next_stop() {
    do {
      if (trace(PTRACE_SYSCALL, pid_, 0, 0) != 0) fail("go on");
      if (!stops()) return false;
    } while (stopped_by_ != (SIGTRAP | 0x80));
    return true;
  }
  bool stops() {
    int status = 0;
    while (::waitpid(pid_, &status, __WALL) < 0) {
      if (errno != EINTR) fail("wait");
    }
    ended_by_ = WIFSIGNALED(status) ? WTERMSIG(status) : 0;
    stopped_by_ = WIFSTOPPED(status) ? WSTOPSIG(status) : 0;
    return WIFSTOPPED(status);
  }
  Registers registers() const {
    Registers r{};
    iovec room{&r, sizeof r};
    if (trace(PTRACE_GETREGSET, pid_, NT_PRSTATUS, reinterpret_cast<Word>(&room)) != 0) {
      fail("get registers");
    }
    return r;
  }
  void set_registers(Registers& r) const {
    iovec room{&r, sizeof r};
    if (trace(PTRACE_SETREGSET, pid_, NT_PRSTATUS, reinterpret_cast<Word>(&room)) != 0) {
      fail("set registers");
    }
  }

  pid_t pid_;
  Registers before_;
  Word top_ = 0;
  int ended_by_ = 0;
  int stopped_by_ = 0;
};

// What a file of /proc/PID says.
class Said {
 public:
  Said(std::uint64_t pid, const char* file) {
    TextBuffer<64> path;
    path.put("/proc/").put_number(pid).put('/').put(file).put('\0');
    const int fd = ::open(path.written().data(), O_RDONLY | O_CLOEXEC);
    const ssize_t got = fd < 0 ? 0 : ::read(fd, bytes_.data(), bytes_.size());
    ::close(fd);
    text = {bytes_.data(), static_cast<std::size_t>(got > 0 ? got : 0)};
  }
  std::string_view text;

 private:
  std::array<char, 256> bytes_{};
};

// In poll(2), as each of them is once it has begun: what comes before is not sealed yet.
bool has_begun(std::uint64_t pid) {
  const Said call(pid, "syscall");
  std::string_view text = call.text;
  std::uint64_t number = 0;
  return fieldpost::take_number(text, number) && (number == kPoll || number == SYS_restart_syscall);
}

// One that is started only now is waited for.
pid_t process_named(std::string_view name) {
  std::uint64_t pid = 0;
  std::string_view digits = name;
  if (fieldpost::take_number(digits, pid)) return static_cast<pid_t>(pid);
  for (int round = 0; round < 600; ++round) {
    for (std::uint64_t one = 1; one < 32768; ++one) {
      const Said comm(one, "comm");
      const std::string_view text = comm.text;
      if (text.size() == name.size() + 1 && text.starts_with(name) && has_begun(one)) {
        return static_cast<pid_t>(one);
      }
    }
    ::poll(nullptr, 0, 50);
  }
  errno = ESRCH;
  fail("process");
}

Word argument_of(Process& process, std::string_view text) {
  if (text.starts_with(':')) return process.put(text.substr(1));
  const bool less = text.starts_with('-');
  if (less) text.remove_prefix(1);
  std::uint64_t number = 0;
  if (!fieldpost::take_number(text, number) || !text.empty()) {
    errno = EINVAL;
    fail("argument");
  }
  return static_cast<Word>(less ? 0 - number : number);
}

}  // namespace

int main(int argc, char** argv) {
  if (argc < 3 || argc > 9) return 64;
  const std::string_view call = argv[2];
  long number = -1;
  for (const Name& one : kNames) {
    if (one.name == call) number = one.number;
  }
  if (number < 0) return 64;
  Process process(process_named(argv[1]));
  std::array<Word, 6> arguments{};
  for (int i = 3; i < argc; ++i) {
    arguments[static_cast<std::size_t>(i - 3)] = argument_of(process, argv[i]);
  }
  long result = 0;
  int signal = 0;
  TextBuffer<32> line;
  const bool lives = process.make(number, arguments, result, signal);
  if (!lives) {
    line.put("ended ").put_number(static_cast<std::uint64_t>(signal));
  } else if (result < 0) {
    line.put('-').put_number(static_cast<std::uint64_t>(-result));
  } else {
    line.put_number(static_cast<std::uint64_t>(result));
  }
  line.put('\n');
  return ::write(STDOUT_FILENO, line.written().data(), line.size()) > 0 ? 0 : 1;
}
