#include "agent/outcome/history.h"

#include <gtest/gtest.h>

#include <array>
#include <cstddef>
#include <string>

namespace fieldpost {
namespace {

constexpr std::string_view kWanted =
    "1000\n2000\n12025550123@c.us\nMaria\nloan application\nby June 20\n";

std::string entry(std::string_view id, std::string_view more) {
  return R"({"id":")" + std::string(id) + R"(","chatId":"12025550123@c.us",)" + std::string(more) +
         "}";
}
const std::string kFits =
    R"("self":1,"fromMe":0,"time":1500,"body":"Hi Maria! Your loan application: by June 20.")";

// The id of what was found; "" for nothing.
std::string found_in(const std::string& messages) {
  static std::array<std::byte, 1 << 16> room;
  JsonArena arena(room);
  JsonFault fault;
  const auto root = parse_json(R"({"messages":[)" + messages + "]}", arena, fault);
  EXPECT_TRUE(root.ok()) << messages;
  if (!root.ok()) return "?";
  return std::string(find_in_history(root.value(), kWanted).member("id").string().value_or(""));
}

TEST(History, OurOwnSendOfThoseWords_IsFound) { EXPECT_EQ(found_in(entry("a", kFits)), "a"); }

TEST(History, AnyDocumentedWayToSayThatItIsOurs_IsUnderstood) {
  for (const char* ours : {R"("self":1,"time":1500)", R"("fromMe":true,"time":1500)",
                           R"("self":0,"fromMe":1,"time":1500)"}) {
    EXPECT_EQ(found_in(entry("a", ours)), "a") << ours;
  }
}

TEST(History, WithoutATextTheTimeAloneCounts) {
  EXPECT_EQ(found_in(entry("a", R"("self":1,"time":1500,"body":"")")), "a");
  EXPECT_EQ(found_in(entry("a", R"("self":1,"time":1500,"body":null)")), "a");
}

TEST(History, WhatIsNotOurMessage_IsNotFound) {
  for (const char* other : {
           R"("self":0,"fromMe":false,"time":1500)",                       // the customer's
           R"("self":1,"time":999)", R"("self":1,"time":2001)",            // another time
           R"("self":1,"time":"1500")", R"("self":1)",                     // no time
           R"("self":1,"time":1500,"body":"Hi Maria! loan application")",  // a value is missing
       }) {
    EXPECT_EQ(found_in(entry("a", other)), "") << other;
  }
}

TEST(History, BothEndsOfTheWindow_BelongToIt) {
  EXPECT_EQ(found_in(entry("a", R"("self":1,"time":1000)")), "a");
  EXPECT_EQ(found_in(entry("a", R"("self":1,"time":2000)")), "a");
}

TEST(History, AnotherChat_IsNotFoundEvenIfTheApiGivesIt) {
  EXPECT_EQ(found_in(R"({"id":"a","chatId":"13125550199@c.us",)" + kFits + "}"), "");
  EXPECT_EQ(found_in(R"({"id":"a",)" + kFits + "}"), "");
}

TEST(History, TwoThatFit_ProveNothing) {
  EXPECT_EQ(found_in(entry("a", kFits) + "," + entry("b", kFits)), "");
}

TEST(History, TheSameOneTwice_IsOne) {
  EXPECT_EQ(found_in(entry("a", kFits) + "," + entry("a", kFits)), "a");
}

TEST(History, AmongOthers_IsFound) {
  EXPECT_EQ(found_in(entry("x", R"("self":1,"time":10)") + "," + entry("a", kFits) + "," +
                     entry("y", R"("fromMe":0,"time":1600,"body":"Thanks!")")),
            "a");
}

TEST(History, OddShapes_ProveNothing) {
  EXPECT_EQ(found_in(""), "");
  EXPECT_EQ(found_in("1,null,[],\"x\",{}"), "");
}

}  // namespace
}  // namespace fieldpost
