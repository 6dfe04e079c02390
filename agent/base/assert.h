// ASSERT: for mistakes of the programmer only. What a user, a peer or a device can cause gets a
// Status. It stays on in every build: a wrong agent must stop before it sends. Its last words are a
// file and a line: the expression is there to be read, and in the program it would only take room.
#pragma once

namespace fieldpost {

[[noreturn]] void assertion_failed(const char* file, int line);

}  // namespace fieldpost

#define ASSERT(expression) \
  ((expression) ? void(0) : ::fieldpost::assertion_failed(__FILE_NAME__, __LINE__))
