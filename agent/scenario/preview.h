// The text that the customer will read, as far as we know the template.
#pragma once

#include <cstddef>
#include <string_view>

#include "agent/base/text_writer.h"
#include "agent/message/message.h"

namespace fieldpost {

// Writes `text` with {{1}}, {{2}}, … replaced by the values in order. A variable without a value
// stays as it is; what a value brings along is never taken for a variable.
void render_preview(std::string_view text, const Values& values, TextWriter& out);

// How many characters (code points) render_preview() would write. `text` and values are UTF-8.
std::size_t preview_characters(std::string_view text, const Values& values);

}  // namespace fieldpost
