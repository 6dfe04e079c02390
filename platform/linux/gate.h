// The gate process: what local programs say, taken apart where it can do no harm. It has no token,
// no way out to the network, and no queue.
#pragma once

#include <array>

#include "agent/base/log.h"
#include "agent/base/untouched.h"
#include "platform/linux/drop_folder.h"
#include "platform/linux/frames.h"
#include "platform/linux/gate_connection.h"
#include "platform/linux/webhook.h"

namespace fieldpost {

class Gate {
 public:
  // All borrowed; the sockets don't wait. `arena`: limits::json_arena_bytes, for one request.
  // `callbacks` and the file of their path are -1 where there is no webhook, `web` where there is no
  // loopback port for apps.
  Gate(int listener, int keeper, int supervisor, const Settings& settings,
       const AllowedIds& allowed, const Clock& clock, const Log& log, std::span<std::byte> arena,
       int callbacks = -1, int path_file = -1, int web = -1)
      : listener_(listener),
        web_(web),
        keeper_(keeper),
        supervisor_(supervisor),
        clock_(clock),
        log_(log),
        room_(settings, allowed, clock, keeper, arena),
        webhook_(callbacks, path_file, log),
        folder_(settings, log) {
    room_.look_over(connections_);
  }
  Gate(const Gate&) = delete;
  Gate& operator=(const Gate&) = delete;

  void serve(GatePanel& panel) { room_.serve(panel); }
  void start_tags_at(std::uint32_t tag) { room_.start_tags_at(tag); }

  // Until the supervisor says stop, and what is being answered then is out.
  void run();

 private:
  // False: the keeper or the supervisor is gone.
  bool round();
  bool take_answers();
  bool take_orders();
  void say_alive();
  void take_connection(bool web);
  std::size_t free_place(bool web) const;
  void end_connection(std::size_t place);
  bool anybody_waits() const;

  int listener_;
  int web_;
  int keeper_;
  int supervisor_;
  const Clock& clock_;
  const Log& log_;
  GateRoom room_;
  Webhook webhook_;
  DropFolder folder_;
  bool stopping_ = false;
  Instant stop_at_ = kNever;
  static constexpr std::size_t kPlaces = limits::local_connections_max;
  std::array<GateConnection*, kPlaces> connections_{};  // nullptr: that place is free
  Untouched<GateConnection, kPlaces> places_;
  Inbox<FrameKind::told> answers_;
};

}  // namespace fieldpost
