// What the fuzzers began with, and what they ever found, once more.
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <iterator>

#include "tests/fakes/tests_folder.h"
#include "tests/fuzz/targets.h"

namespace fieldpost {
namespace {

class AnyBytes : public testing::TestWithParam<fuzz::Target> {};

TEST_P(AnyBytes, FromOutside_AreReadWithinTheirBounds) {
  int inputs = 0;
  for (const auto& entry : std::filesystem::directory_iterator(
           in_tests_folder(std::string("fuzz/corpus/") + GetParam().name))) {
    std::ifstream file(entry.path(), std::ios::binary);
    const std::string input(std::istreambuf_iterator<char>(file), {});
    EXPECT_EQ(GetParam().wrong_with(input), "") << entry.path();
    ++inputs;
  }
  EXPECT_GT(inputs, 0);
}

INSTANTIATE_TEST_SUITE_P(Fuzz, AnyBytes, testing::ValuesIn(fuzz::kTargets),
                         [](const testing::TestParamInfo<fuzz::Target>& one) {
                           return std::string(one.param.name);
                         });

}  // namespace
}  // namespace fieldpost
