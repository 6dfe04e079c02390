#include "platform/linux/uplink/socket.h"

#include <errno.h>
#include <linux/sockios.h>
#include <netinet/tcp.h>

#include <array>
#include <utility>

#include "agent/base/assert.h"
#include "platform/linux/control.h"
#include "platform/linux/poll.h"

namespace fieldpost {

bool wait_for(int fd, short events, Deadline deadline, const Clock& clock) {
  std::array<pollfd, 1> wait{{{fd, events, 0}}};
  do {
    wait_for_any(wait, deadline, clock);
  } while (wait[0].revents == 0 && !deadline.passed(clock.now()));
  return wait[0].revents != 0;
}

Fd open_socket(const Address& peer, int type, std::string_view interface) {
  Fd made(::socket(peer.is_v6 ? AF_INET6 : AF_INET, type | SOCK_NONBLOCK | SOCK_CLOEXEC, 0));
  if (interface.empty() || is_loopback(peer) || !made.is_open()) return made;
  // Since Linux 5.7 nobody needs a right for it whose socket is bound to none yet (socket(7)).
  if (set_option(made.get(), SOL_SOCKET, SO_BINDTODEVICE, interface.data(),
                 static_cast<std::uint32_t>(interface.size())) != 0) {
    const int error = errno;
    made.reset();
    errno = error;
  }
  return made;
}

int begin_connect(const Address& address, std::uint16_t port, std::string_view interface,
                  Fd& socket) {
  socket = open_socket(address, SOCK_STREAM, interface);
  if (!socket.is_open()) return errno;
  const int on = 1;
  // A request goes out in one write; waiting for more would only delay its last segment.
  set_option(socket.get(), IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
  sockaddr_storage peer;
  const socklen_t size = to_sockaddr(address, port, peer);
  if (::connect(socket.get(), reinterpret_cast<const sockaddr*>(&peer), size) == 0) return 0;
  return errno == EINTR ? EINPROGRESS : errno;
}

int connect_error(int fd) {
  int error = 0;
  return get_option(fd, SOL_SOCKET, SO_ERROR, &error, sizeof error) == 0 ? error : errno;
}

int Socket::connect(const Address& address, std::uint16_t port, std::string_view interface,
                    Deadline deadline) {
  ASSERT(!is_open());
  int error = begin_connect(address, port, interface, fd_);
  if (error == EINPROGRESS) error = wait_writable(deadline) ? connect_error(fd()) : ETIMEDOUT;
  if (error != 0) close();
  return error;
}

void Socket::take(Fd connected) {
  ASSERT(!is_open());
  fd_ = std::move(connected);
}

Io Socket::send_now(std::span<const char> bytes, bool more_to_come) {
  const int flags = MSG_NOSIGNAL | (more_to_come ? MSG_MORE : 0);
  for (;;) {
    const ssize_t sent = ::send(fd(), bytes.data(), bytes.size(), flags);
    if (sent > 0) return {Io::Kind::moved, static_cast<std::uint32_t>(sent)};
    if (sent < 0 && errno == EINTR) continue;
    if (sent < 0 && errno == EAGAIN) return {Io::Kind::timeout};
    if (sent < 0 && (errno == EPIPE || errno == ECONNRESET)) return {Io::Kind::closed};
    return {Io::Kind::failed};
  }
}

Io Socket::receive_now(std::span<char> room) {
  for (;;) {
    const ssize_t got = ::recv(fd(), room.data(), room.size(), 0);
    if (got > 0) return {Io::Kind::moved, static_cast<std::uint32_t>(got)};
    if (got == 0) return {Io::Kind::closed};
    if (errno == EINTR) continue;
    if (errno == EAGAIN) return {Io::Kind::timeout};
    return {Io::Kind::failed};
  }
}

bool Socket::wait_readable(Deadline deadline) const {
  return wait_for(fd(), POLLIN, deadline, clock_);
}
bool Socket::wait_writable(Deadline deadline) const {
  return wait_for(fd(), POLLOUT, deadline, clock_);
}

bool Socket::is_silent() const {
  char byte = 0;
  for (;;) {
    const ssize_t got = ::recv(fd(), &byte, 1, MSG_PEEK | MSG_DONTWAIT);
    if (got < 0 && errno == EINTR) continue;
    return got < 0 && errno == EAGAIN;
  }
}

bool Socket::unsent_bytes(std::size_t& bytes) const {
  int waiting = 0;
  if (control(fd(), SIOCOUTQNSD, &waiting) != 0 || waiting < 0) return false;
  bytes = static_cast<std::size_t>(waiting);
  return true;
}

void Socket::abort() {
  if (!is_open()) return;
  const linger at_once{1, 0};
  set_option(fd(), SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once);
  close();
}

}  // namespace fieldpost
