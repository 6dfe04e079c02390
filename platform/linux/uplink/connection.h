// One connection with the API: over TLS, or, to a loopback address only, plain.
#pragma once

#include <span>
#include <string_view>

#include "agent/base/time.h"
#include "platform/linux/uplink/socket.h"

namespace fieldpost {

class Connection {
 public:
  // Sends all of `bytes`. `moved` means that the kernel has the last byte of the last record.
  virtual Io send(std::string_view bytes, Deadline) = 0;

  // What comes next, at most room.size() bytes of it. `closed`: an orderly end.
  virtual Io receive(std::span<char> room, Deadline) = 0;

  // Neither an answer's byte nor an end has come: the connection may carry another request.
  virtual bool is_quiet() = 0;

  // Says goodbye where the protocol has a word for it; the socket is the caller's.
  virtual void say_goodbye() = 0;

 protected:
  ~Connection() = default;
};

}  // namespace fieldpost
