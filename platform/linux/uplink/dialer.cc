#include "platform/linux/uplink/dialer.h"

#include <errno.h>

#include <array>
#include <utility>

#include "platform/linux/error_words.h"
#include "platform/linux/file.h"
#include "platform/linux/poll.h"

namespace fieldpost {
namespace {

// How long an address is waited for before the next one is tried beside it (RFC 8305, 5).
constexpr Duration kHeadStart = 250_ms;

bool is_no_network(int error) {
  return error == ENETUNREACH || error == EHOSTUNREACH || error == ENETDOWN ||
         error == EADDRNOTAVAIL || error == EAFNOSUPPORT || error == ENODEV;
}

// Turn about, starting with the family that worked last: a family that leads nowhere then costs one
// head start at most.
AddressList in_turn(const AddressList& from, bool v6_first) {
  AddressList out;
  for (std::size_t turn = 0; turn < limits::addresses_max; ++turn) {
    for (const bool v6 : {v6_first, !v6_first}) {
      std::size_t seen = 0;
      for (std::uint32_t i = 0; i < from.count; ++i) {
        if (from.items[i].is_v6 == v6 && seen++ == turn) out.add(from.items[i]);
      }
    }
  }
  return out;
}

AddressList only_loopback(const AddressList& from) {
  AddressList out;
  for (std::uint32_t i = 0; i < from.count; ++i) {
    if (is_loopback(from.items[i])) out.add(from.items[i]);
  }
  return out;
}

Deadline half_of(Deadline deadline, Instant now) {
  return Deadline{now + Duration{deadline.left(now).ms / 2}};
}

}  // namespace

bool Dialer::dial(std::string_view host, std::uint16_t port, bool loopback_only, Deadline deadline,
                  Socket& socket, Trouble& trouble) {
  AddressList found;
  TextBuffer<limits::detail_bytes_max + 64> words;
  // Half of the time for the name, so that there is some left to use it.
  switch (resolver_.look_up(host, half_of(deadline, clock_.now()), found)) {
    case Resolver::Outcome::found: break;
    case Resolver::Outcome::no_such_name:
      words.put("the name servers know no address of "_packed).put(host.substr(0, 128));
      trouble.set(Reason::name_not_found, words.written());
      return false;
    case Resolver::Outcome::no_answer:
      trouble.set(Reason::network_down, "no name server answered"_packed);
      return false;
    case Resolver::Outcome::no_server:
      trouble.set(Reason::network_down, "no name server can be reached"_packed);
      return false;
  }
  if (loopback_only) found = only_loopback(found);
  if (found.count == 0) {
    trouble.set(Reason::tls_failed,
                "http:// is for this device only, and the address is not"_packed);
    return false;
  }
  return connect_one_of(in_turn(found, v6_worked_last_), port, deadline, socket, trouble);
}

bool Dialer::connect_one_of(const AddressList& addresses, std::uint16_t port, Deadline deadline,
                            Socket& socket, Trouble& trouble) {
  std::array<Fd, limits::addresses_max> attempts;
  std::array<pollfd, limits::addresses_max> waits;
  std::uint32_t begun = 0, failed = 0;
  Instant next = clock_.now();  // when the next attempt begins
  const auto ended = [&](std::uint32_t i, int error) {
    if (error == 0) {
      v6_worked_last_ = addresses.items[i].is_v6;
      socket.take(std::move(attempts[i]));
      return true;
    }
    attempts[i].reset();
    ++failed;
    next = clock_.now();
    explain(addresses.items[i], port, error, trouble);
    return false;
  };
  while (failed < addresses.count) {
    const Instant now = clock_.now();
    if (deadline.passed(now)) break;
    if (begun < addresses.count && next <= now) {
      next = now + kHeadStart;
      const int error = begin_connect(addresses.items[begun], port, interface_, attempts[begun]);
      const std::uint32_t i = begun++;
      if (error != EINPROGRESS && ended(i, error)) return true;
      continue;
    }
    for (std::size_t i = 0; i < waits.size(); ++i) waits[i] = {attempts[i].get(), POLLOUT, 0};
    wait_for_any(waits,
                 Deadline{begun < addresses.count ? earlier(deadline.at, next) : deadline.at},
                 clock_);
    for (std::uint32_t i = 0; i < begun; ++i) {
      if (waits[i].revents != 0 && ended(i, connect_error(waits[i].fd))) return true;
    }
  }
  for (std::uint32_t i = 0; i < begun; ++i) {
    if (attempts[i].is_open()) explain(addresses.items[i], port, ETIMEDOUT, trouble);
  }
  if (trouble.reason == Reason::none) {
    trouble.set(Reason::connect_failed, "the time for connecting was over"_packed);
  }
  return false;
}

void Dialer::explain(const Address& address, std::uint16_t port, int error,
                     Trouble& trouble) const {
  // The first one counts; but a host that refuses says more than a family without a route.
  const bool says_more = trouble.reason == Reason::network_down && !is_no_network(error);
  if (trouble.reason != Reason::none && !says_more) return;
  TextBuffer<limits::detail_bytes_max> words;
  words.put("cannot connect to "_packed);
  put_address(words, address);
  words.put(" port ").put_number(port);
  if (!interface_.empty()) words.put(" by ").put(interface_);
  words.put(": ").put(error_words(error));
  trouble.set(is_no_network(error) ? Reason::network_down : Reason::connect_failed,
              words.written());
}

}  // namespace fieldpost
