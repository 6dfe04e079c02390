#include "platform/linux/shell.h"

#include <errno.h>
#include <poll.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "agent/cli/cli.h"
#include "platform/linux/control.h"
#include "platform/linux/error_words.h"
#include "platform/linux/file.h"
#include "platform/linux/poll.h"
#include "platform/linux/supervisor.h"
#include "platform/linux/users.h"
#include "platform/mbedtls/sha256.h"

namespace fieldpost {
namespace {

constexpr const char* kConfigurationVariable = "FIELDPOST_CONFIG";
constexpr std::string_view kUsualConfiguration = "/etc/fieldpost/fieldpost.json";

std::string_view default_configuration() {
  const char* const named = ::getenv(kConfigurationVariable);
  return named != nullptr && *named != '\0' ? std::string_view(named) : kUsualConfiguration;
}

}  // namespace

LinuxShell::LinuxShell(const LinuxClock& clock, Entropy& entropy, LinuxLog& sink, Log& log)
    : clock_(clock),
      entropy_(entropy),
      sink_(sink),
      log_(log),
      configuration_(default_configuration()),
      input_(STDIN_FILENO) {}

void LinuxShell::out(std::string_view text) {
  // While nobody reads, the agent may want to start.
  pollfd output{STDOUT_FILENO, POLLOUT, 0};
  if (answering_ && ::poll(&output, 1, 0) == 0) release_queue();
  if (write(STDOUT_FILENO, text) == Status::ok) return;
  out_failed_ = errno;
  release_queue();
}

int LinuxShell::exit_code(int of_command) {
  // A reader that went away (| head) wants no more; SIGPIPE is ignored, so that is no accident.
  if (out_failed_ == 0 || out_failed_ == EPIPE) return of_command;
  TextBuffer<128> text;
  text.put("fieldpost: not all of this could be written: "_packed);
  err(text.put(error_words(out_failed_)).put('\n').written());
  return of_command == kDone ? int{kFlashError} : of_command;
}

void LinuxShell::err(std::string_view text) {
  [[maybe_unused]] const Status written = write(STDERR_FILENO, text);  // nowhere left to say it
}

bool LinuxShell::out_is_terminal() const { return is_terminal(STDOUT_FILENO); }

Result<std::string_view> LinuxShell::read_line(std::span<char> room) {
  // While nobody types, the agent may want to start.
  pollfd input{STDIN_FILENO, POLLIN, 0};
  if (::poll(&input, 1, 0) == 0) release_queue();
  return input_.next(room);
}

bool LinuxShell::confirm(std::string_view question) {
  if (!is_terminal(STDIN_FILENO) || !is_terminal(STDERR_FILENO)) return false;
  err(question);
  err(" [y/N] ");
  std::array<char, 16> room;
  const Result<std::string_view> line = read_line(room);
  return line.ok() && (line.value() == "y" || line.value() == "Y" || line.value() == "yes");
}

// The words lie where the kernel reads them for /proc, and belong to the program (C, 5.1.2.2.1).
void LinuxShell::hide(std::string_view word) {
  for (const char& letter : word) const_cast<char&>(letter) = '*';
}

void LinuxShell::sleep(Duration wait) {
  release_queue();
  const Deadline over{clock_.now() + wait};
  while (!over.passed(clock_.now())) wait_for_any({}, over, clock_);
}

Status LinuxShell::fail(Status status, int exit) {
  trouble_exit_ = exit;
  return status;
}

const Settings* LinuxShell::settings() {
  if (settings_.get() != nullptr && settings_are_good_) return settings_.get();
  const Mapping<Configuration> file;
  if (load(file) != Status::ok) return nullptr;
  settings_are_good_ = true;
  return &settings_.make(file->settings());
}

Status LinuxShell::load(const Mapping<Configuration>& file, const Configuration::Draft& draft) {
  trouble_.clear();
  if (!file.is_there()) {
    trouble_.put("no memory to read the configuration"_packed);
    return fail(Status::io, kInternal);
  }
  if (file->load(configuration_, draft) == Status::ok) return Status::ok;
  trouble_.put(file->error());
  return fail(Status::invalid, kConfiguration);
}

// An agent that runs on its last good configuration can only be asked by what that says.
const Settings* LinuxShell::settings_or_last_good() {
  if (const Settings* const good = settings()) return good;
  if (settings_.get() != nullptr) return settings_.get();
  const Mapping<Configuration> broken;
  if (!broken.is_there() || broken->load(configuration_) == Status::ok) return nullptr;
  for (const std::string_view queue_path : {broken->guess_queue_path(), kUsualQueuePath}) {
    if (queue_path.empty()) continue;
    TextBuffer<limits::file_path_bytes_max + 8> room;
    const Mapping<Configuration> copy;
    if (!copy.is_there()) return nullptr;
    if (copy->load_copy(copy_path_of(queue_path, room), configuration_) != Status::ok) continue;
    return &settings_.make(copy->settings());
  }
  return nullptr;
}

bool LinuxShell::has_file(std::string_view path) {
  struct stat about {};
  return ::lstat(CPath(path).c_str(), &about) == 0;
}

Status LinuxShell::put_file(FileKind kind, std::string_view path, std::string_view text) {
  const bool is_part = kind == FileKind::part_of_it;
  if (is_part) {
    const Mapping<Configuration> file;
    TRY(load(file, {path, text}));
  }
  if (!make_folders(folder_of(path), 0755) ||
      replace_file(path, {&text, 1}, kind == FileKind::secret ? 0600 : 0644, !is_part) !=
          Status::ok) {
    const int why = errno;
    trouble_.clear();
    trouble_.put(path).put(": ").put(error_words(why));
    return fail(Status::io, why == EACCES ? kNotAllowed : kConfiguration);
  }
  return Status::ok;
}

Status LinuxShell::print_settings(bool json) {
  const Mapping<Configuration> file;
  TRY(load(file));
  file->print(json, *this);
  return Status::ok;
}

Status LinuxShell::make_token(TextWriter& token, TextWriter& sha256) {
  std::array<std::byte, 32> bytes;
  trouble_.clear();
  if (entropy_.fill(bytes) != Status::ok) {
    trouble_.put("the kernel gives no random numbers (getrandom, since Linux 3.17)"_packed);
    return fail(Status::io, kInternal);
  }
  put_base64url(token, bytes);
  put_sha256(sha256, token.written());
  return Status::ok;
}

// "no permission for X, which belongs to group G: …", of the nearest folder that can be seen.
void LinuxShell::put_permission(std::string_view path) {
  struct stat about {};
  std::string_view seen = path;
  while (::stat(CPath(seen).c_str(), &about) != 0 && seen.size() > 1) seen = folder_of(seen);
  trouble_.clear();
  trouble_exit_ = kNotAllowed;
  trouble_.put("no permission for "_packed).put(path).put(": it belongs to the group "_packed);
  put_group_name(trouble_, about.st_gid);
  if (about.st_gid == 0) {
    trouble_.put("; run this as root, or the agent as a user of its own (fieldpost)"_packed);
    return;
  }
  trouble_.put("; ask to be added to it (usermod -aG "_packed);
  put_group_name(trouble_, about.st_gid);
  trouble_.put(" USER), then log in again"_packed);
}

int LinuxShell::run() {
  static Supervisor supervisor(configuration_, clock_, entropy_, sink_, log_);
  return supervisor.run();
}

}  // namespace fieldpost
