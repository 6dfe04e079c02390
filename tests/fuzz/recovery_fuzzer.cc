// libFuzzer's way in; any_region.h says what an input means.
#include <cstdint>
#include <cstdio>
#include <cstdlib>

#include "tests/fuzz/any_region.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t bytes) {
  using namespace fieldpost::fuzz;
  const std::string wrong = survive(region_of(std::as_bytes(std::span(data, bytes))));
  if (wrong.empty()) return 0;
  std::fprintf(stderr, "%s\n", wrong.c_str());
  std::abort();
}
