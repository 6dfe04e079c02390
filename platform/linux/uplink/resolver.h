// Looks up the addresses of a host, under a deadline of its own.
//
// A and AAAA are asked side by side. The name servers are asked one after the other, a second
// apart, and each may still answer while the next is asked: on a slow link it is better to wait for
// the first than to start again. No file is opened; the name servers are handed in.
#pragma once

#include <cstdint>
#include <string_view>

#include "agent/port/clock.h"
#include "agent/port/entropy.h"
#include "platform/linux/frames.h"
#include "platform/linux/uplink/address.h"

namespace fieldpost {

class Resolver {
 public:
  enum class Outcome : std::uint8_t {
    found,
    no_such_name,  // a name server says so
    no_answer,     // none of them answered, or none could say
    no_server,     // none is known, or none can be reached
  };

  Resolver(const Clock& clock, Entropy& entropy, std::uint16_t port = 53)
      : clock_(clock), entropy_(entropy), port_(port) {}

  // The network interface to ask by; empty: any. A view that must last.
  void go_out_by(std::string_view interface) { interface_ = interface; }
  void set_name_servers(const NameServers& servers) { servers_ = servers; }

  // Addresses written out and localhost (RFC 6761, 6.3) are known without asking anybody.
  Outcome look_up(std::string_view host, Deadline, AddressList& found);

 private:
  const Clock& clock_;
  Entropy& entropy_;
  std::uint16_t port_;
  std::string_view interface_;
  NameServers servers_;
};

}  // namespace fieldpost
