// Comparing with a secret.
#pragma once

#include <string_view>

namespace fieldpost {

// Takes as long for a guess that is nearly right as for any other of its length.
bool is_secret(std::string_view guess, std::string_view secret);

}  // namespace fieldpost
