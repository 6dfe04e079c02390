// What may stand in a template's variable. WhatsApp refuses the rest only after the fact, when
// nobody is near the device any more.
#pragma once

#include <string_view>

#include "agent/message/message.h"
#include "agent/scenario/rule.h"
#include "agent/scenario/scenario.h"

namespace fieldpost {

// Rule::none: the value passes alone.
Rule check_value(std::string_view value);

// Checks each value and all of them within the scenario's text; the values come in the order of
// its fields. Where the text is not known, the values alone must have room in a body.
// REQUIRES: as many values as fields.
//   invalid: `why` names the field and the rule.
Status check_values(const Scenario&, const Values&, FieldRefusal& why);

// A template's language as Meta writes it: "en", "pt_BR", "fil".
bool is_language(std::string_view code);

}  // namespace fieldpost
