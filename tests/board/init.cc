// The first process on the board. It loads what /steps says, then does what the bench says over the
// console, a command a line, words between single blanks:
//
//   module FILE [PARAMETERS]           folder PATH
//   mount DEVICE FOLDER TYPE           unmount FOLDER
//   volume BYTES                       on /dev/ubi0, named "data"
//   time SECONDS                       since 1970: the board has no battery
//   net INTERFACE                      10.0.2.15, as QEMU's own network wants it
//   run ARGUMENTS                      fieldpost, until it ends
//   start                              fieldpost run, in the background
//   take PREFIX TAKERS PAUSE_MS        takers send messages until `quiet`
//   quiet                              … and this waits for the last of them
//   stop                               SIGTERM for the agent, and waits
//   unsealed                           from its next start on the agent does not seal its processes
//   old KERNEL                         from now on fieldpost runs below as_old_kernel
//   tool ARGUMENTS                     take_over, until it ends
//
// Each is answered by "@done CODE"; 0 is well. Before that `run` prints what the program prints.
// Takers say "@took TAG ID" once `fieldpost send` has printed an id, and "@not TAG CODE" else.
// Every line leaves in one write(2), so that lines of several processes do not mix.

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <mtd/ubi-user.h>
#include <net/if.h>
#include <signal.h>
#include <sys/ioctl.h>
#include <sys/mount.h>
#include <sys/reboot.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <termios.h>
#include <time.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

#include "agent/base/number.h"
#include "agent/base/text_writer.h"

namespace {

using fieldpost::TextBuffer;

constexpr std::size_t kLineBytesMax = 512, kWordsMax = 24, kTakersMax = 8, kTextBytesMax = 880,
                      kStride = 277;
constexpr char kProgram[] = "/fieldpost", kTool[] = "/take_over", kBelow[] = "/as_old_kernel";
constexpr int kNotStarted = 127, kUnknown = 126;

constinit pid_t agent = -1;
constinit std::array<pid_t, kTakersMax> takers{};
constinit volatile sig_atomic_t told_to_end = 0;
constinit std::array<char, 32> old_kernel{};  // its name; empty: this one

void say(std::string_view line) {
  [[maybe_unused]] const ssize_t written = ::write(STDOUT_FILENO, line.data(), line.size());
}

void sleep_ms(std::uint64_t ms) {
  const timespec pause{.tv_sec = static_cast<time_t>(ms / 1000),
                       .tv_nsec = static_cast<long>(ms % 1000) * 1'000'000};
  ::nanosleep(&pause, nullptr);
}

// Words of one line, each ending in a zero in the caller's own bytes.
struct Words {
  std::array<char*, kWordsMax + 1> at{};
  std::size_t count = 0;

  explicit Words(char* line) {
    for (char* c = line; *c != '\0' && count < kWordsMax; ++count) {
      at[count] = c;
      while (*c != '\0' && *c != ' ') ++c;
      if (*c == ' ') *c++ = '\0';
    }
  }
  const char* word(std::size_t i) const { return i < count ? at[i] : ""; }
  std::uint64_t number(std::size_t i) const {
    std::string_view text = word(i);
    std::uint64_t number = 0;
    return fieldpost::take_number(text, number) && text.empty() ? number : 0;
  }
};

int code_of(bool done) { return done ? 0 : errno; }

int exit_of(pid_t pid) {
  int status = 0;
  while (::waitpid(pid, &status, 0) < 0) {
    if (errno != EINTR) return kUnknown;
  }
  return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

// --- The machine ---------------------------------------------------------------------------------

int load_module(const char* file, const char* parameters) {
  const int fd = ::open(file, O_RDONLY | O_CLOEXEC);
  const bool done = fd >= 0 && ::syscall(SYS_finit_module, fd, parameters, 0) == 0;
  const int code = code_of(done || errno == EEXIST);
  if (fd >= 0) ::close(fd);
  return code;
}

int make_volume(std::uint64_t bytes) {
  constexpr std::string_view kName = "data";
  ubi_mkvol_req wanted{};
  wanted.vol_id = UBI_VOL_NUM_AUTO;
  wanted.alignment = 1;
  wanted.bytes = static_cast<std::int64_t>(bytes);
  wanted.vol_type = UBI_DYNAMIC_VOLUME;
  wanted.name_len = kName.size();
  std::copy(kName.begin(), kName.end(), wanted.name);
  const int fd = ::open("/dev/ubi0", O_RDONLY | O_CLOEXEC);
  const int code = code_of(fd >= 0 && ::ioctl(fd, UBI_IOCMKVOL, &wanted) == 0);
  ::close(fd);
  return code;
}

int set_time(std::uint64_t seconds) {
  const timespec now{.tv_sec = static_cast<time_t>(seconds), .tv_nsec = 0};
  return code_of(::clock_settime(CLOCK_REALTIME, &now) == 0);
}

int give_address(int fd, const char* interface, const char* address, const char* mask) {
  ifreq request{};
  const std::string_view name = interface;
  std::copy_n(name.data(), std::min(name.size(), sizeof request.ifr_name - 1), request.ifr_name);
  auto* wanted = reinterpret_cast<sockaddr_in*>(&request.ifr_addr);
  wanted->sin_family = AF_INET;
  ::inet_pton(AF_INET, address, &wanted->sin_addr);
  if (::ioctl(fd, SIOCSIFADDR, &request) != 0) return errno;
  ::inet_pton(AF_INET, mask, &wanted->sin_addr);
  if (::ioctl(fd, SIOCSIFNETMASK, &request) != 0) return errno;
  request.ifr_flags = IFF_UP | IFF_RUNNING;
  return code_of(::ioctl(fd, SIOCSIFFLAGS, &request) == 0);
}

int start_network(const char* interface) {
  const int fd = ::socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
  int code = give_address(fd, "lo", "127.0.0.1", "255.0.0.0");
  if (code == 0) code = give_address(fd, interface, "10.0.2.15", "255.255.255.0");
  ::close(fd);
  return code;
}

// --- The program ---------------------------------------------------------------------------------

// `arguments` ends in a null pointer, its first place is for the program's name.
pid_t start_program(char** arguments, int out, const char* program = kProgram) {
  const pid_t pid = ::fork();
  if (pid != 0) return pid;
  if (out >= 0) ::dup2(out, STDOUT_FILENO);
  const int nothing = ::open("/dev/null", O_RDONLY);
  ::dup2(nothing, STDIN_FILENO);
  ::signal(SIGTERM, SIG_DFL);
  std::array<char*, kWordsMax + 4> words{const_cast<char*>(kBelow), old_kernel.data()};
  std::size_t count = program == kProgram && old_kernel[0] != '\0' ? 2 : 0;
  words[count++] = const_cast<char*>(program);
  while (*++arguments != nullptr) words[count++] = *arguments;
  ::execv(words[0], words.data());
  ::_exit(kNotStarted);
}

// What it prints goes on in whole lines, as the running agent's log does.
int run(Words& words, const char* program = kProgram) {
  int ends[2];
  if (::pipe2(ends, O_CLOEXEC) != 0) return errno;
  const pid_t pid = start_program(words.at.data(), ends[1], program);
  ::close(ends[1]);
  TextBuffer<2048> line;
  for (char c = 0; ::read(ends[0], &c, 1) == 1;) {
    line.put(c);
    if (c != '\n') continue;
    say(line.written());
    line.clear();
  }
  ::close(ends[0]);
  return exit_of(pid);
}

// --- Takers --------------------------------------------------------------------------------------

// One message with this text; the id that `send` printed goes into `id`.
int send_one(char* text, char* phone, TextBuffer<64>& id) {
  int ends[2];
  if (::pipe2(ends, O_CLOEXEC) != 0) return kUnknown;
  char send[] = "send", scenario[] = "next-step", to[] = "--to", name[] = "--customer-name",
       maria[] = "Maria", process[] = "--process", loan[] = "loan application",
       step[] = "--next-step";
  char* arguments[] = {nullptr, send,    scenario, to,   phone, name,
                       maria,   process, loan,     step, text,  nullptr};
  const pid_t pid = start_program(arguments, ends[1]);
  ::close(ends[1]);
  for (char c = 0; ::read(ends[0], &c, 1) == 1;) {
    if (c != '\n') id.put(c);
  }
  ::close(ends[0]);
  return exit_of(pid);
}

[[noreturn]] void take(std::string_view prefix, std::uint64_t taker, std::uint64_t pause_ms) {
  ::signal(SIGTERM, [](int) { told_to_end = 1; });
  TextBuffer<16> phone;
  phone.put("1202555010").put_number(taker).put('\0');
  char* to = const_cast<char*>(phone.written().data());
  for (std::uint64_t n = 1; told_to_end == 0; ++n) {
    TextBuffer<64> tag, id;
    tag.put(prefix).put('.').put_number(taker).put('.').put_number(n);
    const std::string_view name = tag.written();
    // Of many lengths, so that commits end anywhere in a unit and a segment.
    TextBuffer<kTextBytesMax> text;
    text.put(name).put(' ');
    for (std::uint64_t left = n * kStride % (kTextBytesMax - 80); left > 0; --left) text.put('x');
    text.put('\0');
    const int code = send_one(const_cast<char*>(text.written().data()), to, id);
    TextBuffer<160> line;
    line.put(code == 0 ? "@took " : "@not ").put(name).put(' ');
    if (code == 0)
      line.put(id.written());
    else
      line.put_number(static_cast<std::uint64_t>(code));
    say(line.put('\n').written());
    sleep_ms(pause_ms);
  }
  ::_exit(0);
}

int start_takers(std::string_view prefix, std::uint64_t count, std::uint64_t pause_ms) {
  for (std::size_t taker = 0; taker < std::min<std::uint64_t>(count, kTakersMax); ++taker) {
    const pid_t pid = ::fork();
    if (pid == 0) take(prefix, taker, pause_ms);
    takers[taker] = pid;
  }
  return 0;
}

int wait_for_takers() {
  for (const pid_t pid : takers) {
    if (pid > 0) ::kill(pid, SIGTERM);
  }
  int worst = 0;
  for (pid_t& pid : takers) {
    if (pid > 0) worst = std::max(worst, exit_of(pid));
    pid = 0;
  }
  return worst;
}

// --- Commands ------------------------------------------------------------------------------------

int start_agent() {
  char command[] = "run";
  char* arguments[] = {nullptr, command, nullptr};
  agent = start_program(arguments, -1);
  return code_of(agent > 0);
}

int leave_unsealed() {
  constexpr std::string_view kSetting = R"({"sandbox":"off"})";
  const int file =
      ::open("/etc/fieldpost/conf.d/sandbox.json", O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
  const bool done =
      ::write(file, kSetting.data(), kSetting.size()) == static_cast<ssize_t>(kSetting.size());
  const int code = code_of(done);
  ::close(file);
  return code;
}

int run_below(std::string_view kernel) {
  if (kernel.size() >= old_kernel.size()) return ENAMETOOLONG;
  old_kernel[kernel.copy(old_kernel.data(), kernel.size())] = '\0';
  return 0;
}

int stop_agent() {
  if (agent <= 0) return kUnknown;
  ::kill(agent, SIGTERM);
  const int code = exit_of(agent);
  agent = -1;
  return code;
}

int mount_device(const Words& words) {
  return code_of(::mount(words.word(1), words.word(2), words.word(3), MS_NOATIME, "") == 0);
}

int obey(Words& words) {
  const std::string_view command = words.word(0);
  if (command == "module") return load_module(words.word(1), words.word(2));
  if (command == "folder") return code_of(::mkdir(words.word(1), 0755) == 0 || errno == EEXIST);
  if (command == "mount") return mount_device(words);
  if (command == "volume") return make_volume(words.number(1));
  if (command == "unmount") return code_of(::umount(words.word(1)) == 0);
  if (command == "time") return set_time(words.number(1));
  if (command == "net") return start_network(words.word(1));
  if (command == "run") return run(words);
  if (command == "start") return start_agent();
  if (command == "take") return start_takers(words.word(1), words.number(2), words.number(3));
  if (command == "quiet") return wait_for_takers();
  if (command == "stop") return stop_agent();
  if (command == "unsealed") return leave_unsealed();
  if (command == "old") return run_below(words.word(1));
  if (command == "tool") return run(words, kTool);
  return kUnknown;
}

// False: the end, or a line that is too long.
bool read_line(int fd, std::span<char, kLineBytesMax> room) {
  for (std::size_t used = 0; used < room.size(); ++used) {
    if (::read(fd, &room[used], 1) != 1) return false;
    if (room[used] == '\n') return room[used] = '\0', true;
  }
  return false;
}

// What has failed is told with its line: nobody waits for the steps' answers.
void take_steps() {
  const int steps = ::open("/steps", O_RDONLY | O_CLOEXEC);
  std::array<char, kLineBytesMax> line{};
  while (read_line(steps, line)) {
    Words words(line.data());
    const int code = obey(words);
    if (code == 0) continue;
    TextBuffer<kLineBytesMax> text;
    text.put("@failed ").put_number(static_cast<std::uint64_t>(code)).put(' ').put(words.word(0));
    say(text.put(' ').put(words.word(1)).put('\n').written());
  }
  ::close(steps);
}

void open_console() {
  // The kernel found none in the initramfs, which holds no device files.
  const int console = ::open("/dev/console", O_RDWR | O_NOCTTY);
  for (const int fd : {STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO}) ::dup2(console, fd);
  if (console > STDERR_FILENO) ::close(console);
  termios mode{};
  ::tcgetattr(STDIN_FILENO, &mode);
  mode.c_lflag &= ~static_cast<tcflag_t>(ECHO | ICANON | ISIG);
  mode.c_iflag &= ~static_cast<tcflag_t>(ICRNL | IXON);
  mode.c_oflag &= ~static_cast<tcflag_t>(OPOST);
  ::tcsetattr(STDIN_FILENO, TCSANOW, &mode);
}

}  // namespace

int main() {
  ::mount("dev", "/dev", "devtmpfs", 0, "");
  ::mount("proc", "/proc", "proc", 0, "");
  ::mount("sys", "/sys", "sysfs", 0, "");
  open_console();
  take_steps();
  say("@ready\n");
  std::array<char, kLineBytesMax> line{};
  while (read_line(STDIN_FILENO, line)) {
    Words words(line.data());
    const int code = obey(words);
    TextBuffer<32> answer;
    answer.put("@done ").put_number(static_cast<std::uint64_t>(code)).put('\n');
    say(answer.written());
  }
  ::reboot(RB_POWER_OFF);
}
