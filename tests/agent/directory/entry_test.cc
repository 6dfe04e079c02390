#include "agent/directory/entry.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "tests/agent/scenario/settings_for_tests.h"
#include "tests/fakes/fake_directory.h"

namespace fieldpost {
namespace {

TEST(Directory, Check_NamesTheFirstLineThatIsWrong) {
  const auto settings = five_configured();
  std::vector<std::byte> room(limits::json_arena_bytes);
  JsonArena arena(room);
  FakeDirectory file;
  const auto finding = [&](const std::string& line) {
    file.lines = {R"({"ref":"a","to":"12025550123"})", "", line, "nonsense"};
    TextBuffer<256> why;
    check_directory(file, *settings, arena, why);
    return std::string(why.written());
  };
  EXPECT_EQ(finding(R"({"to":"12025550123"})"),
            "line 3: no object with a \"ref\" of 1 to 64 letters, digits and . _ : # -");
  EXPECT_EQ(finding("[]"), finding(R"({"ref":7})"));
  EXPECT_EQ(
      finding(R"({"ref":"b","to":"12025550123x"})"),
      "line 3: to: must not contain letters: write the number without an extension or a name");
  EXPECT_EQ(finding(R"({"ref":"b" "to":1})"), "line 3: not valid JSON, byte 11: missing comma");
  EXPECT_EQ(finding(std::string(5'000, 'x')), "line 3: longer than 4 KiB");
  EXPECT_EQ(finding(R"({"ref":"b","to":"12025550123"})").substr(0, 22), "line 4: not valid JSON");
  file.trouble = Status::not_found;
  EXPECT_EQ(finding(""), "there is no directory at intake.directory yet");
}

TEST(Directory, Ref_IsWhatNoWriterOfJsonEscapes) {
  for (const char* const good : {"a", "visit-881", "A.b_c:d#9", "0"}) EXPECT_TRUE(is_ref(good));
  for (const char* const bad :
       {"", "a b", "a/b", "a\"b", "a\\b", "a&b", "a+b", "a'b", "<a>", "é"}) {
    EXPECT_FALSE(is_ref(bad)) << bad;
  }
  EXPECT_TRUE(is_ref(std::string(64, 'a')));
  EXPECT_FALSE(is_ref(std::string(65, 'a')));
}

}  // namespace
}  // namespace fieldpost
