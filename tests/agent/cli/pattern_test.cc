#include "agent/cli/pattern.h"

#include <gtest/gtest.h>

#include <array>
#include <string>

namespace fieldpost {
namespace {

std::string filled(PackedText pattern, const char* object) {
  alignas(std::max_align_t) static std::array<std::byte, 16 * 1024> room;
  JsonArena arena(room);
  JsonFault fault;
  const Result<JsonView> root = parse_json(object, arena, fault);
  TextBuffer<512> out;
  if (root.ok()) put_filled(out, pattern, root.value());
  return std::string(out.written());
}

TEST(Pattern, Members_AreWrittenByTheirKind) {
  EXPECT_EQ(filled("{id} {to}\n"_packed, R"({"id":17,"to":"1202"})"), "17 1202\n");
  EXPECT_EQ(filled("{a.b.c}"_packed, R"({"a":{"b":{"c":3}}})"), "3");
  EXPECT_EQ(filled("{s:words}, {r:words}, {n:words}"_packed,
                   R"({"s":"queued","r":"token_refused","n":"newer"})"),
            "waits to be sent, 1MSG refuses the token, newer");
  EXPECT_EQ(filled("{t:time}"_packed, R"({"t":"2026-11-21T09:12:00Z"})"),
            "2026-11-21 09:12:00 UTC");
  EXPECT_EQ(filled("{t:seconds} {b:bytes}"_packed, R"({"t":93,"b":65536})"), "1 min 64 KiB");
  EXPECT_EQ(filled("<{gone}{gone.too}{null}>"_packed, R"({"null":null})"), "<>");
}

TEST(Pattern, Brackets_AreLeftOutWhereAMemberIsMissing) {
  constexpr PackedText kPattern = "{state}[: {reason}][ ({detail}, {code})]."_packed;
  EXPECT_EQ(filled(kPattern, R"({"state":"held"})"), "held.");
  EXPECT_EQ(filled(kPattern, R"({"state":"held","reason":"","detail":"x"})"), "held.");
  EXPECT_EQ(filled(kPattern, R"({"state":"held","reason":"[y]","detail":"{x}","code":0})"),
            "held: [y] ({x}, 0).");
}

TEST(Pattern, If_WritesNothingAndAsksForMoreThanBeingThere) {
  EXPECT_EQ(filled("[{a:if}{a} left]"_packed, R"({"a":2})"), "2 left");
  EXPECT_EQ(filled("[{a:if}{a} left]"_packed, R"({"a":0})"), "");
  EXPECT_EQ(filled("[{a:if}yes]"_packed, R"({"a":true})"), "yes");
  EXPECT_EQ(filled("[{a:if}yes]"_packed, R"({"a":false})"), "");
}

}  // namespace
}  // namespace fieldpost
