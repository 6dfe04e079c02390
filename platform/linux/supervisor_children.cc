// The other processes: what each gets, and what it becomes.
#include <fcntl.h>
#include <unistd.h>

#include "agent/base/bytes.h"
#include "agent/cli/cli.h"
#include "platform/linux/gate.h"
#include "platform/linux/keeper.h"
#include "platform/linux/supervisor.h"
#include "platform/linux/uplink_child.h"

namespace fieldpost {
namespace {

void set_nonblocking(int fd) { ASSERT(::fcntl(fd, F_SETFL, O_NONBLOCK) == 0); }

}  // namespace

bool Supervisor::Pair::make() {
  FramePair pair;
  if (!make_frame_pair(pair)) return false;
  a.reset(pair.a);
  b.reset(pair.b);
  return true;
}

bool Supervisor::start_all() {
  if (!gate_keeper_.make() || !keeper_uplink_.make()) return false;
  // The uplink alone waits on its socket: it has nothing else to do.
  for (const Fd* const end : {&gate_keeper_.a, &gate_keeper_.b, &keeper_uplink_.a}) {
    set_nonblocking(end->get());
  }
  return start_keeper() && start_uplink() && start_gate();
}

bool Supervisor::start_keeper() {
  if (!keeper_orders_.make()) return false;
  set_nonblocking(keeper_orders_.a.get());
  set_nonblocking(keeper_orders_.b.get());
  const pid_t pid = fork_child("fp-keeper");
  if (pid == 0) become_keeper();
  keeper_.pid = pid > 0 ? pid : 0;
  keeper_.started = clock_.now();
  keeper_.start_at = kNever;
  return pid > 0;
}

bool Supervisor::start_uplink() {
  if (!uplink_orders_.make()) return false;
  set_nonblocking(uplink_orders_.a.get());
  const pid_t pid = fork_child("fp-uplink");
  if (pid == 0) {
    become_uplink({settings_.api,
                   {keeper_uplink_.b.get(), uplink_orders_.b.get()},
                   credentials_,
                   resolver_.servers(),
                   user_,
                   clock_,
                   entropy_,
                   sink_,
                   log_});
  }
  uplink_.pid = pid > 0 ? pid : 0;
  uplink_.started = clock_.now();
  uplink_.start_at = kNever;
  return pid > 0;
}

bool Supervisor::start_gate() {
  if (!gate_orders_.make()) return false;
  set_nonblocking(gate_orders_.a.get());
  set_nonblocking(gate_orders_.b.get());
  const pid_t pid = fork_child("fp-gate");
  if (pid == 0) become_gate();
  gate_.pid = pid > 0 ? pid : 0;
  gate_.started = clock_.now();
  gate_.start_at = kNever;
  return pid > 0;
}

void Supervisor::become_keeper() {
  const std::array mine{store_.lock_fd(), store_.region_fd(), gate_keeper_.b.get(),
                        keeper_uplink_.a.get(), keeper_orders_.b.get()};
  close_all_but(mine);
  sink_.set_process("keeper");
  if (!drop_rights(user_)) ::_exit(kInternal);

  static FrameUplink uplink(keeper_uplink_.a.get());
  static FrameSource source(gate_keeper_.b.get());
  static FlashFile flash(store_.region_fd(), store_.geometry());
  static Queue queue(flash, clock_, settings_.queue.messages_max);
  TextBuffer<limits::log_line_bytes_max> why;
  if (open_queue(queue, entropy_, log_, why) != Status::ok) {
    log_.line(LogLevel::error, "store_refused").key("why", why.written());
    ::_exit(kFlashError);
  }
  static Agent agent(settings_, queue, uplink, source, clock_, entropy_, log_, sending_);
  static Keeper keeper({gate_keeper_.b.get(), keeper_uplink_.a.get(), keeper_orders_.b.get()},
                       agent, clock_, log_);
  keeper.run();
  sink_.flush();
  ::_exit(kDone);
}

void Supervisor::become_gate() {
  const std::array mine{listener_.get(), gate_keeper_.a.get(), gate_orders_.b.get()};
  close_all_but(mine);
  sink_.set_process("gate");
  if (!drop_rights(user_)) ::_exit(kInternal);

  static std::array<std::byte, limits::json_arena_bytes> arena;
  static Gate gate(listener_.get(), gate_keeper_.a.get(), gate_orders_.b.get(), settings_, clock_,
                   log_, arena);
  std::array<std::byte, 4> tag{};
  if (entropy_.fill(tag) == Status::ok) gate.start_tags_at(load_le<std::uint32_t>(tag));
  gate.run();
  sink_.flush();
  ::_exit(kDone);
}

}  // namespace fieldpost
