// The other processes: what each gets, and what it becomes.
#include <unistd.h>

#include "agent/base/bytes.h"
#include "agent/cli/cli.h"
#include "platform/linux/control.h"
#include "platform/linux/gate.h"
#include "platform/linux/keeper.h"
#include "platform/linux/local_agent.h"
#include "platform/linux/local_socket.h"
#include "platform/linux/supervisor.h"
#include "platform/linux/uplink_child.h"

namespace fieldpost {
bool Supervisor::Pair::make() {
  FramePair pair;
  if (!make_frame_pair(pair)) return false;
  a.reset(pair.a);
  b.reset(pair.b);
  return true;
}

bool Supervisor::start_all() {
  if (!gate_keeper_.make() || !keeper_uplink_.make()) return false;
  open_webhook();
  // Without it the socket serves all the same; the log says why.
  [[maybe_unused]] const Status opened =
      open_port("intake.http", settings_.intake.http.view(), http_);
  open_pin_file();
  allowed_ = find_allowed(settings_.intake, log_);
  open_to_all(settings_.intake.socket.view(), settings_.intake.allow.count != 0);
  // The uplink alone waits on its socket: it has nothing else to do.
  for (const Fd* const end : {&gate_keeper_.a, &gate_keeper_.b, &keeper_uplink_.a}) {
    set_nonblocking(end->get());
  }
  return start(keeper_) && start(uplink_) && start(gate_);
}

bool Supervisor::start(Child& child) {
  if (!child.orders.make()) return false;
  set_nonblocking(child.orders.a.get());
  // The uplink alone waits on its end, as above.
  if (&child != &uplink_) set_nonblocking(child.orders.b.get());
  const pid_t pid = fork_child(child.process);
  if (pid == 0) (this->*child.become)();
  child.pid = pid > 0 ? pid : 0;
  child.started = clock_.now();
  child.start_at = kNever;
  child.has_begun = false;
  child.answer_by = kNever;
  return pid > 0;
}

Roles Supervisor::calls_of(Roles child) const {
  return settings_.log_target == LogTarget::syslog ? child | kSyslogCalls : child;
}

void Supervisor::seal_gate() const {
  const std::string_view folder = settings_.intake.folder.view();
  const std::string_view directory = settings_.intake.directory.view();
  Roles calls = calls_of(kGateCalls);
  std::array<Reach, 2> reaches;
  std::size_t count = 0;
  if (!folder.empty()) {
    calls |= kReadingCalls | kFolderCalls;
    // What is missing is looked for once more: by the gate itself, which then says what is wrong.
    (void)make_folders(folder, kDropFolderMode);
    reaches[count++] = {folder, true};
  }
  if (!directory.empty()) {
    calls |= kReadingCalls;
    // The file is another one each time that it is written.
    reaches[count++] = {folder_of(directory)};
  }
  seal_or_end(sandbox_, calls, std::span(reaches).first(count), log_);
}

void Supervisor::become_keeper() {
  const std::array mine{store_.lock_fd(), store_.region_fd(), gate_keeper_.b.get(),
                        keeper_uplink_.a.get(), keeper_.orders.b.get()};
  close_all_but(mine);
  sink_.set_process("keeper");
  if (!drop_rights(user_)) ::_exit(kInternal);

  static FrameUplink uplink(keeper_uplink_.a.get());
  static FrameSource source(gate_keeper_.b.get());
  static StoredAgent stored(store_, settings_, uplink, source, clock_, entropy_, log_, sending_);
  TextBuffer<limits::log_line_bytes_max> why;
  if (stored.open(entropy_, log_, why) != Status::ok) {
    log_.line(LogLevel::error, "store_refused").key("why", why.written());
    ::_exit(kFlashError);
  }
  static Keeper keeper({gate_keeper_.b.get(), keeper_uplink_.a.get(), keeper_.orders.b.get()},
                       stored.agent(), clock_, log_);
  stored.agent().tell_sandbox(sandbox_);
  seal_or_end(sandbox_, calls_of(kKeeperCalls), {}, log_);
  keeper.run();
  sink_.flush();
  ::_exit(kDone);
}

void Supervisor::become_uplink() {
  fieldpost::become_uplink({settings_.api,
                            {keeper_uplink_.b.get(), uplink_.orders.b.get()},
                            credentials_,
                            resolver_.servers(),
                            uplink_user_,
                            clock_,
                            entropy_,
                            sink_,
                            log_,
                            sandbox_,
                            calls_of(kUplinkCalls)});
}

void Supervisor::become_gate() {
  const std::array mine{listener_.get(), gate_keeper_.a.get(), gate_.orders.b.get(),
                        webhook_.get(),  path_file_.get(),     http_.get(),
                        pin_file_.get()};
  close_all_but(mine);
  sink_.set_process("gate");
  if (!drop_rights(user_)) ::_exit(kInternal);

  static std::array<std::byte, limits::json_arena_bytes> arena;
  static Gate gate(listener_.get(), gate_keeper_.a.get(), gate_.orders.b.get(), settings_, allowed_,
                   clock_, log_, arena, webhook_.get(), path_file_.get(), http_.get());
  std::array<std::byte, 4> tag{};
  if (entropy_.fill(tag) == Status::ok) gate.start_tags_at(load_le<std::uint32_t>(tag));
  static GatePanel panel(settings_, pin_file_.get(), entropy_);
  gate.serve(panel);
  seal_gate();
  gate.run();
  sink_.flush();
  ::_exit(kDone);
}

}  // namespace fieldpost
