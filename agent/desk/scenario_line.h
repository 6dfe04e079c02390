// A scenario as JSON, for those who build a form or a command from it.
#pragma once

#include <cstddef>

#include "agent/base/text_writer.h"
#include "agent/scenario/scenario.h"

namespace fieldpost {

// One object and a line end: {"scenario":"next-step","configured":true,"title":…,"language":…,
// "fields":[{"name":…,"flag":…,"hint":…},…],"button":…,"text":…}; what is not known is left out.
void put_scenario(TextWriter& out, const Scenario& scenario);

// What put_scenario() takes for this one, or a little more.
std::size_t scenario_line_bytes(const Scenario& scenario);

}  // namespace fieldpost
