#include "platform/linux/uplink/address.h"

#include <arpa/inet.h>

#include <algorithm>
#include <cstring>
#include <span>

namespace fieldpost {
namespace {

// What an IPv4 address begins with where one of IPv6 is needed (RFC 4291, 2.5.5.2).
constexpr std::array<std::uint8_t, 12> kMapped = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff};

}  // namespace

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

namespace {

void put_v4(TextWriter& out, std::span<const std::uint8_t> bytes) {
  for (std::size_t i = 0; i < 4; ++i) {
    if (i > 0) out.put('.');
    out.put_number(bytes[i]);
  }
}

// RFC 5952: small letters, no leading zeros, and the first of the longest runs of zeros as "::".
void put_v6(TextWriter& out, std::span<const std::uint8_t, 16> bytes) {
  const auto group = [bytes](std::size_t i) {
    return static_cast<unsigned>(bytes[2 * i] << 8 | bytes[2 * i + 1]);
  };
  std::size_t run_at = 8, run = 1;  // a single group of zeros is written out
  for (std::size_t i = 0; i < 8; ++i) {
    std::size_t length = 0;
    while (i + length < 8 && group(i + length) == 0) ++length;
    if (length > run) {
      run_at = i;
      run = length;
    }
    i += length;
  }
  for (std::size_t i = 0; i < 8; ++i) {
    if (i == run_at) {
      out.put("::");
      i += run - 1;
      continue;
    }
    if (i > 0 && i != run_at + run) out.put(':');
    const unsigned number = group(i);
    out.put_hex(number, number > 0xfff ? 4 : number > 0xff ? 3 : number > 0xf ? 2 : 1);
  }
}

}  // namespace

// Not inet_ntop(3): musl's prints with snprintf, which brings 9 kB that nothing else needs.
void put_address(TextWriter& out, const Address& address) {
  if (!address.is_v6) return put_v4(out, address.bytes);
  if (!std::equal(kMapped.begin(), kMapped.end(), address.bytes.begin())) {
    return put_v6(out, address.bytes);
  }
  out.put("::ffff:");
  put_v4(out, std::span(address.bytes).subspan(12));
}

}  // namespace fieldpost
