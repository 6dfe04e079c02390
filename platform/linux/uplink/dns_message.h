// One question to a name server and its answer (RFC 1035, RFC 3596), made and parsed with libc's
// res_mkquery and ns_parserr, which neither open files nor use the network.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

#include "agent/base/status.h"
#include "platform/linux/uplink/address.h"

namespace fieldpost::dns {

enum class Kind : std::uint8_t { a, aaaa };

// Writes the question for `name` with that id; how many bytes of `out` it takes.
//   invalid: not a name that can be asked for.
Result<std::size_t> make_query(std::string_view name, Kind, std::uint16_t id,
                               std::span<unsigned char> out);

enum class Verdict : std::uint8_t {
  not_ours,   // another id or question, or no answer at all: keep waiting for the right one
  broken,     // the server cannot or will not say: ask another
  truncated,  // ask again over TCP
  nothing,    // it says that there is no such name, or no such address of it
  found,
};

// Reads an answer to that very question, follows the aliases in it, and adds what it finds.
Verdict read_answer(std::span<const unsigned char> message, std::string_view name, Kind,
                    std::uint16_t id, AddressList& found);

}  // namespace fieldpost::dns
