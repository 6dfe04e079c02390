// What a request of the local API is about: its method, path and query, and nothing of its body.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "agent/base/packed_text.h"
#include "agent/desk/error.h"
#include "agent/message/message.h"
#include "agent/message/state.h"
#include "agent/port/shell.h"

namespace fieldpost {

struct Route {
  enum class Kind : std::uint8_t {
    none,  // there is no such thing, or not with this method or query: `http` says which
    take,
    list,
    show,
    retry,
    drop,
    pause,
    resume,
    block,
    unblock,
    forget,
    status,
    metrics,
    scenarios,
    health,
    events,
    directory,
    plain,  // GET /plain: agent/panel/plain.h
  };
  Kind kind = Kind::none;
  MessageId id = 0;                    // show, retry, drop
  std::optional<State> state;          // list, plain: only these
  std::optional<std::uint64_t> limit;  // list: at most so many
  std::optional<std::uint64_t> from;   // events: those behind it
  std::string_view find;               // directory: what an entry has; lives as the request does
  bool reveal = false;                 // list, show, directory: whole numbers
  bool dry_run = false;                // take: look, but queue nothing

  // kind none:
  std::uint16_t http = 404;  // 404, 405 or 422
  std::string_view allow;    // 405: the method that is possible here
  std::string_view field;    // 422: the part of the query that is wrong; lives as the request does
  PackedText message = ""_packed;
};

void read_route(const LocalRequest& request, Route& route);

// The value of a parameter as it was before a URL (application/x-www-form-urlencoded). False: it is
// not encoded well, is no UTF-8, or does not fit.
bool put_decoded(TextWriter& out, std::string_view value);

// A whole number without sign or leading zeros.
std::optional<std::uint64_t> read_whole_number(std::string_view digits);

}  // namespace fieldpost
