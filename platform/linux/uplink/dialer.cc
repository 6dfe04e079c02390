#include "platform/linux/uplink/dialer.h"

#include <errno.h>

#include "platform/linux/error_words.h"

namespace fieldpost {
namespace {

bool is_no_network(int error) {
  return error == ENETUNREACH || error == EHOSTUNREACH || error == ENETDOWN ||
         error == EADDRNOTAVAIL || error == EAFNOSUPPORT;
}

// Turn about, starting with the family that worked last: a family that leads nowhere then costs at
// most every second try.
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
  for (std::uint32_t i = 0; i < addresses.count; ++i) {
    const Instant now = clock_.now();
    if (deadline.passed(now)) break;
    const bool last = i + 1 == addresses.count;
    const int error =
        socket.connect(addresses.items[i], port, last ? deadline : half_of(deadline, now));
    if (error == 0) {
      v6_worked_last_ = addresses.items[i].is_v6;
      return true;
    }
    // A host that refuses says more than a family of addresses without a route.
    if (trouble.reason != Reason::none && is_no_network(error)) continue;
    TextBuffer<limits::detail_bytes_max> words;
    words.put("cannot connect to "_packed);
    put_address(words, addresses.items[i]);
    words.put(" port ").put_number(port).put(": ").put(error_words(error));
    trouble.set(is_no_network(error) ? Reason::network_down : Reason::connect_failed,
                words.written());
  }
  if (trouble.reason == Reason::none) {
    trouble.set(Reason::connect_failed, "the time for connecting was over"_packed);
  }
  return false;
}

}  // namespace fieldpost
