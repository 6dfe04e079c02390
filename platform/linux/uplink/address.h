// Addresses of hosts, without their ports.
#pragma once

#include <netinet/in.h>
#include <sys/socket.h>

#include <array>
#include <cstdint>
#include <string_view>

#include "agent/base/text_writer.h"
#include "config/limits.h"

namespace fieldpost {

struct Address {
  bool is_v6 = false;
  std::array<std::uint8_t, 16> bytes{};  // in network order; the first four for IPv4
  std::uint32_t scope = 0;               // interface index of a link-local IPv6 address; 0 = none

  friend bool operator==(const Address&, const Address&) = default;
};

struct AddressList {
  std::uint32_t count = 0;
  std::array<Address, limits::addresses_max> items{};

  // Leaves out what is there already, and what there is no room for.
  void add(const Address&);
};

// An address written out: "192.0.2.1", "2001:db8::1", "[::1]".
bool read_address(std::string_view text, Address& address);

// 127.0.0.0/8, ::1, and the former mapped into IPv6.
bool is_loopback(const Address&);

// For the system's calls; how many bytes of `out` count.
socklen_t to_sockaddr(const Address&, std::uint16_t port, sockaddr_storage& out);

void put_address(TextWriter&, const Address&);

}  // namespace fieldpost
