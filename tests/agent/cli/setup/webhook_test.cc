#include <gtest/gtest.h>

#include <initializer_list>
#include <string>
#include <vector>

#include "agent/cli/cli.h"
#include "tests/agent/scenario/settings_for_tests.h"
#include "tests/fakes/fake_shell.h"

namespace fieldpost {
namespace {

constexpr const char* kA = "https://a.example/in?x=1,2";
constexpr const char* kB = "https://b.example/";
constexpr const char* kOurs = "https://kiosk.example/hook";

// The channel's list as JSON, and what is written to it.
class Webhook : public testing::Test {
 protected:
  Webhook() {
    shell_.api_says = [this](const std::string& request, Answer& answer) -> std::string {
      answer.http = http_;
      if (request == "GET settings") return settings_answer_;
      if (request == "GET webhook") return R"({"webhookUrl":)" + list_ + "}";
      const std::string kBody = R"(POST webhook {"webhookUrl":)";
      EXPECT_EQ(request.substr(0, kBody.size()), kBody);
      written_.push_back(request.substr(kBody.size(), request.size() - kBody.size() - 1));
      if (takes_) list_ = written_.back();
      if (http_of_post_ == 0) answer.broken = Reason::api_trouble;
      answer.http = http_of_post_;
      if (!answer_to_post_.empty()) return answer_to_post_;
      return R"({"set":false,"message":"unchanged"})";
    };
  }
  int run(const std::vector<const char*>& words) {
    shell_.out_text.clear();
    shell_.err_text.clear();
    std::vector<const char*> arguments = {"fieldpost", "webhook"};
    arguments.insert(arguments.end(), words.begin(), words.end());
    return cli_main(arguments, shell_);
  }

  std::unique_ptr<Settings> settings_ = five_configured();
  FakeShell shell_{settings_.get()};
  std::uint16_t http_ = 200, http_of_post_ = 200;
  bool takes_ = true;  // what is written to it
  std::string answer_to_post_;
  std::string list_ = "[]", settings_answer_ = R"({"ackNotificationsOn":true})";
  std::vector<std::string> written_;
};

TEST_F(Webhook, List_EveryShape_ShowsTheSame) {
  const std::string a = kA, b = kB;
  for (const std::string& shape :
       {"[\"" + a + "\",\"" + b + "\"]", "\"" + a + "," + b + "\"", "\"" + a + ", " + b + "\"",
        "\" " + a + " , " + b + " ,\"", "[\"\",\"" + a + "\",\"" + b + "\",\"" + a + "\"]"}) {
    list_ = shape;
    EXPECT_EQ(run({"list"}), kDone) << shape;
    EXPECT_EQ(shell_.out_text, a + "\n" + b + "\n") << shape;
  }
  for (const char* none : {"null", "\"\"", "[]", "[\"\"]"}) {
    list_ = none;
    EXPECT_EQ(run({"list"}), kDone);
    EXPECT_EQ(shell_.out_text, "");
  }
  EXPECT_TRUE(written_.empty());
}

TEST_F(Webhook, List_LongState_EndsWithAWholeCharacter) {
  std::string many, as_many_as_fit;
  for (int i = 0; i < 40; ++i) many += "é";
  for (int i = 0; i < 31; ++i) as_many_as_fit += "é";
  list_ = std::string("\"") + kB + R"(","webhookStatuses":{")" + kB + R"(":"x)" + many + "\"}";
  EXPECT_EQ(run({"list", "--json"}), kDone);
  EXPECT_EQ(shell_.out_text,
            std::string(R"({"url":")") + kB + R"(","status":"x)" + as_many_as_fit + "\"}\n");
}

TEST_F(Webhook, AddAndRemove_KeepTheOthersByteForByte) {
  list_ = "\"" + std::string(kA) + "\"";
  EXPECT_EQ(run({"add", kOurs}), kDone);
  EXPECT_EQ(list_, "[\"" + std::string(kA) + "\",\"" + kOurs + "\"]");
  EXPECT_EQ(run({"add", kOurs}), kDone) << "it is there already";
  EXPECT_EQ(written_.size(), 1u);
  EXPECT_EQ(run({"remove", kOurs}), kDone);
  EXPECT_EQ(list_, "\"" + std::string(kA) + "\"");
  EXPECT_EQ(run({"remove", kA}), kDone);
  EXPECT_EQ(list_, "\"\"");
  EXPECT_EQ(run({"remove", kA}), kDone) << "it is gone already";
  EXPECT_EQ(written_.size(), 3u);
}

TEST_F(Webhook, ListThatIsNotUnderstood_IsNotWritten) {
  for (const char* odd :
       {"17", "true", R"({"url":"https://a.example/"})", R"([["https://a"]])",
        R"(["https://a.example/",17])", R"("[\"https://a.example/\"]")", R"(["https:a.example"])",
        R"(["https://a.example/\"x"])", R"(["https://a.example/\u0007"])"}) {
    list_ = odd;
    EXPECT_EQ(run({"add", kOurs}), kRefused) << odd;
    EXPECT_NE(shell_.err_text.find("nothing was changed"), std::string::npos) << odd;
  }
  shell_.api_says = [](const std::string& request, Answer& answer) {
    EXPECT_EQ(request, "GET webhook");
    answer.http = 200;
    return std::string("{}");
  };
  EXPECT_EQ(run({"add", kOurs}), kRefused);
  EXPECT_TRUE(written_.empty());
}

TEST_F(Webhook, ListThatWouldGrowWhenItIsWritten_IsNotWritten) {
  std::string quotes;
  for (int i = 0; i < 5'200; ++i) quotes += "\\\"";
  list_ = "[\"https://a.example/" + quotes + "\"]";
  EXPECT_EQ(run({"add", kOurs}), kRefused);
  EXPECT_TRUE(written_.empty());
}

TEST_F(Webhook, LongestDestination_IsShownAndWrittenWhole) {
  const std::string longest = "https://a.example/" + std::string(8'000, 'x');
  list_ = "[\"" + longest + "\"]";
  EXPECT_EQ(run({"add", kOurs, "--json"}), kDone) << shell_.err_text;
  EXPECT_TRUE(shell_.out_text.starts_with("{\"url\":\"" + longest + "\"}\n{\"url\":"));
  EXPECT_EQ(written_, std::vector<std::string>{"[\"" + longest + "\",\"" + kOurs + "\"]"});
}

TEST_F(Webhook, CommaBeforeAWordThatBeginsLikeAScheme_StaysInItsUrl) {
  list_ = R"("https://a.example/?by=http,https,httpx")";
  EXPECT_EQ(run({"list"}), kDone);
  EXPECT_EQ(shell_.out_text, "https://a.example/?by=http,https,httpx\n");
}

TEST_F(Webhook, RefusalWith200_IsNotTakenForWritten) {
  takes_ = false;
  answer_to_post_ = R"({"error":"wrong url"})";
  EXPECT_EQ(run({"add", kOurs, "--json"}), kRefused);
  EXPECT_NE(shell_.out_text.find(R"("error":"refused")"), std::string::npos) << shell_.out_text;
  EXPECT_NE(shell_.err_text.find("1MSG refused it"), std::string::npos);
  EXPECT_EQ(written_.size(), 1u);
  takes_ = true;
  answer_to_post_ = R"({"set":true,"error":null})";
  EXPECT_EQ(run({"add", kOurs}), kDone);
}

TEST_F(Webhook, NoAnswerToTheWrite_WhatIsThereCounts) {
  for (const std::uint16_t http : std::initializer_list<std::uint16_t>{0, 500, 502}) {
    http_of_post_ = http;
    list_ = "[]";
    takes_ = true;
    EXPECT_EQ(run({"add", kOurs}), kDone) << http;
    EXPECT_EQ(shell_.out_text, std::string(kOurs) + "\n") << http;
    list_ = "[]";
    takes_ = false;
    written_.clear();
    EXPECT_EQ(run({"add", kOurs}), kNotReachable) << http;
    EXPECT_EQ(written_.size(), 1u) << http;
  }
  http_of_post_ = 400;
  shell_.api_requests.clear();
  EXPECT_EQ(run({"add", kOurs}), kRefused);
  EXPECT_EQ(shell_.api_requests.size(), 3u) << "a refusal is one: nothing is read back";
}

TEST_F(Webhook, SixthDestination_IsRefusedInWords) {
  list_ = R"(["https://1","https://2","https://3","https://4","https://5"])";
  EXPECT_EQ(run({"add", kOurs}), kRefused);
  EXPECT_NE(shell_.err_text.find("5 destinations already"), std::string::npos);
  EXPECT_TRUE(written_.empty());
}

TEST_F(Webhook, WhatIsNoDestination_IsRefusedBeforeAnybodyIsAsked) {
  for (const char* url : {"http://kiosk.example/hook", "kiosk.example", "https://", "ftp://x/",
                          "https://k.example/a b", "https://k.example/a,https://l.example/",
                          "https://k.example/#part", "https://me:pw@k.example/"}) {
    EXPECT_EQ(run({"add", url}), kUsage) << url;
  }
  EXPECT_EQ(run({"add"}), kUsage);
  EXPECT_EQ(run({"list", kOurs}), kUsage);
  EXPECT_EQ(run({"ad", kOurs}), kUsage);
  EXPECT_TRUE(shell_.api_requests.empty());
  EXPECT_EQ(run({"add", "http://127.0.0.1:8041/hook"}), kDone) << "this very device";
  for (const char* url : {"https://k.example", "https://k.example?key=a%20b",
                          "https://k.example:8443/a%20b/c:d@e+f=;g?h=i&j=k/"}) {
    EXPECT_EQ(run({"add", url}), kDone) << url;
  }
}

TEST_F(Webhook, StatusEventsSwitchedOff_IsSaid) {
  for (const char* off : {"false", "\"false\"", "0"}) {
    settings_answer_ = std::string(R"({"ackNotificationsOn":)") + off + "}";
    EXPECT_EQ(run({"list"}), kDone);
    EXPECT_NE(shell_.err_text.find("ackNotificationsOn is off"), std::string::npos) << off;
  }
  for (const char* on : {R"({"ackNotificationsOn":true})", "{}"}) {
    settings_answer_ = on;
    EXPECT_EQ(run({"list"}), kDone);
    EXPECT_EQ(shell_.err_text, "") << on;
  }
}

TEST_F(Webhook, NoAnswer_SaysWhyAndWhatToDo) {
  http_ = 401;
  EXPECT_EQ(run({"add", kOurs}), kConfiguration);
  EXPECT_NE(shell_.err_text.find("1MSG refuses the token"), std::string::npos);
  EXPECT_NE(shell_.err_text.find("api.token_file"), std::string::npos);
  http_ = 429;
  EXPECT_EQ(run({"list", "--json"}), kNotReachable);
  EXPECT_NE(shell_.out_text.find(R"("reason":"rate_limited")"), std::string::npos);
  shell_.api_says = [](const std::string&, Answer& answer) {
    answer.broken = Reason::name_not_found;
    return std::string();
  };
  EXPECT_EQ(run({"list"}), kNotReachable);
  EXPECT_NE(shell_.err_text.find("/etc/resolv.conf"), std::string::npos);
  EXPECT_TRUE(written_.empty());
}

}  // namespace
}  // namespace fieldpost
