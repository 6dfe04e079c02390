// What the name of a time zone means: the rule in the system's database (RFC 9636).
#pragma once

#include <string_view>

#include "agent/base/status.h"
#include "agent/settings/settings.h"

namespace fieldpost {

// Fills `rule` from `zone`, which may be a rule already.
//   not_found: the system does not know that name, or no rule for it.
Status find_zone_rule(QuietHours& quiet);

// Fills `rule` from the text of a file of that database.
//   not_found: it is none, or has no rule.
Status read_zone_file(std::string_view text, QuietHours& quiet);

}  // namespace fieldpost
