// From the name of a host to a connected socket: looks up, then tries each address in turn.
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

  // Look-up and connecting together take at most until `deadline`; an address that does not answer
  // costs half of what is left, so that the next ones get their turn. On false `trouble` says why.
  // `loopback_only`: other addresses are not even tried.
  bool dial(std::string_view host, std::uint16_t port, bool loopback_only, Deadline deadline,
            Socket& socket, Trouble& trouble);

 private:
  bool connect_one_of(const AddressList&, std::uint16_t port, Deadline, Socket&, Trouble&);

  const Clock& clock_;
  Resolver& resolver_;
  bool v6_worked_last_ = false;
};

}  // namespace fieldpost
