// What another process says, which may have been taken over:
//
//   at  bytes
//    0    1    on which socket it comes (kSockets), modulo how many there are
//    1    1    the kind that its header says; 255 = there is none, the bytes are all of the frame;
//              +128 = the body is as we send one, with all its rows, and the rest are pieces that are
//              laid over it: 2 where it begins, 1 how long it is, n bytes
//    2    1    where the body is shorter than its kind's, the rest is filled with this
//    3    n    the body
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cstdlib>
#include <memory>
#include <vector>

#include "agent/desk/row.h"
#include "platform/linux/frames.h"
#include "tests/fuzz/targets.h"

namespace fieldpost::fuzz {
namespace {

using Body = std::vector<std::byte>;

template <typename T>
Body bytes_of(const T& body) {
  const auto bytes = std::as_bytes(std::span(&body, 1));
  return {bytes.begin(), bytes.end()};
}

Body news_of_many() {
  const auto news = std::make_unique<News>();
  news->count = static_cast<std::uint32_t>(news->told.size());
  return bytes_of(*news);
}

Body told_rows() {
  const auto told = std::make_unique<Told>();
  told->row_count = static_cast<std::uint32_t>(told->rows.size());
  return bytes_of(*told);
}

Body sound_body(FrameKind kind) {
  switch (kind) {
    case FrameKind::prepare: return bytes_of(Prepare{});
    case FrameKind::go: return bytes_of(Request{});
    case FrameKind::report: return bytes_of(UplinkReport{});
    case FrameKind::ask: return bytes_of(Ask{});
    case FrameKind::told: return told_rows();
    case FrameKind::name_servers: return bytes_of(NameServers{});
    case FrameKind::news: return news_of_many();
    case FrameKind::uplink_gone:
    case FrameKind::network_change:
    case FrameKind::stop:
    case FrameKind::uplink_bad:
    case FrameKind::gate_bad:
    case FrameKind::alive: break;
  }
  return bytes_of(Signal{});
}

void lay_over(Body& body, std::span<const std::byte> pieces) {
  const auto number = [&](std::size_t i) { return std::to_integer<std::size_t>(pieces[i]); };
  while (pieces.size() > 3) {
    const auto room = std::span(body).subspan((number(0) | number(1) << 8) % body.size());
    const std::size_t length = std::min({number(2), pieces.size() - 3, room.size()});
    std::ranges::copy(pieces.subspan(3, length), room.begin());
    pieces = pieces.subspan(3 + length);
  }
}

std::string wrong_with(const Told& told) {
  for (std::uint32_t i = 0; i < told.row_count; ++i) {
    TextBuffer<kRowBytesMax> out;
    put_row(out, told.rows[i], true);
    if (out.overflowed()) return "a row beyond its room";
  }
  TextBuffer<limits::local_answer_bytes_max> out;
  put_status(out, told.status);
  return out.overflowed() ? "a status beyond its room" : "";
}

template <FrameKind... Kinds>
std::string receive(int fd, FrameKind sent, bool whole) {
  static const auto inbox = std::make_unique<Inbox<Kinds...>>();
  const Result<FrameKind> kind = inbox->receive(fd);
  if (!kind.ok()) {
    if (kind.status() == Status::invalid) return "";
    // A frame without a byte looks like the other side's end.
    return !whole && kind.status() == Status::not_found ? "" : "a frame that came is not there";
  }
  if (whole && kind.value() != sent) return "another kind than was sent";
  if (((kind.value() != Kinds) && ...)) return "a kind that this socket does not take";
  if constexpr (((Kinds == FrameKind::told) || ...)) {
    return wrong_with(inbox->template body<FrameKind::told>());
  }
  return "";
}

using Receive = std::string (*)(int fd, FrameKind sent, bool whole);
constexpr std::array<Receive, 8> kSockets{
    receive<FrameKind::ask, FrameKind::news>,           // gate → keeper
    receive<FrameKind::told>,                           // keeper → gate
    receive<FrameKind::prepare, FrameKind::go>,         // keeper → uplink
    receive<FrameKind::report>,                         // uplink → keeper
    receive<FrameKind::name_servers, FrameKind::stop>,  // to the uplink
    receive<FrameKind::uplink_gone, FrameKind::network_change, FrameKind::stop,
            FrameKind::alive>,                                              // to the keeper
    receive<FrameKind::uplink_bad, FrameKind::gate_bad, FrameKind::alive>,  // to the supervisor
    receive<FrameKind::stop, FrameKind::alive>,                             // to the gate
};

}  // namespace

std::string wrong_with_frame(std::string_view input) {
  if (input.size() < 3) return "";
  static const FramePair pair = [] {
    FramePair made;
    if (!make_frame_pair(made)) std::abort();
    return made;
  }();
  const auto at = [&](std::size_t i) { return static_cast<unsigned char>(input[i]); };
  const std::string_view rest = input.substr(3);
  const bool whole = at(1) != 255;
  const bool sound = whole && at(1) >= 128;
  const auto kind = static_cast<FrameKind>(sound ? at(1) - 128 : at(1));
  if (whole) {
    Body body = sound_body(kind);
    if (sound) {
      lay_over(body, std::as_bytes(std::span(rest)));
    } else {
      body.assign(std::max(body.size(), rest.size()), std::byte{at(2)});
      std::ranges::copy(std::as_bytes(std::span(rest)), body.begin());
    }
    const Status sent = send_frame_bytes(pair.a, kind, body);
    if (sent != Status::ok) return "it cannot be sent";
  } else if (::send(pair.a, rest.data(), rest.size(), MSG_NOSIGNAL) < 0) {
    return "it cannot be sent";
  }
  return kSockets[at(0) % kSockets.size()](pair.b, kind, whole);
}

}  // namespace fieldpost::fuzz
