// Whether a template is what we send, by the list that GET /templates gives.
#pragma once

#include <string_view>

#include "agent/json/tree.h"
#include "agent/port/uplink.h"

namespace fieldpost {

// Fills `parsed`, `names_template`, `sent` and `more`. `wanted` has the lines name, language,
// namespace, variables, and how many templates stand before this page of the list. `beside` as in
// read_template().
void find_in_templates(JsonView root, JsonArena& beside, std::string_view wanted, Answer& answer);

}  // namespace fieldpost
