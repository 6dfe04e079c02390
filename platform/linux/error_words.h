// What an error number of the kernel means, for a person.
#pragma once

#include <string_view>

#include "agent/base/packed_text.h"
#include "agent/base/text_writer.h"

namespace fieldpost {

// In place of strerror(3), which may translate, and allocate for it.
PackedText error_words(int number);

// "key: path: words", for what a key of the configuration names.
void put_trouble(TextWriter& why, const char* key, std::string_view path, PackedText words);

}  // namespace fieldpost
