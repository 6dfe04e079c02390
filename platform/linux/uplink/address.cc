#include "platform/linux/uplink/address.h"

#include <arpa/inet.h>

#include <algorithm>
#include <cstring>
#include <span>

namespace fieldpost {

void AddressList::add(const Address& address) {
  const auto used = std::span(items).first(count);
  if (count == items.size() || std::find(used.begin(), used.end(), address) != used.end()) return;
  items[count++] = address;
}

bool read_address(std::string_view text, Address& address) {
  if (text.size() > 2 && text.front() == '[' && text.back() == ']') {
    text = text.substr(1, text.size() - 2);
  }
  std::array<char, INET6_ADDRSTRLEN> terminated{};
  if (text.empty() || text.size() >= terminated.size()) return false;
  std::memcpy(terminated.data(), text.data(), text.size());
  address = {};
  if (::inet_pton(AF_INET, terminated.data(), address.bytes.data()) == 1) return true;
  address.is_v6 = ::inet_pton(AF_INET6, terminated.data(), address.bytes.data()) == 1;
  return address.is_v6;
}

bool is_loopback(const Address& address) {
  if (!address.is_v6) return address.bytes[0] == 127;
  constexpr std::array<std::uint8_t, 12> kMapped = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff};
  if (std::equal(kMapped.begin(), kMapped.end(), address.bytes.begin())) {
    return address.bytes[12] == 127;
  }
  const auto leading = std::span(address.bytes).first(15);
  return address.bytes[15] == 1 &&
         std::all_of(leading.begin(), leading.end(), [](std::uint8_t byte) { return byte == 0; });
}

socklen_t to_sockaddr(const Address& address, std::uint16_t port, sockaddr_storage& out) {
  std::memset(&out, 0, sizeof out);
  if (address.is_v6) {
    sockaddr_in6 v6{};
    v6.sin6_family = AF_INET6;
    v6.sin6_port = htons(port);
    v6.sin6_scope_id = address.scope;
    std::memcpy(&v6.sin6_addr, address.bytes.data(), sizeof v6.sin6_addr);
    std::memcpy(&out, &v6, sizeof v6);
    return sizeof v6;
  }
  sockaddr_in v4{};
  v4.sin_family = AF_INET;
  v4.sin_port = htons(port);
  std::memcpy(&v4.sin_addr, address.bytes.data(), sizeof v4.sin_addr);
  std::memcpy(&out, &v4, sizeof v4);
  return sizeof v4;
}

void put_address(TextWriter& out, const Address& address) {
  std::array<char, INET6_ADDRSTRLEN> text{};
  const char* made = ::inet_ntop(address.is_v6 ? AF_INET6 : AF_INET, address.bytes.data(),
                                 text.data(), text.size());
  out.put(made == nullptr ? "?" : made);
}

}  // namespace fieldpost
