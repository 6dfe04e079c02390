// libFuzzer's way in to the target that FIELDPOST_TARGET names.
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>

#include "tests/fuzz/targets.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t bytes) {
  using namespace fieldpost::fuzz;
  for (const Target& target : kTargets) {
    if (std::strcmp(target.name, FIELDPOST_TARGET) != 0) continue;
    const std::string wrong = target.wrong_with({reinterpret_cast<const char*>(data), bytes});
    if (wrong.empty()) return 0;
    std::fprintf(stderr, "%s\n", wrong.c_str());
  }
  std::abort();  // something is wrong, or no target has that name
}
