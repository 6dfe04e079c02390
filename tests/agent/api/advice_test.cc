#include "agent/api/advice.h"

#include <gtest/gtest.h>

#include <set>
#include <string>

#include "agent/api/code.h"
#include "tests/fakes/unpacked.h"

namespace fieldpost {
namespace {

TEST(Advice, EveryKnownCode_HasOneThatSaysMoreThanTheGeneral) {
  const std::string general = unpacked(advice_for(0));
  EXPECT_FALSE(general.empty());
  for (const KnownCode& known : kKnownCodes) {
    const std::string advice = unpacked(advice_for(static_cast<std::int32_t>(known.code)));
    EXPECT_FALSE(advice.empty()) << known.code;
    EXPECT_NE(advice, general) << known.code;
  }
}

TEST(Advice, UnknownCode_NamesOptInAndTemplateAsWhatToCheck) {
  for (const std::int32_t code : {0, 1, 131000, 999999, -5}) {
    const std::string advice = unpacked(advice_for(code));
    EXPECT_NE(advice.find("agreed"), std::string::npos) << code;
    EXPECT_NE(advice.find("template"), std::string::npos) << code;
  }
}

TEST(Advice, DifferentCauses_GetDifferentAdvice) {
  std::set<std::string> all;
  for (const std::int32_t code :
       {0, 2, 4, 131049, 131042, 190, 131026, 131050, 132001, 132000, 132015}) {
    all.insert(unpacked(advice_for(code)));
  }
  EXPECT_EQ(all.size(), 11u);
}

}  // namespace
}  // namespace fieldpost
