#include "platform/linux/log_sink.h"

#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <cstring>

#include "platform/linux/control.h"

namespace fieldpost {
namespace {

constexpr Duration kCountedFor = 60_s;
constexpr std::uint64_t kDaemonFacility = 3;  // RFC 5424, 6.2.1

}  // namespace

LinuxLog::LinuxLog(const Clock& clock) : clock_(clock), terminal_(is_terminal(STDERR_FILENO)) {}

void LinuxLog::open(LogTarget target, std::string_view process) {
  syslog_ = target == LogTarget::syslog;
  set_process(process);
}

void LinuxLog::set_process(std::string_view process) {
  process_ = process;
  socket_.reset();
  if (syslog_) socket_.reset(::socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
}

void LinuxLog::write(LogLevel level, std::string_view line) {
  const Instant now = clock_.now();
  if (!last_.empty() && last_ == line) {
    if (repeats_++ == 0) counting_since_ = now;
    if (now - counting_since_ >= kCountedFor) flush();
    return;
  }
  flush();
  put(level, line);
  last_level_ = level;
  if (last_.assign(line) != Status::ok) last_.clear();  // too long to be compared
}

void LinuxLog::flush() {
  if (repeats_ == 0) return;
  TextBuffer<48> words;
  words.put("repeated times=").put_number(repeats_);
  repeats_ = 0;
  put(last_level_, words.written());
}

void LinuxLog::put(LogLevel level, std::string_view line) {
  if (syslog_ && put_syslog(level, line)) return;
  TextBuffer<limits::log_line_bytes_max + 64> out;
  if (!terminal_) out.put('<').put_number(static_cast<std::uint64_t>(level)).put('>');
  out.put(process_).put(": ").put(line).put('\n');
  // Whoever closed our standard error does not want to hear about it.
  [[maybe_unused]] const Status written = write_all(STDERR_FILENO, out.written());
}

// One datagram a line (RFC 3164, 4.1, without the time: the receiver knows it as well).
bool LinuxLog::put_syslog(LogLevel level, std::string_view line) {
  TextBuffer<limits::log_line_bytes_max + 64> out;
  out.put('<').put_number(kDaemonFacility * 8 + static_cast<std::uint64_t>(level)).put('>');
  out.put("fieldpost[").put_number(static_cast<std::uint64_t>(::getpid())).put("]: ");
  out.put(process_).put(": ").put(line);
  // Not connected: a syslog that was started again has a new socket under the old name, and a sealed
  // process makes none.
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  constexpr std::string_view kPath = "/dev/log";
  std::memcpy(address.sun_path, kPath.data(), kPath.size());
  return ::sendto(socket_.get(), out.written().data(), out.written().size(), MSG_NOSIGNAL,
                  reinterpret_cast<const sockaddr*>(&address), sizeof address) >= 0;
}

}  // namespace fieldpost
