#include "platform/linux/uplink/plain_connection.h"

namespace fieldpost {

Io PlainConnection::send(std::string_view bytes, Deadline deadline) {
  std::size_t sent = 0;
  while (sent < bytes.size()) {
    const Io io = socket_.send_now(std::span(bytes).subspan(sent));
    if (io.kind == Io::Kind::moved) {
      sent += io.bytes;
    } else if (io.kind != Io::Kind::timeout || !socket_.wait_writable(deadline)) {
      return io;
    }
  }
  return {Io::Kind::moved, static_cast<std::uint32_t>(sent)};
}

Io PlainConnection::receive(std::span<char> room, Deadline deadline) {
  for (;;) {
    const Io io = socket_.receive_now(room);
    if (io.kind != Io::Kind::timeout || !socket_.wait_readable(deadline)) return io;
  }
}

}  // namespace fieldpost
