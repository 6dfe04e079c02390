#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "agent/cli/cli.h"
#include "tests/agent/scenario/settings_for_tests.h"
#include "tests/fakes/fake_shell.h"

namespace fieldpost {
namespace {

// An entry of the list, with three variables unless `more` says otherwise.
std::string entry(const std::string& name, const std::string& more = "") {
  return R"({"name":")" + name + R"(","namespace":"NS","language":"en","status":"approved",)" +
         R"("components":[{"type":"BODY","text":"{{1}} {{2}} {{3}}"}])" + more + "}";
}

class CheckOnline : public testing::Test {
 protected:
  CheckOnline() {
    for (const auto& one : settings_->templates) {
      if (!one.name.empty()) templates_.push_back(entry(std::string(one.name.view())));
    }
    shell_.certificate_until.s = shell_.now().wall.s + 90 * 86'400 + 10;
    shell_.api_says = [this](const std::string& request, Answer& answer) -> std::string {
      if (broken_ != Reason::none) {
        answer.broken = broken_;
        return "";
      }
      answer.http = http_;
      shell_.time = shell_.time + takes_;
      answer.sent = status_ == "connected";
      if (request == "GET status") return R"({"status":")" + status_ + "\"}";
      return page(request);
    };
  }
  // As many as are asked for, from where they are asked for.
  std::string page(const std::string& request) const {
    std::size_t limit = 0, offset = 0;
    EXPECT_EQ(std::sscanf(request.c_str(), "GET templates?limit=%zu&offset=%zu", &limit, &offset),
              2)
        << request;
    if (!offset_works_) offset = 0;
    std::string list;
    for (std::size_t i = offset; i < templates_.size() && i < offset + limit; ++i) {
      list += (list.empty() ? "" : ",") + templates_[i];
    }
    const std::string total =
        says_total_ ? R"("total":)" + std::to_string(templates_.size()) + "," : "";
    return "{" + total + R"("templates":[)" + list + "]}";
  }
  int run(bool json = false) {
    shell_.out_text.clear();
    shell_.err_text.clear();
    shell_.api_requests.clear();
    return cli_main(json ? std::vector<const char*>{"fieldpost", "check", "--online", "--json"}
                         : std::vector<const char*>{"fieldpost", "check", "--online"},
                    shell_);
  }
  bool shown(const std::string& words) const {
    return shell_.out_text.find(words) != std::string::npos;
  }

  std::unique_ptr<Settings> settings_ = five_configured();
  FakeShell shell_{settings_.get()};
  Reason broken_ = Reason::none;
  std::uint16_t http_ = 200;
  std::string status_ = "connected";
  std::vector<std::string> templates_;
  bool offset_works_ = true, says_total_ = true;
  Duration takes_{0};  // each answer
};

TEST_F(CheckOnline, AllIsWell_OneLineEachAndExit0) {
  EXPECT_EQ(run(), kDone);
  for (const char* line :
       {"ok     name\n", "ok     connection\n", "ok     certificate  good for 90 days, until 202",
        "ok     token\n", "ok     channel      connected\n",
        "ok     template     next-step: next_step (en)\n"}) {
    EXPECT_TRUE(shown(line)) << line << shell_.out_text;
  }
  EXPECT_FALSE(shown("WRONG"));
  EXPECT_EQ(shell_.api_requests.size(), 2u);
}

TEST_F(CheckOnline, FaultOnTheWay_NamesItsStepAndLooksAtNothingBehindIt) {
  struct Case {
    Reason broken;
    const char *check, *advice;
    int exit;
    std::size_t passed;
  };
  for (const Case& one : {
           Case{Reason::configuration_rejected, "files", "mode 600", kConfiguration, 0},
           Case{Reason::clock_not_set, "clock", "set the clock", kNotReachable, 0},
           Case{Reason::network_down, "name", "the cable", kNotReachable, 0},
           Case{Reason::name_not_found, "name", "resolv.conf", kNotReachable, 0},
           Case{Reason::connect_failed, "connection", "firewall", kNotReachable, 1},
           Case{Reason::tls_expired, "certificate", "clock right", kNotReachable, 2},
           Case{Reason::tls_not_yet_valid, "certificate", "set the clock", kNotReachable, 2},
           Case{Reason::tls_other_name, "certificate", "portal", kNotReachable, 2},
           Case{Reason::tls_unknown_issuer, "certificate", "api.ca_file", kNotReachable, 2},
           Case{Reason::tls_weak, "certificate", "TLS 1.2", kNotReachable, 2},
           Case{Reason::tls_failed, "certificate", "proxy", kNotReachable, 2},
           Case{Reason::intercepted, "certificate", "portal", kNotReachable, 2},
           Case{Reason::api_trouble, "channel", "try again later", kNotReachable, 3},
       }) {
    broken_ = one.broken;
    const std::string code(to_text(one.broken));
    EXPECT_EQ(run(), one.exit) << code;
    EXPECT_TRUE(shown(one.advice)) << shell_.out_text;
    EXPECT_EQ(shell_.api_requests.size(), 1u);
    EXPECT_EQ(run(true), one.exit);
    EXPECT_TRUE(
        shown(R"({"check":")" + std::string(one.check) + R"(","ok":false,"code":")" + code + "\""))
        << shell_.out_text;
    std::size_t passed = 0;
    for (std::size_t at = 0; (at = shell_.out_text.find("\"ok\":true", at)) != std::string::npos;
         ++at) {
      ++passed;
    }
    EXPECT_EQ(passed, one.passed) << shell_.out_text;
  }
}

TEST_F(CheckOnline, ByProxy_HasAStepOfItsOwn) {
  ASSERT_EQ(settings_->api.base_url.assign("https://api.1msg.io"), Status::ok);
  ASSERT_EQ(settings_->api.proxy.assign("http://proxy.example:3128"), Status::ok);
  EXPECT_EQ(run(), kDone);
  EXPECT_TRUE(shown("ok     connection\nok     proxy\nok     certificate")) << shell_.out_text;
  broken_ = Reason::proxy_failed;
  EXPECT_EQ(run(), kNotReachable);
  EXPECT_TRUE(shown("ok     connection\nWRONG  proxy")) << shell_.out_text;
  EXPECT_TRUE(shown("check api.proxy and api.proxy_login_file")) << shell_.out_text;
  broken_ = Reason::tls_expired;
  EXPECT_EQ(run(), kNotReachable);
  EXPECT_TRUE(shown("ok     proxy\nWRONG  certificate")) << shell_.out_text;
}

TEST_F(CheckOnline, RefusalOfTheApi_HasItsCode) {
  for (const auto& [http, check, code] :
       std::vector<std::tuple<int, const char*, const char*>>{{401, "token", "token_refused"},
                                                              {403, "channel", "channel_blocked"},
                                                              {404, "channel", "wrong_address"},
                                                              {429, "channel", "rate_limited"},
                                                              {500, "channel", "api_trouble"}}) {
    http_ = static_cast<std::uint16_t>(http);
    EXPECT_NE(run(true), kDone);
    EXPECT_TRUE(
        shown(R"({"check":")" + std::string(check) + R"(","ok":false,"code":")" + code + "\""))
        << shell_.out_text;
    EXPECT_TRUE(shown(R"("check":"certificate","ok":true)"));
    EXPECT_FALSE(shown(R"("check":"token","ok":true)")) << "nobody may have looked at it";
  }
}

TEST_F(CheckOnline, ChannelThatIsNotConnected_IsNamed) {
  for (const char* status : {"disconnected", "uninitialized", "unregistered"}) {
    status_ = status;
    EXPECT_EQ(run(true), kNotReachable);
    EXPECT_TRUE(shown(R"("code":"channel_disconnected","message":")" + status_)) << status;
    EXPECT_EQ(shell_.api_requests.size(), 1u);
  }
}

TEST_F(CheckOnline, EachFaultOfATemplate_HasItsCode) {
  const std::string three = R"(,"components":[{"type":"BODY","text":"{{1}} {{2}} {{3}}"}])";
  const auto with = [&](const std::string& members) {
    return R"({"name":"next_step",)" + members + "}";
  };
  const std::vector<std::pair<std::string, const char*>> faults = {
      {R"({"name":"other"})", "template_unknown"},
      {with(R"("namespace":"NS","language":"de","status":"approved")" + three),
       "template_language"},
      {with(R"("namespace":"X","language":{"code":"en"},"status":"approved")" + three),
       "template_namespace"},
      {with(R"("language":"en","status":"REJECTED")" + three), "template_rejected"},
      {with(R"("language":"en","status":"PAUSED")" + three), "template_paused"},
      {with(R"("language":"en","status":"disabled")" + three), "template_paused"},
      {with(R"("language":"en","status":"submitted")" + three), "template_pending"},
      {with(R"("language":"en","status":"approved","components":[{"type":"BODY","text":"{{1}}"}])"),
       "template_mismatch"},
      {with(
           R"("language":"en","status":"approved","components":"[{\"type\":\"BODY\",\"text\":\"x\"}]")"),
       "template_mismatch"},
  };
  std::size_t next_step = 0;
  while (templates_[next_step].find("\"next_step\"") == std::string::npos) ++next_step;
  for (const auto& [bad, code] : faults) {
    templates_[next_step] = bad;
    EXPECT_EQ(run(true), kConfiguration) << bad;
    EXPECT_TRUE(shown(R"({"check":"template","scenario":"next-step","ok":false,"code":")" +
                      std::string(code) + "\""))
        << shell_.out_text;
    EXPECT_TRUE(shown("\"advice\":"));
    EXPECT_EQ(run(), kConfiguration);
    EXPECT_EQ(shell_.out_text.find("WRONG"), shell_.out_text.rfind("WRONG")) << "only that one";
  }
}

TEST_F(CheckOnline, GoodEntryAmongBadOnesOnAnyPage_IsGood) {
  const std::vector<std::string> good = templates_;
  templates_.assign(40, entry("other"));
  for (std::size_t i = 0; i < templates_.size(); ++i) {
    templates_[i] = entry("other" + std::to_string(i));
  }
  templates_.push_back(R"({"name":"next_step","language":"en","status":"paused"})");
  templates_.insert(templates_.end(), good.begin(), good.end());
  EXPECT_EQ(run(), kDone) << shell_.out_text;
  offset_works_ = false;
  EXPECT_EQ(run(), kDone) << "all at once, where the offset is ignored" << shell_.out_text;
}

TEST_F(CheckOnline, VariableInTheHeader_IsAMismatch) {
  for (std::string& one : templates_) {
    if (one.find("\"next_step\"") == one.npos) continue;
    one.insert(one.find(R"([{"type")") + 1, R"({"type":"HEADER","format":"IMAGE"},)");
  }
  EXPECT_EQ(run(), kConfiguration);
  EXPECT_TRUE(shown("more, in its header or a button")) << shell_.out_text;
}

TEST_F(CheckOnline, RejectedTemplate_IsShownWithWhatsAppsReason) {
  std::string& first = templates_.front();
  first.replace(first.find("approved\""), 9, R"(REJECTED","rejected_reason":"INVALID_FORMAT")");
  EXPECT_EQ(run(), kConfiguration);
  EXPECT_TRUE(shown("WhatsApp rejected it: REJECTED INVALID_FORMAT")) << shell_.out_text;
}

TEST_F(CheckOnline, ApprovedEntryBehindItsRejectedForm_Counts) {
  std::string rejected = templates_.front();
  rejected.replace(rejected.find("approved"), 8, "rejected");
  templates_.insert(templates_.begin(), rejected);
  EXPECT_EQ(run(), kDone) << shell_.out_text;
}

TEST_F(CheckOnline, TotalThatIsNotSaid_DoesNotEndTheListEarly) {
  says_total_ = false;
  for (std::size_t i = 0; i < 40; ++i) {
    templates_.insert(templates_.begin(), entry("other" + std::to_string(i)));
  }
  EXPECT_EQ(run(), kDone) << shell_.out_text;
}

TEST_F(CheckOnline, MoreTemplatesThanCanBeLookedThrough_AreNotTakenForAll) {
  templates_.clear();
  for (std::size_t i = 0; i <= limits::templates_max; ++i) {
    templates_.push_back(entry("other" + std::to_string(i)));
  }
  EXPECT_EQ(run(), kNotReachable);
  EXPECT_FALSE(shown("has no such template")) << "nobody knows";
}

TEST_F(CheckOnline, ListThatTakesTooLong_IsGivenUp) {
  templates_.insert(templates_.begin(), 100, "{}");
  for (std::size_t i = 0; i < 100; ++i) templates_[i] = entry("other" + std::to_string(i));
  takes_ = 60_s;
  EXPECT_EQ(run(), kNotReachable);
  EXPECT_LT(shell_.api_requests.size(), 10u);
}

TEST_F(CheckOnline, TokenThatMayNotBeRead_AsksForAnotherUserAndNotForAToken) {
  broken_ = Reason::configuration_rejected;
  shell_.denied = true;
  EXPECT_EQ(run(), kNotAllowed);
  EXPECT_TRUE(shown("run this as root"));
  EXPECT_FALSE(shown("write the token"));
}

TEST_F(CheckOnline, AnswerWithoutAList_IsNotTakenForAnEmptyOne) {
  shell_.api_says = [](const std::string& request, Answer& answer) -> std::string {
    answer.http = 200;
    answer.sent = true;
    return request == "GET status" ? R"({"status":"connected"})" : R"({"error":"try later"})";
  };
  EXPECT_EQ(run(true), kNotReachable);
  EXPECT_TRUE(shown(R"({"check":"templates","ok":false,"code":"api_trouble")")) << shell_.out_text;
  EXPECT_FALSE(shown("template_unknown"));
}

TEST_F(CheckOnline, ListThatNeverComesToItsEnd_IsNotTakenForWhole) {
  shell_.api_says = [this](const std::string& request, Answer& answer) -> std::string {
    answer.http = 200;
    answer.sent = true;
    if (request == "GET status") return R"({"status":"connected"})";
    EXPECT_LT(shell_.api_requests.size(), 10u);
    return R"({"total":100,"templates":[)" + templates_[0] + "]}";
  };
  EXPECT_EQ(run(true), kNotReachable);
  EXPECT_TRUE(shown(R"({"check":"templates","ok":false,"code":"api_trouble")")) << shell_.out_text;
  EXPECT_FALSE(shown("template_unknown")) << "nobody knows";
}

}  // namespace
}  // namespace fieldpost
