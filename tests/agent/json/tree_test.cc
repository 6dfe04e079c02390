#include "agent/json/tree.h"

#include <gtest/gtest.h>

#include <array>
#include <string>
#include <vector>

#include "agent/json/locate.h"
#include "agent/json/write.h"
#include "config/limits.h"
#include "tests/agent/json/texts.h"
#include "tests/fakes/unpacked.h"

namespace fieldpost {
namespace {

using testing::kMustFail;
using testing::kMustParse;
using testing::NamedText;

class JsonTree : public ::testing::Test {
 protected:
  JsonView parse(std::string_view text) {
    JsonFault fault;
    const Result<JsonView> root = parse_json(text, arena_, fault);
    EXPECT_TRUE(root.ok()) << text << ": " << unpacked(fault.reason);
    return root.ok() ? root.value() : JsonView();
  }

  std::array<std::byte, limits::json_arena_bytes> room_;
  JsonArena arena_{room_};
};

TEST_F(JsonTree, EveryTextThatMustFail_IsInvalid) {
  for (const NamedText& one : kMustFail) {
    JsonFault fault;
    EXPECT_EQ(parse_json(one.text, arena_, fault).status(), Status::invalid) << one.name;
  }
}

TEST_F(JsonTree, EveryTextThatMustParse_Parses) {
  for (const NamedText& one : kMustParse) EXPECT_TRUE(parse(one.text).exists()) << one.name;
}

TEST_F(JsonTree, Strings_MeanWhatTheTextSays) {
  EXPECT_EQ(parse(R"("\"\\\/\b\f\n\r\t")").string(), "\"\\/\b\f\n\r\t");
  EXPECT_EQ(parse(R"("\ud83d\ude42 \u00e9 A")").string(), "\xf0\x9f\x99\x82 \xc3\xa9 A");
  EXPECT_EQ(parse(R"("")").string(), "");
  EXPECT_EQ(parse("17").string(), std::nullopt);
}

TEST_F(JsonTree, Integers_AreExactOrNothing) {
  EXPECT_EQ(parse("0").integer(), 0);
  EXPECT_EQ(parse("-17").integer(), -17);
  EXPECT_EQ(parse("1e3").integer(), 1000);
  EXPECT_EQ(parse("2.0").integer(), 2);
  EXPECT_EQ(parse("9007199254740992").integer(), 9'007'199'254'740'992);
  EXPECT_EQ(parse("-9007199254740992").integer(), -9'007'199'254'740'992);
  for (const std::string_view text :
       {"1.5", "-0.1", "1e-3", "9007199254740994", "1e999", "-1e999", "\"17\"", "true", "[]"}) {
    EXPECT_EQ(parse(text).integer(), std::nullopt) << text;
  }
}

TEST_F(JsonTree, Members_AreFoundByExactName) {
  const JsonView root = parse(R"({"sent":true,"Sent":false,"id":null,"":1,"\u0061b":2})");
  EXPECT_EQ(root.member("sent").boolean(), true);
  EXPECT_EQ(root.member("Sent").boolean(), false);
  EXPECT_FALSE(root.member("SENT").exists());
  EXPECT_FALSE(root.member("sen").exists());
  EXPECT_TRUE(root.member("id").is_null());
  EXPECT_EQ(root.member("").integer(), 1);
  EXPECT_EQ(root.member("ab").integer(), 2);
}

TEST_F(JsonTree, AbsentViews_AnswerEveryQuestionWithNothing) {
  const JsonView none = parse("[1]").member("a").member("b");
  EXPECT_FALSE(none.exists());
  EXPECT_FALSE(none.is_null() || none.is_string() || none.is_number() || none.is_bool() ||
               none.is_array() || none.is_object());
  EXPECT_EQ(none.string(), std::nullopt);
  EXPECT_EQ(none.integer(), std::nullopt);
  EXPECT_EQ(none.boolean(), std::nullopt);
  EXPECT_EQ(none.name(), "");
  EXPECT_EQ(none.size(), 0u);
  EXPECT_TRUE(none.begin() == none.end());
}

TEST_F(JsonTree, Children_ComeInTheOrderOfTheText) {
  std::string seen;
  for (const JsonView one : parse(R"({"b":1,"a":2,"c":3})")) {
    seen += std::string(one.name()) + std::to_string(*one.integer());
  }
  EXPECT_EQ(seen, "b1a2c3");
  seen.clear();
  for (const JsonView one : parse(R"(["x","y"])")) seen += *one.string();
  EXPECT_EQ(seen, "xy");
  EXPECT_EQ(parse("[1,2,3]").size(), 3u);
  EXPECT_EQ(parse("\"abc\"").size(), 0u);
}

TEST_F(JsonTree, SmallArena_SaysFullAtEverySizeAndNeverMore) {
  constexpr std::string_view kText = R"({"a":["b",17,{"c":"d"}],"e":"f"})";
  ASSERT_TRUE(parse(kText).exists());
  const std::size_t needed = arena_.used();
  for (std::size_t bytes = 0; bytes <= needed; ++bytes) {
    std::vector<std::byte> exact(bytes);
    JsonArena small(exact);
    JsonFault fault;
    const Result<JsonView> root = parse_json(kText, small, fault);
    EXPECT_EQ(root.status(), bytes < needed ? Status::full : Status::ok) << bytes;
  }
}

TEST_F(JsonTree, ParsingAgain_ForgetsTheTreeBefore) {
  parse(R"(["one"])");
  const std::size_t used = arena_.used();
  parse(R"(["two"])");
  EXPECT_EQ(arena_.used(), used);
}

TEST_F(JsonTree, WrittenStrings_ReadBackAsTheyWere) {
  for (const NamedText& one : kMustParse) {
    TextBuffer<1024> written;
    put_json_string(written, one.text);
    EXPECT_EQ(parse(written.written()).string(), one.text) << one.name;
  }
}

std::optional<std::size_t> locate(std::string_view text, std::vector<std::string_view> path) {
  JsonFault fault;
  EXPECT_EQ(check_json(text, fault), Status::ok);
  return locate_json(text, path);
}

TEST(LocateJson, Path_LeadsToTheKey) {
  constexpr std::string_view kText =
      R"( {"a": {"x": "}\"{", "b": [1, "]", {"c": true}]}, "\u0064": -1.5e3 })";
  EXPECT_EQ(locate(kText, {}), 1u);
  EXPECT_EQ(locate(kText, {"a"}), kText.find(R"("a")"));
  EXPECT_EQ(locate(kText, {"a", "x"}), kText.find(R"("x")"));
  EXPECT_EQ(locate(kText, {"a", "b"}), kText.find(R"("b")"));
  EXPECT_EQ(locate(kText, {"a", "b", "0"}), kText.find("1,"));
  EXPECT_EQ(locate(kText, {"a", "b", "1"}), kText.find(R"("]")"));
  EXPECT_EQ(locate(kText, {"a", "b", "2", "c"}), kText.find(R"("c")"));
  EXPECT_EQ(locate(kText, {"d"}), kText.find(R"("\u0064")"));
}

TEST(LocateJson, PathThatLeadsNowhere_IsNotFound) {
  constexpr std::string_view kText = R"({"a":[1,2],"b":"a","c":{}})";
  for (const std::vector<std::string_view>& path :
       std::vector<std::vector<std::string_view>>{{"d"},
                                                  {"a", "2"},
                                                  {"a", "x"},
                                                  {"a", ""},
                                                  {"a", "0x"},
                                                  {"b", "a"},
                                                  {"c", "a"},
                                                  {"a", "0", "a"},
                                                  {"a", "99999999999999999999"}}) {
    EXPECT_EQ(locate(kText, path), std::nullopt);
  }
  EXPECT_EQ(locate("17", {"a"}), std::nullopt);
  EXPECT_EQ(locate("[]", {"0"}), std::nullopt);
}

TEST(LocateJson, EveryTextThatMustParse_IsWalkedWithoutLeavingIt) {
  for (const NamedText& one : kMustParse) {
    const std::vector<char> exact(one.text.begin(), one.text.end());
    EXPECT_EQ(locate({exact.data(), exact.size()}, {"no such key"}), std::nullopt) << one.name;
    EXPECT_EQ(locate({exact.data(), exact.size()}, {"99"}), std::nullopt) << one.name;
  }
}

}  // namespace
}  // namespace fieldpost
