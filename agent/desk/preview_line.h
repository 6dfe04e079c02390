// What a request would become, for those who look before they send.
#pragma once

#include "agent/base/text_writer.h"
#include "agent/message/message.h"
#include "agent/settings/settings.h"

namespace fieldpost {

// One object and a line end: {"ok":true,"dry_run":true,"scenario":…,"to":…,"template":…,
// "namespace":…,"language":…,"values":[…],"text":…}. The number stands as it would be used, whole:
// whoever asks has just typed it. No `text` where the template's is not known.
void put_preview(TextWriter& out, const Settings& settings, const Message& message);

}  // namespace fieldpost
