// libFuzzer's way in; any_callback.h says what must hold.
#include <cstdint>
#include <cstdio>
#include <cstdlib>

#include "tests/fuzz/any_callback.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t bytes) {
  const std::string wrong =
      fieldpost::fuzz::wrong_with_callback({reinterpret_cast<const char*>(data), bytes});
  if (wrong.empty()) return 0;
  std::fprintf(stderr, "%s\n", wrong.c_str());
  std::abort();
}
