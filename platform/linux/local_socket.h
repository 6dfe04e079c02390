// Where the agent is met: the Unix socket of local programs, and ports of loopback.
#pragma once

#include <sys/types.h>

#include <optional>
#include <string_view>

#include "agent/base/status.h"
#include "agent/base/text_writer.h"
#include "platform/linux/file.h"
#include "platform/linux/users.h"

namespace fieldpost {

// Listens at `path`. What stands there from an earlier run is replaced, so the caller must hold the
// queue's lock: no other agent can be listening. Its folder is made where it is missing. The socket
// gets mode 0660 and, if given, an owner: who may connect is decided by its group, until
// open_to_all().
//   invalid: `why` says what is wrong.
Status listen_at(std::string_view path, const std::optional<UserIds>& owner, Fd& listener,
                 TextWriter& why);

// Whether anybody may connect, for the gate to say who may do what.
void open_to_all(std::string_view path, bool all);

// Listens at "127.0.0.1:8089". REQUIRES: the check of such settings found nothing wrong with it.
//   invalid: `why` says what is wrong.
Status listen_at_port(const char* key, std::string_view place, Fd& listener, TextWriter& why);

// Connects without waiting for more than a full backlog to move on.
//   not_found: nobody listens there.   timeout: the backlog stays full.
//   io: errno says why; EACCES: the socket's group is another.
Status connect_to(std::string_view path, Fd& socket);

}  // namespace fieldpost
