// A TCP socket that never blocks beyond a deadline.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

#include "agent/base/time.h"
#include "agent/port/clock.h"
#include "platform/linux/file.h"
#include "platform/linux/uplink/address.h"

namespace fieldpost {

struct Io {
  enum class Kind : std::uint8_t { moved, closed, timeout, failed };
  Kind kind = Kind::failed;
  std::uint32_t bytes = 0;  // only when moved; never 0 then
};

// Waits until one of `events` (poll(2)), an error or an end shows on `fd`. False: the deadline.
bool wait_for(int fd, short events, Deadline, const Clock&);

// A socket of that type (SOCK_STREAM, SOCK_DGRAM) that never blocks, for that peer. It leaves by the
// network interface of that name, unless that is empty or the peer is on this very device. Not open:
// errno says why; ENODEV, there is no such interface.
Fd open_socket(const Address& peer, int type, std::string_view interface);

// Begins to connect over TCP and sets `socket`. 0: it has. EINPROGRESS: it will be writable, and then
// connect_error() says what came of it. Any other error: it failed.
int begin_connect(const Address&, std::uint16_t port, std::string_view interface, Fd& socket);
int connect_error(int fd);

class Socket {
 public:
  explicit Socket(const Clock& clock) : clock_(clock) {}
  Socket(const Socket&) = delete;
  Socket& operator=(const Socket&) = delete;
  // 0, or the error number; ETIMEDOUT for the deadline too. REQUIRES: !is_open().
  int connect(const Address&, std::uint16_t port, std::string_view interface, Deadline);
  // One that has connected. REQUIRES: !is_open().
  void take(Fd connected);
  bool is_open() const { return fd_.is_open(); }
  int fd() const { return fd_.get(); }

  // What the kernel takes or has at once; kind `timeout` where that is nothing.
  // More to come: the kernel may keep them until it has them all, or the end.
  Io send_now(std::span<const char>, bool more_to_come = false);
  Io receive_now(std::span<char>);
  bool wait_readable(Deadline deadline) const;
  bool wait_writable(Deadline deadline) const;

  // Neither bytes nor an end nor an error have come.
  bool is_silent() const;

  // Bytes that have been given to the kernel and not left it, or not been acknowledged.
  // False: this kernel does not say.
  bool unsent_bytes(std::size_t& bytes) const;
  // Ends with a reset: what has not left the kernel never will.
  void abort();
  void close() { fd_.reset(); }

 private:
  const Clock& clock_;
  Fd fd_;
};

}  // namespace fieldpost
