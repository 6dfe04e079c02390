// Where 1MSG's callbacks come in, on loopback behind a reverse proxy: connections of their own beside
// those of local programs, where nothing else can be asked for.
//
// What has come of a request stays in the kernel until it is whole; each look is at all of it. So
// many may be slow or silent at little cost, and of those the oldest makes room for whoever comes.
// One callback at a time is with the keeper; meanwhile nobody is looked at, let in or given up.
#pragma once

#include <poll.h>

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

#include "agent/base/log.h"
#include "platform/linux/file.h"
#include "platform/linux/gate_connection.h"
#include "platform/linux/uplink/tokens.h"

namespace fieldpost {

class Webhook {
 public:
  static constexpr std::size_t kPlaces = limits::webhook_connections_max;
  static constexpr std::size_t kWaits = 1 + kPlaces;
  using Waits = std::span<pollfd, kWaits>;

  // Both borrowed, and -1 where there is no webhook. The file holds the path that nobody can guess.
  Webhook(int listener, int path_file, const Log& log);
  Webhook(const Webhook&) = delete;
  Webhook& operator=(const Webhook&) = delete;

  // What to wait for. Nobody new comes in where `stopping`.
  void add_waits(Waits waits, bool stopping) const;
  Instant deadline() const;
  void on_events(Waits waits, GateRoom& room);
  // The keeper has answered. False: not what was asked here.
  bool on_told(const Told& told, GateRoom& room);
  // Somebody waits for the keeper.
  bool is_busy() const { return asking_ != nullptr; }

 private:
  struct Place {
    Fd socket;
    Instant late_at = kNever;
    std::size_t seen = 0;    // bytes of its request that have come
    std::size_t told = 0;    // of its news that the keeper has made durable
    std::uint8_t looks = 0;  // that found half a request
  };

  void take_connection(GateRoom& room);
  void look(Place& place, GateRoom& room);
  void read(Place& place, std::string_view body, GateRoom& room);
  void answer(Place& place, std::uint16_t status, GateRoom& room);
  bool is_path(std::string_view path) const;

  int listener_;
  const Log& log_;
  Place* asking_ = nullptr;
  std::uint32_t tag_ = 0;  // of the answer that is awaited
  std::size_t total_ = 0;  // news in the callback that is with the keeper
  std::array<Place, kPlaces> places_;
  Tokens path_;
  News news_;
};

}  // namespace fieldpost
