// The supervisor: the parent of the others. It opens what they need, starts them, starts them again,
// and ends them in order. It reads no byte that a peer or an app has sent.
//
//   running ──(SIGTERM, SIGHUP, keeper gone)──▶ keeper ends ──▶ gate ends ──▶ over, or running again
#pragma once

#include <sys/types.h>

#include <array>
#include <optional>
#include <string_view>

#include "agent/agent.h"
#include "agent/base/log.h"
#include "agent/settings/settings.h"
#include "platform/linux/child.h"
#include "platform/linux/configuration.h"
#include "platform/linux/credentials.h"
#include "platform/linux/frames.h"
#include "platform/linux/linux_clock.h"
#include "platform/linux/log_sink.h"
#include "platform/linux/peer.h"
#include "platform/linux/resolver_file.h"
#include "platform/linux/sandbox.h"
#include "platform/linux/store.h"

namespace fieldpost {

class Supervisor {
 public:
  Supervisor(std::string_view configuration, const LinuxClock& clock, Entropy& entropy,
             LinuxLog& sink, Log& log)
      : configuration_path_(configuration),
        clock_(clock),
        entropy_(entropy),
        sink_(sink),
        log_(log) {}
  Supervisor(const Supervisor&) = delete;
  Supervisor& operator=(const Supervisor&) = delete;

  // The agent, until it is told to stop; the exit code.
  int run();

 private:
  enum class Phase : std::uint8_t { running, keeper_ends, others_end };
  // Both ends of each pair stay open here, so that a new process can take the place of a dead one.
  struct Pair {
    Fd a, b;
    bool make();
  };
  struct Child {
    const char* process;           // as lists of processes show it
    void (Supervisor::*become)();  // in the child; does not return
    Pair orders;                   // a: supervisor, b: the child
    pid_t pid = 0;                 // 0 = not running
    Instant started = {};
    Instant start_at = kNever;  // when to start it again
    Restart restart = {};
    bool has_begun = false;      // it has said so
    Instant answer_by = kNever;  // it was asked whether it is there
  };

  // supervisor.cc: the loop
  bool open_signals();
  void take_signals();
  void take_orders(Child& child);
  void ask_whether_there(Instant now);
  void end_if_silent(Child& child, Instant now);
  void reap();
  void keeper_ended(int status);
  void helper_ended(Child& child, std::string_view name, int status);
  void start_due(Instant now);
  void end_all(bool start_again, Instant now);
  void end_others(Instant now);
  void take_file_changes();
  void pass_on_name_servers();
  Instant wake_at() const;
  bool anybody_runs() const { return keeper_.pid != 0 || uplink_.pid != 0 || gate_.pid != 0; }

  // supervisor_children.cc
  bool start_all();
  bool start(Child& child);
  [[noreturn]] void become_keeper();
  [[noreturn]] void become_uplink();
  [[noreturn]] void become_gate();
  Roles calls_of(Roles child) const;
  void seal_gate() const;

  // supervisor_open.cc
  int open_all();
  int load_configuration();
  bool load_last_good(const Configuration& broken);
  void use(const Settings& settings);
  void keep_copy(const Configuration& good);
  void open_webhook();
  void open_pin_file();
  Status open_port(const char* key, std::string_view place, Fd& listener);
  void reload();

  std::string_view configuration_path_;
  const LinuxClock& clock_;
  Entropy& entropy_;
  LinuxLog& sink_;
  Log& log_;

  Settings settings_;
  AllowedIds allowed_;
  Sending sending_ = Sending::on;
  std::optional<UserIds> user_;  // whose rights the children take on
  std::optional<UserIds> uplink_user_;
  Sandbox kernel_ = Sandbox::off;   // as far as it can seal
  Sandbox sandbox_ = Sandbox::off;  // as far as it shall
  Store store_;
  Credentials credentials_;
  std::uint64_t token_mark_ = 0;
  Fd listener_;
  Fd webhook_;  // with its path's file; neither is open where there is none
  Fd path_file_;
  Fd pin_file_;
  Fd http_;  // not open where apps have no port
  ResolverFile resolver_;
  Fd signals_;

  Pair gate_keeper_;    // a: gate, b: keeper
  Pair keeper_uplink_;  // a: keeper, b: uplink

  Child keeper_{"fp-keeper", &Supervisor::become_keeper, {}};
  Child uplink_{"fp-uplink", &Supervisor::become_uplink, {}};
  Child gate_{"fp-gate", &Supervisor::become_gate, {}};
  Phase phase_ = Phase::running;
  Instant ask_from_ = {};  // whether they are there, when somebody knocks
  bool start_again_ = false;
  Instant end_by_ = kNever;  // of this phase; what runs then is killed
  int exit_ = 0;
};

}  // namespace fieldpost
