// Requests that come in blocks (RFC 7959, 2.5), put together: a few at a time, one an endpoint.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "agent/base/time.h"
#include "agent/base/untouched.h"
#include "config/coap_limits.h"
#include "platform/libcoap/repeats.h"

namespace fieldpost {

inline constexpr Duration kNextBlock = 60_s;  // from one block to the next

struct Block {
  std::uint32_t number = 0;
  bool more = false;
  std::uint32_t bytes = 0;  // of each block but the last
};

class Bodies {
 public:
  Bodies() = default;
  Bodies(const Bodies&) = delete;
  Bodies& operator=(const Bodies&) = delete;

  enum class Step : std::uint8_t {
    wants_more,
    whole,       // body() has it, until the next add()
    incomplete,  // it does not follow on what is here: the sender has to begin again
    malformed,   // a block in the middle is shorter than it says
    too_large,
    no_room,  // others are sending in blocks
  };
  Step add(const Endpoint& from, const Block&, std::string_view bytes, Instant now);
  std::string_view body() const { return {whole_->bytes.data(), whole_->used}; }

 private:
  struct Body {
    Endpoint from;
    Instant last;
    bool open = false;
    std::size_t used = 0;
    std::array<char, limits::local_body_bytes_max> bytes;
  };

  Body* place_for(const Endpoint& from, bool begins, Instant now);

  std::array<Body, limits::coap_bodies_max> bodies_;
  const Body* whole_ = nullptr;
};

}  // namespace fieldpost
