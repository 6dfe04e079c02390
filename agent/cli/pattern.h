// What a person reads of an object of the local API: a text with the names of its members.
//
//   {to}               the member's text or number; nothing where there is none
//   {store.used}       a member of a member
//   {reason:words}     by its kind: `words` for the name of a state or a reason, `time`,
//                      `seconds`, `bytes`, `advice` for a code; `if` writes nothing, see below
//   [ ({detail})]      only where each member within is there: a number or a text that is not
//                      empty; with `if` a number other than 0, or true
//
//   put_filled(out, "{state}: {state:words}[ ({detail})]\n"_packed, row);
#pragma once

#include "agent/base/packed_text.h"
#include "agent/base/text_writer.h"
#include "agent/json/tree.h"

namespace fieldpost {

void put_filled(TextWriter& out, PackedText pattern, JsonView object);

}  // namespace fieldpost
