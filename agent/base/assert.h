// ASSERT: for mistakes of the programmer only. What a user, a peer or a device can cause gets a
// Status. It stays on in every build: a wrong agent must stop before it sends.
#pragma once

namespace fieldpost {

[[noreturn]] void assertion_failed(const char* expression, const char* file, int line);

}  // namespace fieldpost

#define ASSERT(expression) \
  ((expression) ? void(0) : ::fieldpost::assertion_failed(#expression, __FILE__, __LINE__))
