#include "agent/json/check.h"

#include <gtest/gtest.h>

#include <array>
#include <random>
#include <string>
#include <vector>

#include "agent/json/tree.h"
#include "config/limits.h"
#include "tests/agent/json/texts.h"
#include "tests/fakes/unpacked.h"

namespace fieldpost {
namespace {

using testing::kMustFail;
using testing::kMustParse;
using testing::NamedText;

JsonFault fault_of(std::string_view text) {
  JsonFault fault;
  EXPECT_EQ(check_json(text, fault), Status::invalid) << text;
  return fault;
}

bool passes(std::string_view text) {
  JsonFault fault;
  return check_json(text, fault) == Status::ok;
}

TEST(CheckJson, EveryTextThatMustFail_FailsWithAReasonInsideTheText) {
  for (const NamedText& one : kMustFail) {
    const JsonFault fault = fault_of(one.text);
    EXPECT_TRUE(fault.reason) << one.name;
    EXPECT_LE(fault.at, one.text.size()) << one.name;
  }
}

TEST(CheckJson, EveryTextThatMustParse_Passes) {
  for (const NamedText& one : kMustParse) {
    JsonFault fault;
    EXPECT_EQ(check_json(one.text, fault), Status::ok)
        << one.name << ": " << unpacked(fault.reason);
  }
}

TEST(CheckJson, EveryTextThatMustParse_FailsOnceItsEndIsCut) {
  for (const NamedText& one : kMustParse) {
    const std::string_view whole = one.text.substr(0, one.text.find_last_not_of(" \t\r\n") + 1);
    if (whole.find_first_of("{[\"") == std::string_view::npos) continue;  // 1 of 17 is a text
    for (std::size_t cut = 0; cut < whole.size(); ++cut) {
      EXPECT_FALSE(passes(whole.substr(0, cut))) << one.name << " at " << cut;
    }
  }
}

TEST(CheckJson, Fault_NamesTheFirstByteThatBreaksARule) {
  struct Case {
    std::string_view text;
    std::size_t at;
    std::string_view reason;
  };
  const Case cases[] = {
      {"", 0, "text ends too early"},
      {"[1,]", 3, "comma before the end"},
      {"[1 2]", 3, "missing comma"},
      {R"({"a" 1})", 5, "missing colon"},
      {"{a:1}", 1, "key without quotes"},
      {R"({"a":1,"b":2,"a":3})", 13, "key occurs twice"},
      {"[01]", 2, "number with a leading zero"},
      {"[2.]", 3, "digit expected after the point"},
      {"[1e]", 3, "digit expected in the exponent"},
      {"[-]", 2, "digit expected"},
      {R"(["a\q"])", 3, "unknown escape"},
      {R"(["a\u12"])", 3, "\\u needs four hexadecimal digits"},
      {R"(["\u0000"])", 2, "\\u0000"},
      {R"(["\ud83d"])", 2, "lone surrogate"},
      {"[\"a\tb\"]", 3, "control character in a string"},
      {"[\"ab\xc3\"]", 4, "not UTF-8"},
      {R"(["abc])", 1, "string without an end"},
      {"{} x", 3, "text after the end"},
      {std::string_view("{}\0", 3), 2, "NUL byte"},
      {std::string_view("[\0]", 3), 1, "NUL byte"},
      {"\xef\xbb\xbf{}", 0, "byte order mark"},
      {"[[[[[[[[[[[[[[[[[", 16, "nested too deeply"},
      {"[nope]", 1, "not a value"},
  };
  for (const Case& one : cases) {
    const JsonFault fault = fault_of(one.text);
    EXPECT_EQ(fault.at, one.at) << one.text;
    EXPECT_EQ(unpacked(fault.reason), one.reason) << one.text;
  }
}

std::string object_of(std::size_t keys) {
  std::string text = "{";
  for (std::size_t i = 0; i < keys; ++i) {
    text += (i == 0 ? "\"" : ",\"") + std::to_string(i) + "\":0";
  }
  return text + "}";
}

TEST(CheckJson, KeysOfOpenObjects_AreBounded) {
  EXPECT_TRUE(passes(object_of(limits::json_open_keys_max)));
  EXPECT_EQ(unpacked(fault_of(object_of(limits::json_open_keys_max + 1)).reason), "too many keys");
  // Closed objects give their room back.
  EXPECT_TRUE(passes("[" + object_of(limits::json_open_keys_max) + "," +
                     object_of(limits::json_open_keys_max) + "]"));
  // Open ones share it: the outer key counts.
  EXPECT_EQ(unpacked(fault_of(R"({"outer":)" + object_of(limits::json_open_keys_max) + "}").reason),
            "too many keys");
}

TEST(CheckJson, KeysWhoseHashesMeet_AreStillToldApart) {
  // A known pair for FNV-1a of 32 bits; recomputed here, so that the claim stays checked.
  const auto fnv1a = [](std::string_view text) {
    std::uint32_t hash = 2'166'136'261u;
    for (const char c : text) hash = (hash ^ static_cast<unsigned char>(c)) * 16'777'619u;
    return hash;
  };
  EXPECT_EQ(fnv1a("costarring"), fnv1a("liquid"));
  EXPECT_TRUE(passes(R"({"costarring":1,"liquid":2})"));
  EXPECT_EQ(unpacked(fault_of(R"({"costarring":1,"liquid":2,"liquid":3})").reason),
            "key occurs twice");
}

TEST(CheckJson, LineOf_CountsFromOne) {
  EXPECT_EQ(line_of("a\nb\n", 0), 1u);
  EXPECT_EQ(line_of("a\nb\n", 1), 1u);
  EXPECT_EQ(line_of("a\nb\n", 2), 2u);
  EXPECT_EQ(line_of("a\nb\n", 99), 3u);
}

// Random damage to sound texts: nothing may crash, and what the check lets through must be JSON to
// cJSON too, so that "the arena is full" keeps its one meaning.
TEST(CheckJson, RandomDamage_PassesOnlyWhatParses) {
  std::mt19937 random(20'261'121);
  const auto below = [&random](std::size_t n) { return random() % n; };
  constexpr std::string_view kPieces = "{}[]\",:\\u0019.eE+-truefalsn \n\x80\xc3\xe2\xf0\xff";
  static std::array<std::byte, limits::json_arena_bytes> room;
  JsonArena arena(room);
  std::size_t passed = 0;
  for (int round = 0; round < 8000; ++round) {
    std::string text(kMustParse[below(kMustParse.size())].text);
    for (std::size_t edits = 1 + below(4); edits > 0; --edits) {
      const std::size_t at = below(text.size() + 1);
      switch (below(4)) {
        case 0: text.insert(at, 1, kPieces[below(kPieces.size())]); break;
        case 1: text.erase(at, 1 + below(3)); break;
        case 2:
          if (at < text.size()) text[at] = static_cast<char>(random());
          break;
        case 3: text.insert(at, kMustParse[below(kMustParse.size())].text); break;
      }
    }
    // Its own allocation of exact size, so that a sanitizer sees a read past the end.
    const std::vector<char> exact(text.begin(), text.end());
    const std::string_view damaged(exact.data(), exact.size());
    JsonFault fault;
    if (check_json(damaged, fault) != Status::ok) {
      EXPECT_LE(fault.at, damaged.size());
      continue;
    }
    ++passed;
    EXPECT_TRUE(parse_json(damaged, arena, fault).ok()) << text;
  }
  EXPECT_GT(passed, 500u);
}

}  // namespace
}  // namespace fieldpost
