// intake.allow: which local users and groups may do what.
#pragma once

#include "agent/json/tree.h"
#include "agent/settings/reading.h"
#include "agent/settings/settings.h"

namespace fieldpost {

// [{"group": "kiosk", "rights": ["send"], "scenarios": ["next-step"], "share": "50%"}, …]
struct AllowValue {
  static bool read(JsonView value, IntakeSettings& to, Reading& reading);
  static void put(const IntakeSettings& from, TextWriter& out);
};

}  // namespace fieldpost
