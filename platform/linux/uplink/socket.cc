#include "platform/linux/uplink/socket.h"

#include <errno.h>
#include <linux/sockios.h>
#include <netinet/tcp.h>
#include <unistd.h>

#include <array>

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

int Socket::connect(const Address& address, std::uint16_t port, Deadline deadline) {
  ASSERT(!is_open());
  const int family = address.is_v6 ? AF_INET6 : AF_INET;
  fd_ = ::socket(family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, IPPROTO_TCP);
  if (fd_ < 0) return errno;
  const int on = 1;
  // A request goes out in one write; waiting for more would only delay its last segment.
  set_option(fd_, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
  sockaddr_storage peer;
  const socklen_t size = to_sockaddr(address, port, peer);
  int error = 0;
  if (::connect(fd_, reinterpret_cast<const sockaddr*>(&peer), size) != 0) {
    error = errno;
    if (error == EINPROGRESS || error == EINTR) {
      if (!wait_writable(deadline)) {
        error = ETIMEDOUT;
      } else {
        if (get_option(fd_, SOL_SOCKET, SO_ERROR, &error, sizeof error) != 0) error = errno;
      }
    }
  }
  if (error != 0) close();
  return error;
}

Io Socket::send_now(std::span<const char> bytes) {
  for (;;) {
    const ssize_t sent = ::send(fd_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (sent > 0) return {Io::Kind::moved, static_cast<std::uint32_t>(sent)};
    if (sent < 0 && errno == EINTR) continue;
    if (sent < 0 && errno == EAGAIN) return {Io::Kind::timeout};
    if (sent < 0 && (errno == EPIPE || errno == ECONNRESET)) return {Io::Kind::closed};
    return {Io::Kind::failed};
  }
}

Io Socket::receive_now(std::span<char> room) {
  for (;;) {
    const ssize_t got = ::recv(fd_, room.data(), room.size(), 0);
    if (got > 0) return {Io::Kind::moved, static_cast<std::uint32_t>(got)};
    if (got == 0) return {Io::Kind::closed};
    if (errno == EINTR) continue;
    if (errno == EAGAIN) return {Io::Kind::timeout};
    return {Io::Kind::failed};
  }
}

bool Socket::wait_readable(Deadline deadline) const {
  return wait_for(fd_, POLLIN, deadline, clock_);
}
bool Socket::wait_writable(Deadline deadline) const {
  return wait_for(fd_, POLLOUT, deadline, clock_);
}

bool Socket::is_silent() const {
  char byte = 0;
  for (;;) {
    const ssize_t got = ::recv(fd_, &byte, 1, MSG_PEEK | MSG_DONTWAIT);
    if (got < 0 && errno == EINTR) continue;
    return got < 0 && errno == EAGAIN;
  }
}

bool Socket::unsent_bytes(std::size_t& bytes) const {
  int waiting = 0;
  if (control(fd_, SIOCOUTQNSD, &waiting) != 0 || waiting < 0) return false;
  bytes = static_cast<std::size_t>(waiting);
  return true;
}

void Socket::abort() {
  if (!is_open()) return;
  const linger at_once{1, 0};
  set_option(fd_, SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once);
  close();
}

void Socket::close() {
  if (is_open()) ::close(fd_);
  fd_ = -1;
}

}  // namespace fieldpost
