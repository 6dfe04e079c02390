// What the name of a time zone means: the rule in the system's database (RFC 9636).
#pragma once

#include "agent/base/status.h"
#include "agent/settings/settings.h"

namespace fieldpost {

// Fills `rule` from `zone`, which may be a rule already.
//   not_found: the system does not know that name, or no rule for it.
Status find_zone_rule(QuietHours& quiet);

}  // namespace fieldpost
