// Each shape and word that is documented for a callback, one test each.
#include "agent/tracking/callback.h"

#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <vector>

namespace fieldpost {
namespace {

constexpr std::string_view kId = "wamid.HBgL+/A=";

std::vector<std::byte> room(limits::json_arena_bytes);

std::vector<Answer> read(std::string_view body, std::size_t skip = 0) {
  JsonArena arena{room};
  const auto news = std::make_unique<News>();
  news->count = 3;  // of an earlier callback
  EXPECT_TRUE(read_callback(body, skip, arena, *news).ok()) << body;
  EXPECT_LE(news->count, news->told.size());
  return {news->told.begin(), news->told.begin() + news->count};
}
Status refused(std::string_view body) {
  JsonArena arena{room};
  const auto news = std::make_unique<News>();
  const Status status = read_callback(body, 0, arena, *news).status();
  EXPECT_EQ(news->count, 0u);
  return status;
}

std::string item(std::string_view status, std::string_view more = "", std::string_view id = kId) {
  return R"({"id":")" + std::string(id) + R"(","status":")" + std::string(status) + '"' +
         std::string(more) + "}";
}

struct Shape {
  const char* name;
  const char* before;
  const char* behind;
};
constexpr Shape kShapes[] = {
    {"ack", R"({"instanceId":"182868781","ack":[)", "]}"},
    {"hooks", R"({"hooks":[)", "]}"},
    {"statuses",
     R"({"object":"whatsapp_business_account","entry":[{"id":"1","changes":[{"value":{)"
     R"("messaging_product":"whatsapp","metadata":{"phone_number_id":"7"},"statuses":[)",
     R"(]},"field":"messages"}]}]})"},
};
std::string in(const Shape& shape, const std::string& items) {
  return shape.before + items + shape.behind;
}

// --- Shapes and words ---

struct Word {
  const char* word;
  State news;
};
constexpr Word kWords[] = {
    {"sent", State::sent},          {"delivered", State::delivered}, {"read", State::read},
    {"viewed", State::read},        {"played", State::read},         {"failed", State::failed},
    {"undelivered", State::failed}, {"accepted", State::queued},     {"queued", State::queued},
    {"pending", State::queued},     {"teleported", State::queued}};

class CallbackWord : public ::testing::TestWithParam<std::tuple<Shape, Word>> {};

// What is not yet, and what nobody knows, is no news.
TEST_P(CallbackWord, Means) {
  const auto& [shape, word] = GetParam();
  const std::vector<Answer> told = read(in(shape, item(word.word)));
  ASSERT_EQ(told.size(), word.news == State::queued ? 0u : 1u);
  if (told.empty()) return;
  EXPECT_EQ(told[0].news, word.news);
  EXPECT_EQ(told[0].message_id, kId);
  EXPECT_TRUE(told[0].detail.empty());
}

INSTANTIATE_TEST_SUITE_P(Each, CallbackWord,
                         ::testing::Combine(::testing::ValuesIn(kShapes),
                                            ::testing::ValuesIn(kWords)),
                         [](const auto& one) {
                           return std::string(std::get<0>(one.param).name) + "_" +
                                  std::get<1>(one.param).word;
                         });

TEST(Callback, Ack_AsAProductionChannelSendsIt_HasNeitherTimeNorCode) {
  const auto told =
      read(R"({"instanceId":"1","ack":[{"id":"wamid.HBgL+/A=","chatId":"12025550123@c.us",)"
           R"("status":"failed","phone":"12025550123","error":"Message undeliverable"}]})");
  ASSERT_EQ(told.size(), 1u);
  EXPECT_EQ(told[0].news, State::failed);
  EXPECT_EQ(told[0].code, 0);
  EXPECT_EQ(told[0].time.s, 0u);
  EXPECT_EQ(told[0].detail, "Message undeliverable");
}

TEST(Callback, Hooks_AsDocumented_HasTheTime) {
  const auto told =
      read(R"({"hooks":[{"id":"wamid.HBgL+/A=","type":"message","status":"delivered","pricing":{},)"
           R"("timestamp":"1654864094","conversation":{},"recipient_id":"12025550123"}]})");
  ASSERT_EQ(told.size(), 1u);
  EXPECT_EQ(told[0].time.s, 1654864094u);
}

TEST(Callback, Statuses_WithErrorsAsAList_HasCodeAndWords) {
  const auto told = read(in(kShapes[2], item("failed", R"(,"errors":[{"code":131026,"title":)"
                                                       R"("Message undeliverable"}])")));
  ASSERT_EQ(told.size(), 1u);
  EXPECT_EQ(told[0].code, 131026);
  EXPECT_EQ(told[0].detail, "Message undeliverable");
}

TEST(Callback, ErrorAsObject_HasCodeAndWords) {
  const auto told =
      read(in(kShapes[0], item("failed", R"(,"error":{"code":"131050","message":"Stopped"})")));
  ASSERT_EQ(told.size(), 1u);
  EXPECT_EQ(told[0].code, 131050);
  EXPECT_EQ(told[0].detail, "Stopped");
}

TEST(Callback, WordsThatHoldANumberOrASecret_AreRedacted) {
  const auto told =
      read(in(kShapes[0], item("failed", R"(,"error":"Bearer s3cr3t: 12025550123")")));
  ASSERT_EQ(told.size(), 1u);
  EXPECT_EQ(told[0].detail.view().find("s3cr3t"), std::string_view::npos);
  EXPECT_EQ(told[0].detail.view().find("12025550123"), std::string_view::npos);
}

// --- Several ---

TEST(Callback, ShapesTogether_EachIsRead) {
  const auto told =
      read(R"({"ack":[)" + item("sent", "", "a") + R"(],"hooks":[)" + item("read", "", "b") + "," +
           item("failed", "", "c") + R"(],"entry":[{"changes":[{"value":{"statuses":[)" +
           item("delivered", "", "d") + R"(]}},{"value":{"statuses":[)" + item("sent", "", "e") +
           R"(]}}]},{"changes":[{"value":{"statuses":[)" + item("sent", "", "f") + "]}}]}]}");
  std::string ids;
  for (const Answer& one : told) ids += one.message_id.view();
  EXPECT_EQ(ids, "abcdef");
}

TEST(Callback, MessagesAndWhatIsUnknownBesideThem_IsPassedOver) {
  const auto told = read(
      R"({"messages":[{"id":"wamid.HBgL+/A=","body":"hi","fromMe":false,"status":"read"}],)"
      R"("status":"read","id":"x","ack":[7,null,"read",[],{},{"status":5,"id":"y"},{"id":"z"},)" +
      item("delivered") +
      R"(,{"status":"read"},{"status":"read","id":""},{"status":"read","id":5}],)"
      R"("entry":[7,{"changes":{"value":{"statuses":7}}},{"changes":[{"value":[]}]}],"more":{}})");
  ASSERT_EQ(told.size(), 1u);
  EXPECT_EQ(told[0].news, State::delivered);
}

TEST(Callback, WithNothingToTell_IsNoNews) {
  for (const char* body : {"{}", "[]", "7", "null", R"("read")", R"({"ack":[]})", R"({"ack":7})",
                           R"({"hooks":{"a":"b"}})", R"({"entry":{"changes":[]}})"}) {
    EXPECT_TRUE(read(body).empty()) << body;
  }
}

TEST(Callback, IdLongerThanAny_IsNoneOfOurs) {
  const std::string longest(limits::message_id_bytes_max, 'i');
  EXPECT_EQ(read(in(kShapes[0], item("sent", "", longest))).size(), 1u);
  EXPECT_TRUE(read(in(kShapes[0], item("sent", "", longest + "i"))).empty());
}

TEST(Callback, MoreThanOneFrameHolds_ComesPieceByPiece) {
  std::string items;
  for (std::size_t i = 0; i < 2 * limits::news_at_once + 1; ++i) {
    items += (i == 0 ? "" : ",") + item("sent", "", "id-" + std::to_string(i));
  }
  const std::string body = in(kShapes[0], items);
  std::size_t next = 0;
  for (const std::size_t wanted : {limits::news_at_once, limits::news_at_once, std::size_t{1}}) {
    const auto told = read(body, next);
    ASSERT_EQ(told.size(), wanted);
    for (const Answer& one : told) EXPECT_EQ(one.message_id, "id-" + std::to_string(next++));
  }
  EXPECT_TRUE(read(body, next).empty());
}

TEST(Callback, NotJson_IsRefused) {
  for (const char* body : {"", "<html></html>", R"({"ack":[}])", R"({"ack":[]} trailing)"}) {
    EXPECT_EQ(refused(body), Status::invalid) << body;
  }
}

TEST(Callback, MoreThanTheArenaHolds_IsRefused) {
  std::string items = "0";
  while (items.size() < limits::local_body_bytes_max - 100) items += ",0";
  EXPECT_EQ(refused(in(kShapes[0], items)), Status::full);
}

}  // namespace
}  // namespace fieldpost
