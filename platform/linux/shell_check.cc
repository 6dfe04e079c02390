// check: what the configuration names, looked at without changing anything.
#include <errno.h>
#include <sys/un.h>
#include <unistd.h>

#include "agent/cli/cli.h"
#include "agent/directory/entry.h"
#include "agent/json/write.h"
#include "platform/linux/credentials.h"
#include "platform/linux/error_words.h"
#include "platform/linux/flash_file.h"
#include "platform/linux/shell.h"

namespace fieldpost {
namespace {

// Counts what is wrong, and says each on a line.
class Findings {
 public:
  Findings(Shell& shell, bool json) : shell_(shell), json_(json) {}

  // Says what has been put, if anything.
  void say(TextWriter& finding) {
    if (finding.size() == 0) return;
    TextBuffer<2 * limits::log_line_bytes_max + 64> line;
    if (json_) {
      line.put(R"({"ok":false,"error":"invalid","message":)");
      put_json_string(line, finding.written());
      line.put("}");
    } else {
      line.put(finding.written());
    }
    line.put('\n');
    shell_.out(line.written());
    finding.clear();
    any_ = true;
  }
  bool any() const { return any_; }

 private:
  Shell& shell_;
  bool json_;
  bool any_ = false;
};

// Whether a file could be made at `path`, now or after making the folders above it.
void look_at_folder(const char* key, std::string_view path, TextWriter& finding) {
  std::string_view folder = folder_of(path);
  while (::access(CPath(folder).c_str(), F_OK) != 0 && folder.size() > 1) {
    folder = folder_of(folder);
  }
  if (::access(CPath(folder).c_str(), W_OK | X_OK) == 0) return;
  const int error = errno;
  finding.put(key).put(": ").put(path).put(": ").put(folder).put(": ").put(error_words(error));
}

}  // namespace

Status LinuxShell::check_files(bool json) {
  const Settings* const wanted = settings();
  if (wanted == nullptr) return fail(Status::io, kConfiguration);
  Findings findings(*this, json);
  TextBuffer<limits::log_line_bytes_max> finding;
  Fd file;
  for (std::size_t i = 0; i < wanted->api.token_files.count; ++i) {
    // What is wrong stands in `finding`; the next file is looked at all the same.
    if (open_token_file(wanted->api.token_files.items[i].view(), file, finding) != Status::ok) {
      findings.say(finding);
    }
  }
  if (open_root_file(wanted->api.ca_file.view(), file, finding) != Status::ok) {
    findings.say(finding);
  }
  if (open_login_file(wanted->api.proxy_login_file.view(), file, finding) != Status::ok) {
    findings.say(finding);
  }
  if (wanted->api.pins.count == 1) {
    TextBuffer<limits::log_line_bytes_max> warning;
    warning.put(
        "Warning: api.pins has no backup pin: the API's next key would lock this device "
        "out.\n"_packed);
    err(warning.written());
  }
  if (!wanted->intake.webhook.empty() &&
      open_path_file(wanted->intake.webhook_path_file.view(), file, finding) != Status::ok) {
    findings.say(finding);
  }
  if (!wanted->intake.panel_pin_file.empty() &&
      open_pin_file(wanted->intake.panel_pin_file.view(), file, finding) != Status::ok) {
    findings.say(finding);
  }

  if (!wanted->intake.folder.empty()) {
    look_at_folder("intake.folder", CPath(wanted->intake.folder.view(), "/new").c_str(), finding);
    findings.say(finding);
  }
  if (!wanted->intake.directory.empty()) {
    static std::array<std::byte, limits::json_arena_bytes> arena_bytes;
    JsonArena arena(arena_bytes);
    finding.put("intake.directory: "_packed).put(wanted->intake.directory.view()).put(": ");
    const std::size_t before = finding.size();
    check_directory(directory_, *wanted, arena, finding);
    if (finding.size() == before) finding.clear();
    findings.say(finding);
  }

  const std::string_view queue = wanted->queue.path.view();
  Region region;
  const Status opened = open_existing_region(
      {queue, wanted->queue.size_bytes, wanted->queue.write_unit, wanted->queue.is_volatile},
      region);
  if (opened == Status::not_found) {
    look_at_folder("queue.path", queue, finding);
  } else if (opened != Status::ok) {
    finding.put("queue.path "_packed);
    put_trouble(finding, queue, opened, region);
  }
  findings.say(finding);

  const std::string_view socket = wanted->intake.socket.view();
  if (socket.size() >= sizeof sockaddr_un{}.sun_path) {
    finding.put("intake.socket: "_packed).put(socket).put(": longer than 107 bytes"_packed);
  } else {
    look_at_folder("intake.socket", socket, finding);
  }
  findings.say(finding);
  return findings.any() ? Status::invalid : Status::ok;
}

}  // namespace fieldpost
