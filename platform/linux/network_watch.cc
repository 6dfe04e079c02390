#include "platform/linux/network_watch.h"

#include <errno.h>
#include <linux/netlink.h>
#include <linux/rtnetlink.h>
#include <sys/socket.h>

#include <array>

namespace fieldpost {

NetworkWatch::NetworkWatch()
    : socket_(::socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC | SOCK_NONBLOCK, NETLINK_ROUTE)) {
  sockaddr_nl address{};
  address.nl_family = AF_NETLINK;
  address.nl_groups =
      RTMGRP_LINK | RTMGRP_IPV4_IFADDR | RTMGRP_IPV6_IFADDR | RTMGRP_IPV4_ROUTE | RTMGRP_IPV6_ROUTE;
  if (socket_.is_open() &&
      ::bind(socket_.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0) {
    socket_.reset();
  }
}

// What the notes say does not matter: that there are any means "look again".
void NetworkWatch::drain(Instant now) {
  std::array<char, 4096> notes;
  bool any = false;
  for (;;) {
    const ssize_t got = ::recv(socket_.get(), notes.data(), notes.size(), MSG_DONTWAIT);
    if (got < 0 && errno == EINTR) continue;
    // ENOBUFS: so many that some were lost, which is a change too; reading goes on after it.
    if (got <= 0 && errno != ENOBUFS) break;
    any = true;
  }
  if (any && due_ == kNever) due_ = now + kGathered;
}

bool NetworkWatch::take_change(Instant now) {
  if (now < due_) return false;
  drain(now);
  due_ = kNever;
  return true;
}

}  // namespace fieldpost
