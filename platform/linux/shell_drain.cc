// flush: the agent for one drain, with an uplink of its own and nobody at the gate.
#include <errno.h>
#include <signal.h>
#include <sys/signalfd.h>
#include <unistd.h>

#include <algorithm>

#include "agent/cli/cli.h"
#include "agent/desk/desk.h"
#include "platform/linux/child.h"
#include "platform/linux/control.h"
#include "platform/linux/credentials.h"
#include "platform/linux/keeper.h"
#include "platform/linux/resolver_file.h"
#include "platform/linux/shell.h"
#include "platform/linux/uplink_child.h"

namespace fieldpost {
namespace {

constexpr Duration kProgressEvery = 200_ms;

// ^C ends a drain as SIGTERM ends the agent: the exchange under way is finished first.
class Interruption {
 public:
  Interruption() {
    sigset_t ours;
    sigemptyset(&ours);
    for (const int signal : {SIGINT, SIGTERM, SIGHUP}) sigaddset(&ours, signal);
    ::sigprocmask(SIG_BLOCK, &ours, &before_);
    signals_.reset(::signalfd(-1, &ours, SFD_NONBLOCK | SFD_CLOEXEC));
  }
  ~Interruption() { ::sigprocmask(SIG_SETMASK, &before_, nullptr); }
  bool came() const {
    signalfd_siginfo note{};
    return ::read(signals_.get(), &note, sizeof note) == static_cast<ssize_t>(sizeof note);
  }

 private:
  sigset_t before_{};
  Fd signals_;
};

void put_status(LocalAgent& queue, const Settings& settings, DirectoryFile& directory,
                LineSink& sink) {
  static TextBuffer<limits::local_answer_bytes_max> line;
  static DeskCall call;
  static Ask ask;
  static std::array<std::byte, 1> no_json;
  JsonArena arena(no_json);
  line.clear();
  const LocalRequest request{Method::get, "/v1/status", {}};
  if (call.begin(request, settings, directory, {}, arena, ask, line) == DeskStep::ask) {
    ask.tag = 1;
    call.told(queue.ask(ask), ask, line);
  }
  put_lines(line.written(), call.head().http, sink);
}

bool anything_left(const Queue& queue) {
  const auto live = queue.live();
  return std::any_of(live.begin(), live.end(),
                     [](const Live& one) { return one.state < State::held; });
}

}  // namespace

Status LinuxShell::drain(LineSink& progress) {
  release_queue();
  agent_runs_ = false;
  const Settings* const wanted = settings();
  if (wanted == nullptr) return fail(Status::invalid, kConfiguration);
  trouble_.clear();
  Credentials credentials;
  if (open_credentials(wanted->api, credentials, trouble_) != Status::ok) {
    return fail(Status::invalid, kConfiguration);
  }
  errno = 0;
  const Status opened =
      store_.open(wanted->queue, WhereMissing::refuse, Deadline{clock_.now()}, clock_, trouble_);
  switch (opened) {
    case Status::ok: break;
    case Status::not_found: return Status::ok;  // nothing was ever queued here
    case Status::timeout:
      trouble_.clear();
      trouble_.put(
          "an agent is running, and sends by itself; fieldpost status says how it fares"_packed);
      return fail(Status::io, kNotReachable);
    case Status::io:
      if (errno == EACCES) {
        put_permission(wanted->queue.path.view());
        return opened;
      }
      return fail(opened, kFlashError);
    case Status::full:
    case Status::torn:
    case Status::corrupt:
    case Status::invalid:
    case Status::newer: return fail(opened, kFlashError);
  }
  const Status drained = drain_open_store(*wanted, credentials, progress);
  release_queue();
  return drained;
}

Status LinuxShell::drain_open_store(const Settings& wanted, const Credentials& credentials,
                                    LineSink& progress) {
  FramePair frames;
  FramePair orders;  // nothing is ordered; its end tells the uplink that we are gone
  if (!make_frame_pair(frames) || !make_frame_pair(orders)) return fail(Status::io, kInternal);
  const Fd ours(frames.a), our_orders(orders.a);
  Fd theirs(frames.b), their_orders(orders.b);
  set_nonblocking(ours.get());

  const Sandbox kernel = try_sealing();
  if (!suffices(kernel, wanted.sandbox, trouble_)) return fail(Status::invalid, kConfiguration);
  const Interruption interruption;
  const ResolverFile resolver;
  const pid_t pid = fork_child("fp-uplink");
  if (pid == 0) {
    become_uplink({wanted.api,
                   {theirs.get(), their_orders.get()},
                   credentials,
                   resolver.servers(),
                   std::nullopt,
                   clock_,
                   entropy_,
                   sink_,
                   log_,
                   wanted.sandbox == SandboxSetting::off ? Sandbox::off : kernel});
  }
  if (pid < 0) {
    trouble_.put("no process for the uplink"_packed);
    return fail(Status::io, kInternal);
  }
  HeldChild uplink(pid);
  theirs.reset();
  their_orders.reset();

  static Place<FrameUplink> frame_uplink;
  static Place<Keeper> keeper;
  frame_uplink.make(ours.get());
  queue_.make(store_, wanted, *frame_uplink, clock_, entropy_, log_, Sending::on);
  if (const Status status = queue_->open(entropy_, log_, trouble_); status != Status::ok) {
    return fail(status, kFlashError);
  }
  Agent& agent = queue_->agent();
  agent.send_now();
  keeper.make(KeeperEnds{-1, ours.get(), -1}, agent, clock_, log_);

  put_status(*queue_, wanted, directory_, progress);
  Instant shown = clock_.now();
  bool interrupted = false;
  while (!agent.resting()) {
    keeper->round(Deadline{clock_.now() + kProgressEvery});
    if (!interrupted && interruption.came()) {
      interrupted = true;
      agent.stop_sending();
    }
    const bool hangs = clock_.now() >= agent.overdue_at();
    if (hangs) uplink.end();
    if (uplink.has_ended()) {
      agent.on_uplink_gone();
      agent.stop_sending();
    }
    if (clock_.now() - shown < kProgressEvery) continue;
    shown = clock_.now();
    put_status(*queue_, wanted, directory_, progress);
  }
  put_status(*queue_, wanted, directory_, progress);
  return anything_left(queue_->queue()) ? Status::full : Status::ok;
}

}  // namespace fieldpost
