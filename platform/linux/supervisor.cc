#include "platform/linux/supervisor.h"

#include <errno.h>
#include <signal.h>
#include <sys/signalfd.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>

#include "agent/cli/cli.h"
#include "platform/linux/poll.h"

namespace fieldpost {
namespace {

constexpr Duration kKeeperGrace = 2_s;  // beyond the exchange that it ends first
constexpr Duration kOthersGrace = 3_s;  // for the answers that are on their way
constexpr Duration kSilentMax =
    40_s;  // a slow flash holds up the keeper, a large directory the gate
constexpr Duration kAskEvery = 20_s;

void end_now(pid_t pid) {
  if (pid != 0) ::kill(pid, SIGKILL);  // it may have gone by itself; then it is reaped as well
}

void put_end(TextWriter& out, int status) {
  const bool by_signal = WIFSIGNALED(status);
  const int number = by_signal ? WTERMSIG(status) : WEXITSTATUS(status);
  out.put(by_signal ? "signal " : "exit ").put_number(static_cast<std::uint64_t>(number));
}

}  // namespace

int Supervisor::run() {
  sink_.open(LogTarget::automatic, "supervisor");
  if (const int exit = open_all(); exit != kDone) return exit;
  if (!open_signals() || !start_all()) {
    log_.line(LogLevel::error, "start_failed").key("errno", static_cast<unsigned int>(errno));
    return kInternal;
  }
  log_.line(LogLevel::notice, "started").key("socket", settings_.intake.socket.view());

  while (phase_ == Phase::running || anybody_runs() || start_again_) {
    // Who knocks at a gate that hangs is seen here: so an agent that nobody asks wakes for nobody.
    const bool asks = phase_ == Phase::running && clock_.now() >= ask_from_;
    std::array<pollfd, 7> waits{{{signals_.get(), POLLIN, 0},
                                 {resolver_.fd(), POLLIN, 0},
                                 {keeper_.pid != 0 ? keeper_.orders.a.get() : -1, POLLIN, 0},
                                 {gate_.pid != 0 ? gate_.orders.a.get() : -1, POLLIN, 0},
                                 {asks ? listener_.get() : -1, POLLIN, 0},
                                 {asks ? http_.get() : -1, POLLIN, 0},
                                 {asks ? webhook_.get() : -1, POLLIN, 0}}};
    wait_for_any(waits, Deadline{wake_at()}, clock_);
    if (waits[0].revents != 0) take_signals();
    if (waits[1].revents != 0) take_file_changes();
    if (waits[2].revents != 0) take_orders(keeper_);
    if (waits[3].revents != 0) take_orders(gate_);
    if ((waits[4].revents | waits[5].revents | waits[6].revents) != 0) {
      ask_whether_there(clock_.now());
    }
    end_if_silent(keeper_, clock_.now());
    end_if_silent(gate_, clock_.now());
    reap();
    start_due(clock_.now());
  }
  ::unlink(CPath(settings_.intake.socket.view()).c_str());
  log_.line(LogLevel::notice, "stopped");
  sink_.flush();
  return exit_;
}

Instant Supervisor::wake_at() const {
  const Instant again = anybody_runs() ? kNever : keeper_.start_at;
  const Instant ask = phase_ == Phase::running && ask_from_ > clock_.now() ? ask_from_ : kNever;
  return std::min(
      {again, uplink_.start_at, gate_.start_at, end_by_, ask, keeper_.answer_by, gate_.answer_by});
}

bool Supervisor::open_signals() {
  sigset_t ours;
  sigemptyset(&ours);
  for (const int signal : {SIGTERM, SIGINT, SIGHUP, SIGCHLD}) sigaddset(&ours, signal);
  if (::sigprocmask(SIG_BLOCK, &ours, nullptr) != 0) return false;
  signals_.reset(::signalfd(-1, &ours, SFD_NONBLOCK | SFD_CLOEXEC));
  return signals_.is_open();
}

void Supervisor::take_signals() {
  signalfd_siginfo note{};
  while (::read(signals_.get(), &note, sizeof note) == static_cast<ssize_t>(sizeof note)) {
    switch (note.ssi_signo) {
      case SIGTERM:
      case SIGINT: end_all(false, clock_.now()); break;
      case SIGHUP: reload(); break;
      default: break;  // SIGCHLD: reap() looks after every event
    }
  }
}

void Supervisor::take_orders(Child& child) {
  Inbox<FrameKind::uplink_bad, FrameKind::gate_bad, FrameKind::alive> inbox;
  for (;;) {
    const Result<FrameKind> kind = inbox.receive(child.orders.a.get());
    if (kind.status() == Status::invalid) {
      log_.line(LogLevel::error, "frame_refused").key("from", child.process);
      return end_now(child.pid);
    }
    if (!kind.ok()) return;
    if (kind.value() == FrameKind::alive) {
      child.has_begun = true;
      child.answer_by = kNever;
    } else if (&child == &keeper_) {
      end_now(kind.value() == FrameKind::gate_bad ? gate_.pid : uplink_.pid);
    }
  }
}

// The uplink is the keeper's to watch: it alone knows what time it was given.
void Supervisor::ask_whether_there(Instant now) {
  ask_from_ = now + kAskEvery;
  for (Child* const child : {&keeper_, &gate_}) {
    if (!child->has_begun || child->answer_by != kNever) continue;
    // Whoever takes no more frames does not take this one either.
    (void)send_frame<FrameKind::alive>(child->orders.a.get(), {});
    child->answer_by = now + kSilentMax;
  }
}

void Supervisor::end_if_silent(Child& child, Instant now) {
  if (now < child.answer_by) return;
  child.answer_by = kNever;
  log_.line(LogLevel::error, "child_hangs").key("name", child.process);
  end_now(child.pid);
}

void Supervisor::take_file_changes() {
  if (resolver_.refresh()) pass_on_name_servers();
  // A new token is what everybody waits for when the old one is refused: nobody has to say SIGHUP.
  const std::uint64_t mark = mark_of_tokens(settings_);
  if (mark == token_mark_) return;
  token_mark_ = mark;
  reload();
}

void Supervisor::pass_on_name_servers() {
  log_.line(LogLevel::info, "name_servers").key("count", resolver_.servers().count);
  // An uplink that is gone gets them at its next start.
  if (send_frame<FrameKind::name_servers>(uplink_.orders.a.get(), resolver_.servers()) !=
      Status::ok) {
    log_.line(LogLevel::debug, "uplink_does_not_listen");
  }
  if (send_frame<FrameKind::network_change>(keeper_.orders.a.get(), {}) != Status::ok) {
    log_.line(LogLevel::debug, "keeper_does_not_listen");
  }
}

void Supervisor::reap() {
  for (;;) {
    int status = 0;
    const pid_t pid = ::waitpid(-1, &status, WNOHANG);
    if (pid <= 0) return;
    if (pid == keeper_.pid) {
      keeper_.pid = 0;
      keeper_ended(status);
    } else if (pid == uplink_.pid) {
      helper_ended(uplink_, "uplink", status);
    } else if (pid == gate_.pid) {
      helper_ended(gate_, "gate", status);
    }
  }
}

void Supervisor::keeper_ended(int status) {
  const Instant now = clock_.now();
  if (phase_ == Phase::running) {
    TextBuffer<32> how;
    put_end(how, status);
    log_.line(LogLevel::error, "keeper_ended").key("how", how.written());
    const bool store_refused = WIFEXITED(status) && WEXITSTATUS(status) == kFlashError;
    if (store_refused) exit_ = kFlashError;
    start_again_ = !store_refused;
    keeper_.start_at = keeper_.restart.after(keeper_.started, now);
  }
  end_others(now);
}

void Supervisor::helper_ended(Child& child, std::string_view name, int status) {
  child.pid = 0;
  if (phase_ != Phase::running) return;
  TextBuffer<32> how;
  put_end(how, status);
  log_.line(LogLevel::error, "child_ended").key("name", name).key("how", how.written());
  child.start_at = child.restart.after(child.started, clock_.now());
}

// The keeper first: it ends its exchange, and answers what has been asked.
void Supervisor::end_all(bool start_again, Instant now) {
  if (phase_ != Phase::running) {
    // A stop is the last word: no reload that comes after it takes it back.
    start_again_ = start_again_ && start_again;
    return;
  }
  start_again_ = start_again;
  phase_ = Phase::keeper_ends;
  end_by_ = now + settings_.api.answer_timeout + kKeeperGrace;
  keeper_.start_at = start_again ? now : kNever;
  uplink_.start_at = gate_.start_at = kNever;
  if (keeper_.pid == 0 || send_frame<FrameKind::stop>(keeper_.orders.a.get(), {}) != Status::ok) {
    end_others(now);
  }
}

void Supervisor::end_others(Instant now) {
  phase_ = Phase::others_end;
  end_by_ = now + kOthersGrace;
  uplink_.start_at = gate_.start_at = kNever;
  end_now(keeper_.pid);
  end_now(uplink_.pid);  // without a keeper there is nobody to report to
  if (send_frame<FrameKind::stop>(gate_.orders.a.get(), {}) != Status::ok) end_now(gate_.pid);
}

void Supervisor::start_due(Instant now) {
  if (now >= end_by_) {
    log_.line(LogLevel::warning, "end_forced");
    if (phase_ == Phase::keeper_ends) {
      end_others(now);
    } else {
      end_now(gate_.pid);
      end_by_ = kNever;
    }
  }
  bool started = true;
  if (phase_ == Phase::running) {
    if (now >= gate_.start_at) started = start(gate_);
    if (started && now >= uplink_.start_at) {
      started = start(uplink_);
      // Only now, so that the keeper does not count the wait as the new one's.
      if (started && send_frame<FrameKind::uplink_gone>(keeper_.orders.a.get(), {}) != Status::ok) {
        log_.line(LogLevel::warning, "keeper_does_not_listen");
      }
    }
  } else if (!anybody_runs() && start_again_ && now >= keeper_.start_at) {
    phase_ = Phase::running;
    start_again_ = false;
    end_by_ = kNever;
    started = start_all();
  }
  if (started) return;
  log_.line(LogLevel::error, "start_failed").key("errno", static_cast<unsigned int>(errno));
  exit_ = kInternal;
  end_all(false, now);
}

}  // namespace fieldpost
