// The reading part of both answer tables of the API: one test a row.
#include "agent/outcome/read_answer.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "agent/base/utf8.h"
#include "agent/json/tree.h"
#include "tests/agent/json/texts.h"

namespace fieldpost {
namespace {

constexpr std::string_view kToken = "tok3n-own-value";

class ReadAnswer : public ::testing::Test {
 protected:
  Answer read(int http, std::string_view body, std::string_view content_type = kJson,
              Purpose purpose = Purpose::send_template) {
    RawAnswer raw;
    raw.purpose = purpose;
    raw.http = static_cast<std::uint16_t>(http);
    raw.content_type = content_type;
    raw.body = body;
    raw.token = kToken;
    Answer answer;
    answer.sent = answer.job_id = answer.names_template = true;  // of an earlier answer
    answer.code = 77;
    read_answer(raw, arena_, answer);
    EXPECT_EQ(answer.http, http);
    EXPECT_TRUE(is_utf8(answer.detail.view()));
    return answer;
  }
  Answer read_status(int http, std::string_view body) {
    return read(http, body, kJson, Purpose::channel_status);
  }

  static constexpr std::string_view kJson = "application/json; charset=utf-8";
  std::vector<std::byte> room_ = std::vector<std::byte>(limits::json_arena_bytes);
  JsonArena arena_{room_};
};

// --- "Answers" of sendTemplate ---

TEST_F(ReadAnswer, Accepted_SentTrueWithId_KeepsTheIdAsItIs) {
  const Answer a = read(200, R"({"sent":true,"id":"wamid.HBgL+/MTIwMjU1NTAxMjM=","message":)"
                             R"("Sent to 12025550123","description":"Message has been sent"})");
  EXPECT_TRUE(a.parsed);
  EXPECT_TRUE(a.sent);
  EXPECT_FALSE(a.job_id);
  EXPECT_EQ(a.code, 0);
  EXPECT_EQ(a.message_id, "wamid.HBgL+/MTIwMjU1NTAxMjM=");
  EXPECT_TRUE(a.detail.empty());
}

TEST_F(ReadAnswer, Accepted_OtherNumberInMessage_ChangesNothing) {
  EXPECT_TRUE(read(200, R"({"sent":true,"id":"a","message":"Sent to 12025550199"})").sent);
}

TEST_F(ReadAnswer, Accepted_SentTrueWithoutId_IsAcceptedAllTheSame) {
  for (const char* body : {R"({"sent":true})", R"({"sent":true,"id":null})",
                           R"({"sent":true,"id":""})", R"({"sent":true,"id":17})",
                           R"({"sent":true,"id":"a b"})", R"({"sent":true,"id":"a\u001bb"})"}) {
    const Answer a = read(200, body);
    EXPECT_TRUE(a.parsed && a.sent) << body;
    EXPECT_TRUE(a.message_id.empty()) << body;
  }
  const std::string long_id(limits::message_id_bytes_max + 1, 'a');
  const Answer a = read(200, R"({"sent":true,"id":")" + long_id + "\"}");
  EXPECT_TRUE(a.sent);
  EXPECT_TRUE(a.message_id.empty());
}

TEST_F(ReadAnswer, IdThatHoldsTheToken_IsNone) {
  const Answer a = read(200, R"({"sent":true,"id":"w)" + std::string(kToken) + R"(=="})");
  EXPECT_TRUE(a.parsed && a.sent);
  EXPECT_TRUE(a.message_id.empty());
}

TEST_F(ReadAnswer, Accepted_AnyOther2xx_CountsToo) {
  EXPECT_TRUE(read(201, R"({"sent":true})").sent);
  EXPECT_TRUE(read(202, R"({"sent":true})").sent);
}

TEST_F(ReadAnswer, Accepted_SentTrueBesideAnErrorOrJob_IsStillAccepted) {
  const Answer a = read(200, R"({"sent":true,"id":"a","error":"warning","jobId":"7"})");
  EXPECT_TRUE(a.parsed && a.sent);
  EXPECT_FALSE(a.job_id);
}

TEST_F(ReadAnswer, RefusedWith200_SentFalseWithMessage_KeepsTheWords) {
  const Answer a = read(200, R"({"sent":false,"message":"Template was not approved yet"})");
  EXPECT_TRUE(a.parsed);
  EXPECT_FALSE(a.sent);
  EXPECT_FALSE(a.job_id);
  EXPECT_EQ(a.code, 0);
  EXPECT_EQ(a.detail, "Template was not approved yet");
}

TEST_F(ReadAnswer, RefusedWith200_SentFalseAsAString_IsARefusal) {
  for (const char* body : {R"({"sent":"false","message":"no"})", R"({"sent":"False"})"}) {
    const Answer a = read(200, body);
    EXPECT_TRUE(a.parsed) << body;
    EXPECT_FALSE(a.sent) << body;
  }
}

TEST_F(ReadAnswer, RefusedWith200_ErrorAsAString_IsARefusal) {
  const Answer a = read(200, R"({"sent":false,"error":"(#131056) Pair rate limit hit"})");
  EXPECT_TRUE(a.parsed);
  EXPECT_FALSE(a.sent);
  EXPECT_EQ(a.code, 131056);
  EXPECT_EQ(a.detail, "(#131056) Pair rate limit hit");
  EXPECT_TRUE(read(200, R"({"error":"no"})").parsed);
}

TEST_F(ReadAnswer, RefusedWith200_ErrorAsAnObject_GivesCodeAndWords) {
  const Answer a =
      read(200, R"({"sent":false,"error":{"message":"Undeliverable","code":131026,)"
                R"("error_user_title":"Not on WhatsApp","error_user_msg":"Ask the customer."}})");
  EXPECT_TRUE(a.parsed);
  EXPECT_FALSE(a.sent);
  EXPECT_EQ(a.code, 131026);
  EXPECT_EQ(a.detail, "Undeliverable: Not on WhatsApp: Ask the customer.");
}

TEST_F(ReadAnswer, RefusedWith200_ErrorCodeInsteadOfCode_IsRead) {
  EXPECT_EQ(read(200, R"({"sent":false,"error":{"message":"x","error_code":130429}})").code,
            130429);
}

TEST_F(ReadAnswer, RefusedWith200_NestedInResponse_IsRead) {
  const Answer words = read(200, R"({"response":{"error":"Channel is blocked"}})");
  EXPECT_TRUE(words.parsed);
  EXPECT_FALSE(words.sent);
  EXPECT_EQ(words.detail, "Channel is blocked");
  const Answer object =
      read(200, R"({"sent":false,"response":{"error":{"message":"x","code":"131049"}}})");
  EXPECT_TRUE(object.parsed);
  EXPECT_EQ(object.code, 131049);
}

TEST_F(ReadAnswer, RefusedWith200_CodesInEveryForm_AreRead) {
  const struct {
    const char* body;
    int code;
  } rows[] = {
      {R"({"sent":false,"error":{"code":131056}})", 131056},
      {R"({"sent":false,"error":{"code":"131056"}})", 131056},
      {R"({"sent":false,"error":{"code":131056.0}})", 131056},
      {R"({"sent":false,"code":131056})", 131056},
      {R"({"sent":false,"error_code":"131056"})", 131056},
      {R"({"sent":false,"message":"failed: (#131056) slow down"})", 131056},
      {R"({"sent":false,"message":"a (#x) (#131056)."})", 131056},
      {R"({"sent":false,"error":{"code":400,"message":"(#131056) slow"}})", 131056},
      {R"({"sent":false,"error":{"code":400,"error_code":131056}})", 131056},
      {R"({"sent":false,"error":{"code":400,"message":"bad"}})", 400},
      {R"({"sent":false,"error":{"code":131056.5}})", 0},
      {R"({"sent":false,"error":{"code":1e99}})", 0},
      {R"({"sent":false,"error":{"code":4294967296}})", 0},
      {R"({"sent":false,"error":{"code":"99999999999999999999"}})", 0},
      {R"({"sent":false,"error":{"code":-4}})", 0},
      {R"({"sent":false,"error":{"code":" 4"}})", 0},
      {R"({"sent":false,"error":{"code":true}})", 0},
      {R"({"sent":false,"error":{"code":null}})", 0},
      {R"({"sent":false,"message":"error 131056"})", 0},
      {R"({"sent":false,"message":"#131056"})", 0},
      {R"({"sent":false,"message":"(#131056"})", 0},
      {R"({"sent":false,"message":"(#) x"})", 0},
  };
  for (const auto& row : rows) EXPECT_EQ(read(200, row.body).code, row.code) << row.body;
}

TEST_F(ReadAnswer, QueuedWithSentFalse_JobId_IsPendingAndNotRefused) {
  for (const char* body : {R"({"sent":false,"jobId":"a1"})", R"({"sent":false,"jobId":7})",
                           R"({"sent":"false","jobId":"a1"})", R"({"jobId":"a1"})",
                           R"({"sent":false,"response":{"jobId":"a1"}})"}) {
    const Answer a = read(200, body);
    EXPECT_TRUE(a.parsed) << body;
    EXPECT_TRUE(a.job_id) << body;
    EXPECT_FALSE(a.sent) << body;
  }
  for (const char* body : {R"({"sent":false})", R"({"sent":false,"jobId":null})",
                           R"({"sent":false,"jobId":""})", R"({"sent":false,"jobId":false})"}) {
    EXPECT_FALSE(read(200, body).job_id) << body;
  }
}

TEST_F(ReadAnswer, Http400_UnknownTemplateInErrorOrMessage_NamesTheTemplate) {
  for (const char* body : {R"({"error":"Template name does not exist"})",
                           R"({"message":"unknown template next_step"})",
                           R"({"error":{"message":"x","code":132001}})"}) {
    const Answer a = read(400, body);
    EXPECT_TRUE(a.parsed && a.names_template && !a.sent) << body;
  }
}

TEST_F(ReadAnswer, Http404_AboutATemplate_NamesIt) {
  EXPECT_TRUE(read(404, R"({"error":"Template not found"})").names_template);
  EXPECT_TRUE(read(404, R"({"message":"no such TEMPLATE: x"})").names_template);
  EXPECT_TRUE(read(404, "template_name is wrong", "text/plain").names_template);
}

TEST_F(ReadAnswer, Http404_AboutTheAddress_NamesNoTemplate) {
  for (const char* body : {R"({"error":"Channel not found"})", R"({"error":"Not Found"})",
                           R"({"message":"Cannot POST /VID1/sendTemplate"})",
                           R"({"error":"Method sendTemplate is unknown"})",
                           R"({"error":"/templates is no route"})", "{}", ""}) {
    EXPECT_FALSE(read(404, body).names_template) << body;
  }
  EXPECT_FALSE(read(404, "<h1>template not found</h1>", "text/html").names_template);
}

TEST_F(ReadAnswer, Http422_MissingNamespaceOrVariableCount_KeepsTheWords) {
  const Answer a = read(422, R"({"error":"namespace is required"})");
  EXPECT_TRUE(a.parsed);
  EXPECT_FALSE(a.sent);
  EXPECT_EQ(a.detail, "namespace is required");
  EXPECT_EQ(read(422, R"({"message":"(#132000) Number of parameters does not match"})").code,
            132000);
}

TEST_F(ReadAnswer, Http401_TheEchoOfTheToken_IsRedacted) {
  const Answer a = read(401, R"({"error":"Wrong token \"tok3n-other\" for channel VID1"})");
  EXPECT_TRUE(a.parsed);
  EXPECT_EQ(a.detail, "Wrong token \"•••\" for channel VID1");
  const std::string own = R"({"error":"refused: )" + std::string(kToken) + "\"}";
  EXPECT_EQ(read(401, own).detail, "refused: •••");
}

TEST_F(ReadAnswer, Http403_PlainText_KeepsTheWords) {
  const Answer a = read(403, "Channel is blocked, token tok3n-own-value", "text/plain");
  EXPECT_FALSE(a.parsed);
  EXPECT_EQ(a.detail, "Channel is blocked, token •••");
}

TEST_F(ReadAnswer, Http429_RateLimit_KeepsTheWords) {
  const Answer a = read(429, R"({"error":"Rate limit exceeded"})");
  EXPECT_TRUE(a.parsed);
  EXPECT_EQ(a.detail, "Rate limit exceeded");
}

TEST_F(ReadAnswer, Http5xx_ErrorAsJson_KeepsTheWords) {
  const Answer a = read(500, R"({"error":"Internal error"})");
  EXPECT_FALSE(a.sent);
  EXPECT_EQ(a.detail, "Internal error");
}

TEST_F(ReadAnswer, Http5xx_AProxysHtml_IsReducedToItsTitle) {
  const Answer a = read(502,
                        "<html>\r\n<head><title>502 Bad Gateway</title></head>"
                        "<body>nginx</body></html>",
                        "text/html");
  EXPECT_FALSE(a.parsed);
  EXPECT_EQ(a.detail, "an HTML page: 502 Bad Gateway");
}

// --- "What happened to the POST" ---

TEST_F(ReadAnswer, Class_NotAccepted429_IsNeverSent) {
  EXPECT_FALSE(read(429, R"({"sent":true,"id":"a"})").sent);
}

TEST_F(ReadAnswer, Class_Refused_PermanentCode_IsGiven) {
  EXPECT_EQ(read(200, R"({"sent":false,"error":{"code":131026}})").code, 131026);
}

TEST_F(ReadAnswer, Class_WrongAddress_404WithoutTemplate_IsTold) {
  EXPECT_FALSE(read(404, R"({"error":"Channel VID1 does not exist"})").names_template);
}

TEST_F(ReadAnswer, Class_Temporary_CodeIsGiven) {
  EXPECT_EQ(read(200, R"({"sent":false,"error":{"code":130429}})").code, 130429);
}

TEST_F(ReadAnswer, Class_RefusedUnspecified_WordsAndNoCode_IsParsed) {
  const Answer a = read(200, R"({"sent":false,"message":"Something went wrong"})");
  EXPECT_TRUE(a.parsed);
  EXPECT_EQ(a.code, 0);
  EXPECT_EQ(a.detail, "Something went wrong");
}

TEST_F(ReadAnswer, Class_Credentials_AccountCode_IsGiven) {
  EXPECT_EQ(read(200, R"({"sent":false,"error":{"code":190,"message":"expired"}})").code, 190);
}

TEST_F(ReadAnswer, Class_Accepted_BooleanTrueOnly) {
  EXPECT_TRUE(read(200, R"({"sent":true})").sent);
  for (const char* body : {R"({"sent":"true","id":"a"})", R"({"sent":1,"id":"a"})",
                           R"({"sent":"yes"})", R"({"sent":[true]})", R"({"sent":{"a":true}})",
                           R"({"Sent":true})", R"({"response":{"sent":true}})"}) {
    const Answer a = read(200, body);
    EXPECT_FALSE(a.sent) << body;
    // Perhaps it means yes: neither accepted nor refused.
    EXPECT_FALSE(a.parsed) << body;
    EXPECT_TRUE(a.message_id.empty()) << body;
  }
}

TEST_F(ReadAnswer, Class_Accepted_SentTrueOutside2xx_DoesNotCount) {
  for (const int http : {100, 199, 300, 302, 400, 401, 403, 404, 408, 422, 429, 500, 503}) {
    const Answer a = read(http, R"({"sent":true,"id":"wamid.a"})");
    EXPECT_FALSE(a.sent) << http;
    EXPECT_TRUE(a.message_id.empty()) << http;
  }
}

TEST_F(ReadAnswer, Class_Uncertain_A2xxThatDoesNotParse) {
  for (const char* body : {"",
                           " ",
                           "OK",
                           "<html></html>",
                           "{\"sent\":tru",
                           "{\"sent\":true",
                           "{\"sent\":true}}",
                           "[]",
                           "[{\"sent\":true}]",
                           "true",
                           "\"sent\"",
                           "null",
                           "{}",
                           R"({"sent":null})",
                           R"({"message":"Sent to 12025550123"})",
                           R"({"id":"wamid.a"})",
                           R"({"error":null})",
                           R"({"error":""})",
                           R"({"sent":true,"sent":false})",
                           R"({"sent":false,"sent":true})"}) {
    const Answer a = read(200, body);
    EXPECT_FALSE(a.parsed) << body;
    EXPECT_FALSE(a.sent) << body;
  }
}

TEST_F(ReadAnswer, Class_Uncertain_AnAnswerTooLargeForItsTree) {
  std::string body = R"({"sent":true,"x":[0)";
  while (body.size() < limits::answer_body_bytes_max - 8) body += ",0";
  const Answer a = read(200, body + "]}");
  EXPECT_FALSE(a.parsed);
  EXPECT_FALSE(a.sent);
}

TEST_F(ReadAnswer, Class_Uncertain_JobId) {
  EXPECT_TRUE(read(200, R"({"sent":false,"message":"queued","jobId":"q"})").job_id);
}

// --- GET status ---

TEST_F(ReadAnswer, Status_ConnectedOrConnecting_IsAYes) {
  EXPECT_TRUE(read_status(200, R"({"status":"connected","x":1})").sent);
  EXPECT_TRUE(read_status(200, R"({"status":"connecting"})").sent);
  for (const char* word : {"disconnected", "uninitialized", "unregistered", "Connected", ""}) {
    const Answer a = read_status(200, R"({"status":")" + std::string(word) + "\"}");
    EXPECT_TRUE(a.parsed) << word;
    EXPECT_FALSE(a.sent) << word;
    EXPECT_EQ(a.detail, word);
  }
}

TEST_F(ReadAnswer, Status_AnythingElse_IsNotParsed) {
  for (const char* body : {"", "{}", R"({"status":true})", R"({"sent":true})", "<html>", "[]"}) {
    const Answer a = read_status(200, body);
    EXPECT_FALSE(a.parsed) << body;
    EXPECT_FALSE(a.sent) << body;
  }
  EXPECT_FALSE(read_status(401, R"({"status":"connected"})").sent);
  EXPECT_EQ(read_status(401, R"({"error":"Wrong token \"a\""})").detail, "Wrong token \"•••\"");
}

// --- Hostile bytes ---

TEST_F(ReadAnswer, Words_NumbersAndControls_AreFitToShow) {
  EXPECT_EQ(read(400, R"({"error":"12025550123@c.us \u001b[31mis\nbad"})").detail,
            "1202•••0123@c.us [31mis bad");
  const std::string long_words(3000, 'a');
  EXPECT_LE(read(400, R"({"error":")" + long_words + "\"}").detail.size(),
            limits::detail_bytes_max);
}

TEST_F(ReadAnswer, TextsThatMustFail_AreNeverParsed) {
  for (const auto& [name, text] : testing::kMustFail) {
    for (const int http : {200, 400, 500}) {
      EXPECT_FALSE(read(http, text).parsed) << name;
      EXPECT_FALSE(read(http, text).sent) << name;
    }
    EXPECT_FALSE(read_status(200, text).parsed) << name;
  }
}

TEST_F(ReadAnswer, TextsThatMustParse_AreParsedWhereTheyAreObjects) {
  for (const auto& [name, text] : testing::kMustParse) {
    JsonFault fault;
    const auto root = parse_json(text, arena_, fault);
    ASSERT_TRUE(root.ok()) << name;
    const bool object = root.value().is_object();
    EXPECT_EQ(read(400, text).parsed, object) << name;
  }
}

TEST_F(ReadAnswer, AnyCutOrFlippedAnswer_IsAcceptedOnlyWhereItSaysSo) {
  const std::string good = R"({"sent":true,"id":"wamid.a","message":"Sent to 12025550123"})";
  for (std::size_t cut = 0; cut < good.size(); ++cut) {
    EXPECT_FALSE(read(200, good.substr(0, cut)).parsed);
    for (int bit = 0; bit < 8; ++bit) {
      std::string flipped = good;
      flipped[cut] = static_cast<char>(flipped[cut] ^ (1 << bit));
      const Answer a = read(200, flipped);
      if (a.sent) {
        EXPECT_TRUE(flipped.starts_with(R"({"sent":true,)"));
      }
    }
  }
}

}  // namespace
}  // namespace fieldpost
