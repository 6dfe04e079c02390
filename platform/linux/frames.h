// How the processes speak: frames of fixed size over a SOCK_SEQPACKET pair, which keeps each one
// whole and in order, and shows when the other side is gone.
//
//   gate ── ask, news ──▶ keeper ── told ──▶ gate
//   keeper ── prepare, go ──▶ uplink ── report ──▶ keeper
//   supervisor ── uplink_gone, network_change, stop ──▶ keeper ── uplink_bad, gate_bad ──▶ supervisor
//   supervisor ── name_servers ──▶ uplink
//   supervisor ── stop ──▶ gate
//   supervisor ── alive ──▶ keeper, gate ── alive ──▶ supervisor
//
// A frame is a header and one trivially copyable struct. Both sides are the same program, forked
// from one parent, so the layout needs no version. But one of them may have been taken over by what
// a peer sent: each receiver says which kinds it takes, and checks every length, enum and bool.
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <span>
#include <type_traits>

#include "agent/base/status.h"
#include "agent/port/source.h"
#include "agent/port/uplink.h"
#include "config/limits.h"
#include "platform/linux/uplink/address.h"

namespace fieldpost {

enum class FrameKind : std::uint8_t {
  prepare = 1,
  go = 2,
  report = 3,
  ask = 4,
  told = 5,
  name_servers = 6,
  uplink_gone = 7,
  network_change = 8,
  stop = 9,
  uplink_bad = 10,  // it hangs, or talks nonsense
  news = 11,
  gate_bad = 12,  // it talks nonsense
  alive = 13,     // are you there? I am, and began at that
};

struct Prepare {
  std::uint32_t exchange = 0;
};

// What stands after `nameserver` in resolv.conf(5).
struct NameServers {
  std::uint32_t count = 0;
  std::array<Address, limits::name_servers_max> servers{};
};

struct Signal {  // a frame that says all it has to say by its kind
  std::uint8_t nothing = 0;
};

template <FrameKind>
struct FrameBodyOf {
  using type = Signal;
};
template <>
struct FrameBodyOf<FrameKind::prepare> {
  using type = Prepare;
};
template <>
struct FrameBodyOf<FrameKind::go> {
  using type = Request;
};
template <>
struct FrameBodyOf<FrameKind::report> {
  using type = UplinkReport;
};
template <>
struct FrameBodyOf<FrameKind::ask> {
  using type = Ask;
};
template <>
struct FrameBodyOf<FrameKind::told> {
  using type = Told;
};
template <>
struct FrameBodyOf<FrameKind::news> {
  using type = News;
};
template <>
struct FrameBodyOf<FrameKind::name_servers> {
  using type = NameServers;
};
template <FrameKind Kind>
using FrameBody = typename FrameBodyOf<Kind>::type;

bool well_formed(const Prepare&);
bool well_formed(const Request&);
bool well_formed(const Answer&);
bool well_formed(const UplinkReport&);
bool well_formed(const Ask&);
bool well_formed(const News&);
bool well_formed(const Row&);
bool well_formed(const StatusReport&);
bool well_formed(const Told&);
bool well_formed(const NameServers&);
bool well_formed(const Signal&);

// One frame out. Whether it waits for room is up to the socket (O_NONBLOCK).
//   full: the other side reads too slowly; nothing was sent.   io: it is gone.
Status send_frame_bytes(int fd, FrameKind, std::span<const std::byte> body);

template <FrameKind Kind>
Status send_frame(int fd, const FrameBody<Kind>& body) {
  static_assert(std::is_trivially_copyable_v<FrameBody<Kind>>);
  return send_frame_bytes(fd, Kind, std::as_bytes(std::span(&body, 1)));
}

// One frame in, of one of `kinds` (a bit each). `body` holds the largest of them.
//   timeout: none has come, on a socket that does not wait.   not_found: the other side is gone.
//   invalid: not a frame, of another kind or size, or not well formed; it has been skipped.
//   io: the socket failed.
Result<FrameKind> receive_frame(int fd, std::uint32_t kinds, std::span<std::byte> body);

// Room for one frame of the kinds that this process takes on this socket.
template <FrameKind... Kinds>
class Inbox {
 public:
  Result<FrameKind> receive(int fd) {
    return receive_frame(fd, ((1U << static_cast<unsigned>(Kinds)) | ...), bytes_);
  }

  // The body of the frame received last. REQUIRES: it was of this kind.
  template <FrameKind Kind>
  const FrameBody<Kind>& body() const {
    static_assert(((Kind == Kinds) || ...));
    return *reinterpret_cast<const FrameBody<Kind>*>(bytes_.data());
  }

 private:
  static_assert((std::is_trivially_copyable_v<FrameBody<Kinds>> && ...));

  alignas(
      FrameBody<Kinds>...) std::array<std::byte, std::max({sizeof(FrameBody<Kinds>)...})> bytes_{};
};

// Both ends of a new pair, close-on-exec. False when the system has none left.
struct FramePair {
  int a = -1;
  int b = -1;
};
bool make_frame_pair(FramePair& pair);

}  // namespace fieldpost
