// What the supervisor opens, before anybody else runs and on SIGHUP.
#include <errno.h>
#include <poll.h>
#include <unistd.h>

#include "agent/cli/cli.h"
#include "agent/desk/row.h"
#include "platform/linux/error_words.h"
#include "platform/linux/local_socket.h"
#include "platform/linux/mapping.h"
#include "platform/linux/supervisor.h"

namespace fieldpost {
namespace {

constexpr Duration kLockWait = 5_s;
constexpr Duration kPortWait = 2_s;

using Words = TextBuffer<limits::log_line_bytes_max>;

}  // namespace

void Supervisor::use(const Settings& settings) {
  settings_ = settings;
  log_.set_level(settings_.log_level);
  sink_.open(settings_.log_target, "supervisor");
  const auto& tokens = settings_.api.token_files;
  for (std::size_t i = 0; i < tokens.count; ++i) resolver_.watch(tokens.items[i].view());
  const FilePath& login = settings_.api.proxy_login_file;
  if (!login.empty()) resolver_.watch(login.view());
  token_mark_ = mark_of_tokens(settings_);
  sandbox_ = settings_.sandbox == SandboxSetting::off ? Sandbox::off : kernel_;
  log_.line(sandbox_ == Sandbox::full ? LogLevel::info : LogLevel::warning, "sandbox")
      .key("state", to_text(sandbox_));
}

int Supervisor::load_configuration() {
  const Mapping<Configuration> file;
  if (!file.is_there()) {
    log_.line(LogLevel::error, "no_memory").key("for", "configuration");
    return kInternal;
  }
  Words why;
  if (file->load(configuration_path_) != Status::ok) {
    why.put(file->error());
  } else if (open_credentials(file->settings().api, credentials_, why) == Status::ok) {
    use(file->settings());
    return kDone;
  }
  log_.line(LogLevel::error, "configuration_rejected").key("why", why.written());
  return load_last_good(*file) ? kDone : kConfiguration;
}

// The last good configuration takes what apps bring, and sends nothing: what changed may have been
// the channel, and a customer must not hear from the wrong one.
bool Supervisor::load_last_good(const Configuration& broken) {
  const std::string_view guess = broken.guess_queue_path();
  for (const std::string_view queue_path : {guess, kUsualQueuePath}) {
    if (queue_path.empty()) continue;
    TextBuffer<limits::file_path_bytes_max + 8> room;
    const Mapping<Configuration> copy;
    if (!copy.is_there()) return false;
    const Status status = copy->load_copy(copy_path_of(queue_path, room), configuration_path_);
    if (status == Status::ok) {
      log_.line(LogLevel::error, "last_good_configuration")
          .key("file", room.written())
          .key("sending", "held");
      use(copy->settings());
      sending_ = Sending::configuration_rejected;
      return true;
    }
    if (status == Status::invalid) {
      log_.line(LogLevel::error, "last_good_configuration").key("why", copy->error());
    }
  }
  return false;
}

// Without a copy the next bad configuration stops the agent; today nothing is wrong.
void Supervisor::keep_copy(const Configuration& good) {
  TextBuffer<limits::file_path_bytes_max + 8> room;
  if (good.keep_copy(copy_path_of(settings_.queue.path.view(), room)) == Status::ok) return;
  TextBuffer<64> why;
  why.put(error_words(errno));
  log_.line(LogLevel::warning, "configuration_not_copied")
      .key("file", room.written())
      .key("why", why.written());
}

int Supervisor::open_all() {
  if (::geteuid() == 0) {
    user_ = find_user(kServiceUser);
    uplink_user_ = find_user(kUplinkUser);
    if (!uplink_user_.has_value()) uplink_user_ = user_;
  }
  kernel_ = try_sealing();
  if (const int exit = load_configuration(); exit != kDone) return exit;

  Words why;
  if (!suffices(kernel_, settings_.sandbox, why)) {
    log_.line(LogLevel::error, "start_refused").key("why", why.written());
    return kConfiguration;
  }
  TextBuffer<limits::file_path_bytes_max + 8> room;
  const std::string_view folder = folder_of(copy_path_of(settings_.queue.path.view(), room));
  if (!make_folders(folder, 0750)) {
    why.put(folder).put(": ").put(error_words(errno));
    log_.line(LogLevel::error, "store_refused").key("why", why.written());
    return kFlashError;
  }
  const Deadline deadline{clock_.now() + kLockWait};
  const Status opened = store_.open(settings_.queue, WhereMissing::create, deadline, clock_, why);
  if (opened == Status::timeout) {
    log_.line(LogLevel::error, "another_agent").key("why", why.written());
    return kNotReachable;
  }
  if (opened != Status::ok) {
    log_.line(LogLevel::error, "store_refused").key("why", why.written());
    return kFlashError;
  }
  if (listen_at(settings_.intake.socket.view(), user_, listener_, why) != Status::ok) {
    log_.line(LogLevel::error, "socket_refused").key("why", why.written());
    return kConfiguration;
  }
  if (sending_ == Sending::on) {
    // Read again, now that it is known to be good and where its copy belongs.
    const Mapping<Configuration> good;
    if (good.is_there() && good->load(configuration_path_) == Status::ok) keep_copy(*good);
  }
  return kDone;
}

// While no child runs: the gate before may have the port, and that of an agent that was killed a
// moment longer.
Status Supervisor::open_port(const char* name, std::string_view place, Fd& listener) {
  if (place.empty()) listener.reset();
  if (place.empty() || listener.is_open()) return Status::ok;
  const Instant until = clock_.now() + kPortWait;
  Words why;
  Status status = Status::ok;
  while ((status = listen_at_port(name, place, listener, why)) != Status::ok &&
         errno == EADDRINUSE && clock_.now() < until) {
    ::poll(nullptr, 0, 50);
    why.clear();
  }
  if (status != Status::ok) {
    log_.line(LogLevel::error, "port").key("state", "off").key("why", why.written());
  }
  return status;
}

// Messages do not wait for it: without callbacks 1MSG is asked for the same news.
void Supervisor::open_webhook() {
  const IntakeSettings& intake = settings_.intake;
  path_file_.reset();
  if (intake.webhook.empty()) return webhook_.reset();
  Words why;
  Status status = open_path_file(intake.webhook_path_file.view(), path_file_, why);
  if (status != Status::ok) {
    log_.line(LogLevel::error, "webhook").key("state", "off").key("why", why.written());
  } else {
    status = open_port("intake.webhook", intake.webhook.view(), webhook_);
  }
  if (status == Status::ok) return;
  webhook_.reset();
  path_file_.reset();
}

// Without it the port serves apps all the same.
void Supervisor::open_pin_file() {
  pin_file_.reset();
  const std::string_view path = settings_.intake.panel_pin_file.view();
  Words why;
  if (path.empty() || fieldpost::open_pin_file(path, pin_file_, why) == Status::ok) return;
  pin_file_.reset();
  log_.line(LogLevel::error, "panel").key("state", "off").key("why", why.written());
}

void Supervisor::reload() {
  const Mapping<Configuration> file;
  if (!file.is_there()) return;
  Words why;
  Credentials fresh;
  Fd listener;
  if (file->load(configuration_path_) != Status::ok) {
    why.put(file->error());
  } else if (suffices(kernel_, file->settings().sandbox, why) &&
             open_credentials(file->settings().api, fresh, why) == Status::ok) {
    const Settings& next = file->settings();
    const bool moves = next.intake.socket.view() != settings_.intake.socket.view();
    if (!moves || listen_at(next.intake.socket.view(), user_, listener, why) == Status::ok) {
      const QueueSettings queue = settings_.queue;
      const FilePath old_socket = settings_.intake.socket;
      const bool webhook_moves = next.intake.webhook.view() != settings_.intake.webhook.view();
      const bool http_moves = next.intake.http.view() != settings_.intake.http.view();
      use(next);
      if (webhook_moves) webhook_.reset();
      if (http_moves) http_.reset();
      if (settings_.queue.path.view() != queue.path.view() ||
          settings_.queue.size_bytes != queue.size_bytes) {
        log_.line(LogLevel::warning, "restart_needed").key("for", "queue.path or queue.size");
        settings_.queue.path = queue.path;
        settings_.queue.size_bytes = queue.size_bytes;
      }
      if (moves) {
        listener_ = static_cast<Fd&&>(listener);
        ::unlink(CPath(old_socket.view()).c_str());
      }
      credentials_ = static_cast<Credentials&&>(fresh);
      sending_ = Sending::on;
      keep_copy(*file);
      log_.line(LogLevel::notice, "configuration_loaded");
      end_all(true, clock_.now());
      return;
    }
  }
  log_.line(LogLevel::error, "configuration_kept").key("why", why.written());
}

}  // namespace fieldpost
