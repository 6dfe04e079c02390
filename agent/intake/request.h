// One local request → a message, bound to its template; or a refusal that names the field.
#pragma once

#include <string_view>

#include "agent/base/status.h"
#include "agent/intake/refusal.h"
#include "agent/json/tree.h"
#include "agent/message/message.h"
#include "agent/port/directory.h"
#include "agent/settings/settings.h"

namespace fieldpost {

// Reads the request object ({"scenario":…,"to":…,"fields":{…}}), which is the same on standard
// input, the socket and HTTP. `message` gets what the scenario is bound to by the settings, so that
// a later change of the configuration does not change what was taken. Id, stamp and source are for
// others to fill.
//
// Nothing is ignored: what the object may not hold is refused by name, and so is what this version
// does not do yet (`unsupported`).
//
// With `ref` in place of `to`, the number and what else the request leaves out come from the
// directory's entry, as it is in this moment.
//   invalid: refused, see `why`; `message` holds nothing of use.
Status read_request(std::string_view body, const Settings& settings, DirectoryFile& directory,
                    JsonArena& arena, Message& message, RequestRefusal& why);

}  // namespace fieldpost
