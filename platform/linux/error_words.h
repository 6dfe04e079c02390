// What an error number of the kernel means, for a person.
#pragma once

#include <string_view>

namespace fieldpost {

// In place of strerror(3), which may translate, and allocate for it.
std::string_view error_words(int number);

}  // namespace fieldpost
