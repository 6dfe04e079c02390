// HTTP without TLS. Whoever makes one has checked that the peer is on this very device.
#pragma once

#include "platform/linux/uplink/connection.h"

namespace fieldpost {

class PlainConnection final : public Connection {
 public:
  explicit PlainConnection(Socket& socket) : socket_(socket) {}

  Io send(std::string_view bytes, Deadline) override;
  Io receive(std::span<char> room, Deadline) override;
  bool is_quiet() override { return socket_.is_silent(); }
  void say_goodbye() override {}

 private:
  Socket& socket_;
};

}  // namespace fieldpost
