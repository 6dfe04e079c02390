#include "agent/base/word_list.h"

#include <gtest/gtest.h>

namespace fieldpost {
namespace {

constexpr WordList kWords("\nqueued\nsending\nsent\n");
static_assert(kWords.size() == 4);

TEST(WordList, At_GivesEachWordWithoutItsLineEnd) {
  EXPECT_EQ(kWords[0], "");
  EXPECT_EQ(kWords[1], "queued");
  EXPECT_EQ(kWords[3], "sent");
}

TEST(WordList, Find_TakesWholeWordsOnly) {
  EXPECT_EQ(kWords.find(""), 0u);
  EXPECT_EQ(kWords.find("sent"), 3u);
  EXPECT_EQ(kWords.find("sen"), std::nullopt);
  EXPECT_EQ(kWords.find("sent\n"), std::nullopt);
}

}  // namespace
}  // namespace fieldpost
