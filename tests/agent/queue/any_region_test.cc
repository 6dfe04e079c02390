// What the fuzzer began with, and what it ever found, once more (tests/fuzz).
#include "tests/fuzz/any_region.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <iterator>

namespace fieldpost {
namespace {

TEST(Queue, Open_AnyBytes_EndsAndFindsTheSameAgain) {
  int inputs = 0;
  for (const auto& entry :
       std::filesystem::directory_iterator(FIELDPOST_TESTS_FOLDER "/fuzz/corpus/recovery")) {
    std::ifstream file(entry.path(), std::ios::binary);
    const std::string input(std::istreambuf_iterator<char>(file), {});
    EXPECT_EQ(fuzz::survive(fuzz::region_of(std::as_bytes(std::span(input)))), "") << entry.path();
    ++inputs;
  }
  EXPECT_GT(inputs, 0);
}

}  // namespace
}  // namespace fieldpost
