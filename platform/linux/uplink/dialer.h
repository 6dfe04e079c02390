// From the name of a host to a connected socket: looks up, then tries its addresses, the next one
// beside those under way as soon as it had a short head start (RFC 8305, 5).
#pragma once

#include <cstdint>
#include <string_view>

#include "agent/base/text_writer.h"
#include "agent/port/clock.h"
#include "platform/linux/uplink/resolver.h"
#include "platform/linux/uplink/socket.h"
#include "platform/linux/uplink/trouble.h"

namespace fieldpost {

class Dialer {
 public:
  Dialer(const Clock& clock, Resolver& resolver) : clock_(clock), resolver_(resolver) {}

  // The network interface to connect by; empty: any. A view that must last.
  void go_out_by(std::string_view interface) { interface_ = interface; }

  // Look-up and connecting together take at most until `deadline`. On false `trouble` says why.
  // `loopback_only`: other addresses are not even tried.
  bool dial(std::string_view host, std::uint16_t port, bool loopback_only, Deadline deadline,
            Socket& socket, Trouble& trouble);

 private:
  bool connect_one_of(const AddressList&, std::uint16_t port, Deadline, Socket&, Trouble&);
  void explain(const Address&, std::uint16_t port, int error, Trouble&) const;

  const Clock& clock_;
  Resolver& resolver_;
  std::string_view interface_;
  bool v6_worked_last_ = true;  // where nothing is known yet, IPv6 has the head start (RFC 8305, 4)
};

}  // namespace fieldpost
