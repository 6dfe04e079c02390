#include "platform/linux/frames.h"

#include <errno.h>
#include <sys/socket.h>
#include <sys/uio.h>

namespace fieldpost {
namespace {

// Random: tells a frame from anything else that could come over a socket.
constexpr std::uint32_t kFrameMagic = 0x5ec1a93b;

struct Header {
  std::uint32_t magic;
  std::uint32_t kind;
  std::uint32_t body_bytes;
};

// A bool that came from another process may hold more than 0 or 1; reading it as a bool would be
// undefined then, so its byte is looked at.
bool sound(const bool& value) {
  unsigned char byte = 0;
  std::memcpy(&byte, &value, 1);
  return byte <= 1;
}

bool sound(Wish wish) { return static_cast<std::size_t>(wish) < kWishes; }
bool sound(Method method) { return method <= Method::post; }
bool sound(Purpose purpose) { return purpose <= Purpose::hook_info; }
bool sound(Reached reached) { return reached <= Reached::all_of_it; }
bool sound(Refusal refusal) { return static_cast<std::size_t>(refusal) < kRefusals; }

template <FrameKind Kind>
bool fits(std::span<const std::byte> body) {
  return body.size() == sizeof(FrameBody<Kind>) &&
         well_formed(*reinterpret_cast<const FrameBody<Kind>*>(body.data()));
}

bool fits(FrameKind kind, std::span<const std::byte> body) {
  switch (kind) {
    case FrameKind::prepare: return fits<FrameKind::prepare>(body);
    case FrameKind::go: return fits<FrameKind::go>(body);
    case FrameKind::report: return fits<FrameKind::report>(body);
    case FrameKind::ask: return fits<FrameKind::ask>(body);
    case FrameKind::told: return fits<FrameKind::told>(body);
    case FrameKind::name_servers: return fits<FrameKind::name_servers>(body);
    case FrameKind::news: return fits<FrameKind::news>(body);
    case FrameKind::uplink_gone:
    case FrameKind::network_change:
    case FrameKind::stop:
    case FrameKind::uplink_bad:
    case FrameKind::gate_bad:
    case FrameKind::alive: return body.size() == sizeof(Signal);
  }
  return false;
}

}  // namespace

bool well_formed(const Prepare&) { return true; }
bool well_formed(const Signal&) { return true; }

bool well_formed(const Request& request) {
  return sound(request.method) && sound(request.purpose) && request.path.well_formed() &&
         request.body.well_formed();
}

bool well_formed(const Answer& answer) {
  return sound(answer.reached) && well_formed(answer.broken) && sound(answer.parsed) &&
         sound(answer.sent) && sound(answer.job_id) && sound(answer.names_template) &&
         sound(answer.more) && well_formed(answer.news) && answer.message_id.well_formed() &&
         answer.detail.well_formed();
}

bool well_formed(const UplinkReport& report) {
  return report.kind <= UplinkReport::Kind::answered && sound(report.kept) &&
         well_formed(report.answer);
}

bool well_formed(const Ask& ask) {
  return sound(ask.wish) && sound(ask.even_if_sent) && sound(ask.query.of_one_state) &&
         well_formed(ask.query.state) && ask.query.of_source.well_formed() &&
         ask.message.well_formed();
}

bool well_formed(const News& news) {
  if (news.count > news.told.size() || !sound(news.more)) return false;
  for (std::uint32_t i = 0; i < news.count; ++i) {
    if (!well_formed(news.told[i])) return false;
  }
  return true;
}

bool well_formed(const Row& row) {
  return row.scenario.well_formed() && row.to.well_formed() && row.language.well_formed() &&
         row.key.well_formed() && row.topic.well_formed() && row.operator_name.well_formed() &&
         row.source.well_formed() && row.message_id.well_formed() && row.detail.well_formed() &&
         well_formed(row.state) && well_formed(row.reason);
}

bool well_formed(const StatusReport& status) {
  return sound(status.network_up) && sound(status.network_known) && well_formed(status.channel) &&
         well_formed(status.network) && status.detail.well_formed() &&
         well_formed(status.oldest_waits_for) && sound(status.store_failed) &&
         sound(status.store_volatile) && sound(status.configuration_rejected) &&
         sound(status.paused) && sound(status.running) && sound(status.tracking_off) &&
         static_cast<std::size_t>(status.sandbox) < kSandboxes;
}

bool well_formed(const Told& told) {
  if (!sound(told.wish) || !sound(told.refusal) || !sound(told.duplicate) ||
      !well_formed(told.state) || !well_formed(told.status) || !sound(told.gap) ||
      !sound(told.more) || told.row_count > told.rows.size()) {
    return false;
  }
  for (std::uint32_t i = 0; i < told.row_count; ++i) {
    if (!well_formed(told.rows[i])) return false;
  }
  return true;
}

bool well_formed(const NameServers& list) {
  if (list.count > list.servers.size()) return false;
  for (const Address& one : list.servers) {
    if (!sound(one.is_v6)) return false;
  }
  return true;
}

Status send_frame_bytes(int fd, FrameKind kind, std::span<const std::byte> body) {
  Header header{kFrameMagic, static_cast<std::uint32_t>(kind),
                static_cast<std::uint32_t>(body.size())};
  std::array<iovec, 2> parts{
      {{&header, sizeof header}, {const_cast<std::byte*>(body.data()), body.size()}}};
  for (;;) {
    // Whole or not at all. Not sendmsg(2), with which a process that has been taken over could hand
    // open files to another: so nobody needs to be allowed it. SIGPIPE is ignored (main.cc).
    if (::writev(fd, parts.data(), static_cast<int>(parts.size())) >= 0) return Status::ok;
    if (errno == EINTR) continue;
    if (errno == EAGAIN || errno == ENOBUFS) return Status::full;
    return Status::io;
  }
}

Result<FrameKind> receive_frame(int fd, std::uint32_t kinds, std::span<std::byte> body) {
  Header header{};
  std::array<iovec, 2> parts{{{&header, sizeof header}, {body.data(), body.size()}}};
  ssize_t got = 0;
  do {
    got = ::readv(fd, parts.data(), static_cast<int>(parts.size()));
  } while (got < 0 && errno == EINTR);
  if (got < 0 && errno == EAGAIN) return Status::timeout;
  if (got == 0 || (got < 0 && (errno == ECONNRESET || errno == ENOTCONN))) return Status::not_found;
  if (got < 0) return Status::io;
  const auto bytes = static_cast<std::size_t>(got);
  // One that is longer than the room arrives cut, and so shorter than it says.
  if (bytes < sizeof header || header.magic != kFrameMagic ||
      header.body_bytes != bytes - sizeof header || header.kind >= 32 ||
      (kinds >> header.kind & 1) == 0) {
    return Status::invalid;
  }
  const auto kind = static_cast<FrameKind>(header.kind);
  if (!fits(kind, body.first(header.body_bytes))) return Status::invalid;
  return kind;
}

bool make_frame_pair(FramePair& pair) {
  std::array<int, 2> ends{-1, -1};
  if (::socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ends.data()) != 0) return false;
  pair = {ends[0], ends[1]};
  return true;
}

}  // namespace fieldpost
