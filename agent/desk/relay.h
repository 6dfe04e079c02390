// A relay hands in what others say to it: fieldpost-coap, for devices that cannot reach the agent's
// socket. It names who that is in a header, and the agent then knows nobody else by this request:
// whose message it is, what may be seen of others', and what fills whose share.
//
//   Fieldpost-Source: coap:door-1          or: coap:door-1 20, with a share of 20 percent
//   Fieldpost-Source: coap:                all of its devices, for the events of all of them
#pragma once

#include <string_view>

#include "agent/desk/desk.h"

namespace fieldpost {

// What such names begin with: no user or app can be meant by one.
inline constexpr std::string_view kRelayed = "coap:";
inline constexpr PackedText kNoRelay =
    "only a relay may say Fieldpost-Source, and only coap:NAME"_packed;

// Puts in the caller's place whom `claim` names, if it names anybody; `caller` borrows it. False: the
// caller may not say that, or it is no such name.
bool speak_for(Caller& caller, std::string_view claim);

}  // namespace fieldpost
