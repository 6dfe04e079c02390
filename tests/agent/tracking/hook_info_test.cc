// Each word and each shape that is documented for the answer of hookInfo, one test each.
#include "agent/tracking/hook_info.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace fieldpost {
namespace {

constexpr std::string_view kId = "wamid.HBgL+/A=";

std::vector<std::byte> room(limits::json_arena_bytes);

Answer read(std::string_view body, std::uint16_t http = 200) {
  JsonArena arena{room};
  RawAnswer raw;
  raw.purpose = Purpose::hook_info;
  raw.http = http;
  raw.body = body;
  raw.wanted = kId;
  raw.token = "tok3n-own-value";
  Answer answer;
  answer.parsed = true;  // of an earlier answer
  answer.news = State::read;
  answer.code = 77;
  answer.time.s = 1;
  read_hook_info(raw, arena, answer);
  EXPECT_EQ(answer.http, http);
  return answer;
}

std::string hook(std::string_view status, std::string_view more = "") {
  return R"({"id":")" + std::string(kId) + R"(","type":"message","status":")" +
         std::string(status) + R"(","recipient_id":"12025550123")" + std::string(more) + "}";
}
Answer read_hooks(const std::string& hooks) { return read(R"({"hooks":[)" + hooks + "]}"); }

// --- Words ---

struct Word {
  const char* word;
  State news;
};
class HookInfoWord : public ::testing::TestWithParam<Word> {};

TEST_P(HookInfoWord, Means) {
  const Answer a = read_hooks(hook(GetParam().word));
  EXPECT_TRUE(a.parsed);
  EXPECT_EQ(a.news, GetParam().news);
  EXPECT_TRUE(a.detail.empty());
}

INSTANTIATE_TEST_SUITE_P(
    Each, HookInfoWord,
    ::testing::Values(Word{"sent", State::sent}, Word{"delivered", State::delivered},
                      Word{"read", State::read}, Word{"viewed", State::read},
                      Word{"played", State::read}, Word{"failed", State::failed},
                      Word{"undelivered", State::failed}, Word{"accepted", State::queued},
                      Word{"queued", State::queued}, Word{"pending", State::queued}),
    [](const auto& one) { return std::string(one.param.word); });

TEST(HookInfo, UnknownWord_IsKeptAndNothingIsMadeOfIt) {
  const Answer a = read_hooks(hook("teleported"));
  EXPECT_TRUE(a.parsed);
  EXPECT_EQ(a.news, State::queued);
  EXPECT_EQ(a.detail, "teleported");
}

TEST(HookInfo, UnknownWordBesideAKnownOne_DoesNotHideIt) {
  for (const std::string& hooks :
       {hook("teleported") + "," + hook("sent"), hook("sent") + "," + hook("teleported")}) {
    const Answer a = read_hooks(hooks);
    EXPECT_EQ(a.news, State::sent);
    EXPECT_TRUE(a.detail.empty());
  }
}

// --- Order and number ---

TEST(HookInfo, AnyOrder_TheMostAdvancedCounts) {
  for (const std::string& hooks :
       {hook("sent") + "," + hook("delivered") + "," + hook("read"),
        hook("read") + "," + hook("delivered") + "," + hook("sent"),
        hook("delivered") + "," + hook("read") + "," + hook("accepted")}) {
    EXPECT_EQ(read_hooks(hooks).news, State::read);
  }
}

TEST(HookInfo, DeliveredToOnePhoneAndFailedOnAnother_IsDelivered) {
  const std::string failed = hook("failed", R"(,"error":"no")");
  EXPECT_EQ(read_hooks(failed + "," + hook("delivered")).news, State::delivered);
  EXPECT_EQ(read_hooks(hook("delivered") + "," + failed).news, State::delivered);
  EXPECT_TRUE(read_hooks(failed + "," + hook("delivered")).detail.empty());
}

TEST(HookInfo, HookOfAnotherMessage_IsLeftAlone) {
  const Answer a = read_hooks(hook("sent") + R"(,{"id":"wamid.other","status":"read"})");
  EXPECT_EQ(a.news, State::sent);
}

TEST(HookInfo, HookWithoutAnId_IsAboutWhatWasAskedFor) {
  EXPECT_EQ(read_hooks(R"({"status":"delivered"})").news, State::delivered);
}

// --- Times ---

TEST(HookInfo, TimestampAsText_IsWhenItCameOntoThePhone) {
  const Answer a = read_hooks(hook("read", R"(,"timestamp":"1654864099")") + "," +
                              hook("delivered", R"(,"timestamp":"1654864094")") + "," +
                              hook("sent", R"(,"timestamp":"1654864090")"));
  EXPECT_EQ(a.time.s, 1654864094u);
}

TEST(HookInfo, TimestampAsNumber_IsUnderstood) {
  EXPECT_EQ(read_hooks(hook("delivered", R"(,"timestamp":1654864094)")).time.s, 1654864094u);
}

TEST(HookInfo, TimestampThatIsNone_IsNoTime) {
  for (const char* none : {R"("soon")", R"("1654864094x")", "-5", "null", "{}", "1.5"}) {
    EXPECT_EQ(read_hooks(hook("delivered", R"(,"timestamp":)" + std::string(none))).time.s, 0u)
        << none;
  }
}

// --- Failures ---

TEST(HookInfo, Failed_ErrorsAsAList_GivesCodeAndWords) {
  const Answer a = read_hooks(
      hook("failed", R"(,"errors":[{"code":131026,"title":"Message undeliverable","message":)"
                     R"("Message undeliverable","error_data":{"details":"Not on WhatsApp"}}])"));
  EXPECT_EQ(a.news, State::failed);
  EXPECT_EQ(a.code, 131026);
  EXPECT_EQ(a.detail, "Message undeliverable: Not on WhatsApp");
}

TEST(HookInfo, Failed_ErrorAsObject_GivesCodeAndWords) {
  const Answer a =
      read_hooks(hook("failed", R"(,"error":{"code":"131049","message":"Not delivered"})"));
  EXPECT_EQ(a.code, 131049);
  EXPECT_EQ(a.detail, "Not delivered");
}

TEST(HookInfo, Failed_ErrorAsText_GivesWordsAndTheCodeInThem) {
  const Answer a = read_hooks(hook("failed", R"(,"error":"(#131050) User has opted out")"));
  EXPECT_EQ(a.code, 131050);
  EXPECT_EQ(a.detail, "(#131050) User has opted out");
}

TEST(HookInfo, Failed_WithoutAnyError_IsFailed) {
  const Answer a = read_hooks(hook("failed"));
  EXPECT_EQ(a.news, State::failed);
  EXPECT_EQ(a.code, 0);
  EXPECT_TRUE(a.detail.empty());
}

TEST(HookInfo, Failed_WordsThatHoldTheTokenOrANumber_AreRedacted) {
  const Answer a =
      read_hooks(hook("failed", R"(,"error":"tok3n-own-value may not write to 12025550123")"));
  EXPECT_EQ(a.detail.view().find("tok3n"), std::string_view::npos) << a.detail.view();
  EXPECT_EQ(a.detail.view().find("12025550123"), std::string_view::npos) << a.detail.view();
}

// --- No news ---

TEST(HookInfo, UnknownId_AnEmptyList_IsNoNews) {
  const Answer a = read_hooks("");
  EXPECT_TRUE(a.parsed);
  EXPECT_EQ(a.news, State::queued);
}

TEST(HookInfo, UnknownId_404Or400_IsNoNews) {
  for (const std::uint16_t http : {std::uint16_t{404}, std::uint16_t{400}}) {
    const Answer a = read(R"({"error":"Message not found","hooks":[{"status":"read"}]})", http);
    EXPECT_FALSE(a.parsed);
    EXPECT_EQ(a.news, State::queued);
  }
}

TEST(HookInfo, UnknownId_NullOrAnErrorWith200_IsNoNews) {
  for (const char* body : {R"({"hooks":null})", R"({"error":"Message not found"})"}) {
    const Answer a = read(body);
    EXPECT_TRUE(a.parsed) << body;
    EXPECT_EQ(a.news, State::queued) << body;
    EXPECT_EQ(a.detail, "");
  }
}

TEST(HookInfo, WhatIsNoListOfHooks_IsNotRelied) {
  for (const char* body : {"", "<html>welcome</html>", "[]", "{}", R"({"hooks":{"status":"read"}})",
                           R"({"hooks":{"a":{"status":"read"}}})", R"({"hooks":"read"})",
                           R"({"hooks":[{"status":"read"}]} trailing)", "null"}) {
    const Answer a = read(body);
    EXPECT_FALSE(a.parsed) << body;
    EXPECT_EQ(a.news, State::queued) << body;
  }
}

TEST(HookInfo, HooksThatAreNone_AreLeftOut) {
  const Answer a = read_hooks(R"(7,null,"read",{"status":5},{},[],)" + hook("sent"));
  EXPECT_TRUE(a.parsed);
  EXPECT_EQ(a.news, State::sent);
}

}  // namespace
}  // namespace fieldpost
