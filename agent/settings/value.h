// Values by the row of their key: from the file into their owner, and back to JSON.
#pragma once

#include <span>

#include "agent/base/text_writer.h"
#include "agent/json/tree.h"
#include "agent/settings/key.h"
#include "agent/settings/reading.h"
#include "agent/settings/settings.h"

namespace fieldpost {

// Reads `value` into the member of `owner` that the row names. `all` is what `owner` is part of.
// False: refused, `reading` says what it must be.
bool read_value(const Key&, JsonView value, void* owner, Settings& all, Reading& reading);

// Puts the member as JSON that read_value() takes.
void put_value(const Key&, const void* owner, const Settings& all, TextWriter& out);

// The same for an object whose members are such values; a member that no row names is refused. What
// is empty is left out when it is put.
bool read_object(JsonView value, std::span<const Key> members, void* owner, Settings& all,
                 Reading& reading);
void put_object(std::span<const Key> members, const void* owner, const Settings& all,
                TextWriter& out);

}  // namespace fieldpost
