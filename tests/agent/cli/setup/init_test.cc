#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "agent/cli/cli.h"
#include "agent/scenario/scenario.h"
#include "tests/agent/scenario/settings_for_tests.h"
#include "tests/fakes/fake_shell.h"

namespace fieldpost {
namespace {

constexpr const char* kConfigurationPath = "/etc/fieldpost/fieldpost.json";
constexpr const char* kTokenPath = "/etc/fieldpost/token";

class Init : public testing::Test {
 protected:
  Init() {
    shell_.input = {"the-token-0123456789"};
    shell_.api_says = [this](const std::string& request, Answer& answer) -> std::string {
      answer.http = http_;
      answer.sent = true;
      if (request == "GET status") return R"({"status":"connected"})";
      return R"({"total":1,"templates":[)" + entries_ + "]}";
    };
  }
  int run(const std::vector<const char*>& more = {}) {
    shell_.out_text.clear();
    shell_.err_text.clear();
    std::vector<const char*> words = {"fieldpost", "init", "VID1"};
    words.insert(words.end(), more.begin(), more.end());
    return cli_main(words, shell_);
  }
  // An approved template of those names and that text.
  void channel_has(const std::vector<std::pair<std::string, std::string>>& names_and_texts) {
    entries_.clear();
    for (const auto& [name, text] : names_and_texts) {
      entries_ += (entries_.empty() ? "" : ",");
      entries_ += R"({"name":")" + name + R"(","namespace":"NS","language":"en",)" +
                  R"("status":"approved","components":[{"type":"BODY","text":")" + text + "\"}]}";
    }
  }
  // The template that the configuration has for a scenario; empty: none.
  std::string proposed(const std::string& scenario) {
    const std::string& file = shell_.files[kConfigurationPath];
    const std::string before = "\"" + scenario + R"(":{"name":")";
    const std::size_t at = file.find(before);
    if (at == std::string::npos) return "";
    const std::size_t name = at + before.size();
    return file.substr(name, file.find('"', name) - name);
  }

  std::unique_ptr<Settings> settings_ = five_configured();
  FakeShell shell_{settings_.get()};
  std::uint16_t http_ = 200;
  std::string entries_;
};

TEST_F(Init, TokenFromStandardInput_IsKeptAsSecretAndNowhereElse) {
  EXPECT_EQ(run(), kRefused) << "nothing fits, but the configuration is there";
  EXPECT_EQ(shell_.secrets[kTokenPath], "the-token-0123456789");
  EXPECT_EQ((shell_.out_text + shell_.err_text + shell_.files[kConfigurationPath]).find("0123456"),
            std::string::npos);
}

TEST_F(Init, EachScenario_GetsTheTemplateThatIsLikeIt) {
  std::vector<std::pair<std::string, std::string>> all;
  for (const KnownScenario& one : kKnownScenarios) {
    std::string text(one.text);
    for (std::size_t at = 0; (at = text.find('"', at)) != text.npos; at += 2) text.insert(at, "\\");
    all.emplace_back("t_" + std::to_string(all.size()), text);
  }
  std::reverse(all.begin(), all.end());
  channel_has(all);
  EXPECT_EQ(run(), kDone);
  for (std::size_t i = 0; i < kKnownScenarios.size(); ++i) {
    EXPECT_EQ(proposed(kKnownScenarios[i].id), "t_" + std::to_string(i));
  }
}

TEST_F(Init, TemplateOfAnotherScenario_IsNoSecondBest) {
  channel_has(
      {{"status_changed", "Hello {{1}}, the status of your {{2}} has been updated: {{3}}"}});
  EXPECT_EQ(run(), kDone);
  EXPECT_EQ(proposed("status-changed"), "status_changed");
  EXPECT_EQ(proposed("service-changed"), "") << "half of its words are the same";
}

TEST_F(Init, OtherNumberOfVariables_IsNotProposed) {
  channel_has({{"next_step", "Hello {{1}}, the next step is {{2}}"}});
  EXPECT_EQ(run(), kRefused);
  EXPECT_EQ(proposed("next-step"), "");
}

TEST_F(Init, NamespaceThatNoConfigurationMayHave_IsPassedOverWithItsTemplate) {
  channel_has({{"next_step", "Hello {{1}}, your {{2}}. Next step: {{3}}"}});
  const std::string sound = entries_;
  std::string& bad = entries_;
  bad.replace(bad.find("NS"), 2, "\\u0001");
  EXPECT_EQ(run(), kRefused);
  EXPECT_EQ(proposed("next-step"), "");
  shell_.files.clear();
  entries_ = bad + "," + sound;
  EXPECT_EQ(run(), kDone);
  EXPECT_EQ(proposed("next-step"), "next_step");
  EXPECT_NE(shell_.files[kConfigurationPath].find(R"("namespace":"NS")"), std::string::npos);
}

TEST_F(Init, ProxyNone_IsNone) {
  EXPECT_EQ(run({"--proxy", "none"}), kRefused) << "nothing fits, but the configuration is there";
  EXPECT_EQ(shell_.files[kConfigurationPath].find("proxy"), std::string::npos);
}

TEST_F(Init, WhatIsThereAlready_StaysAsItIs) {
  shell_.secrets[kTokenPath] = "an-older-token";
  EXPECT_EQ(run(), kRefused);
  EXPECT_EQ(shell_.secrets[kTokenPath], "an-older-token");
  EXPECT_EQ(shell_.input.size(), 1u) << "and nobody reads another one";
  shell_.files[kConfigurationPath] = "mine";
  shell_.api_requests.clear();
  EXPECT_EQ(run(), kUsage);
  EXPECT_EQ(shell_.files[kConfigurationPath], "mine");
  EXPECT_TRUE(shell_.api_requests.empty());
}

TEST_F(Init, BadOptions_AreRefusedInWordsBeforeAnythingIsWritten) {
  for (const std::vector<const char*>& bad : {std::vector<const char*>{"--base-url", "api.example"},
                                              {"--token-file", "token"},
                                              {"--ca-file", "roots.pem"},
                                              {"--queue", "queue"}}) {
    EXPECT_EQ(run(bad), kUsage) << bad[0];
    EXPECT_NE(shell_.err_text.find(std::string("fieldpost init: ") + bad[0]), std::string::npos)
        << shell_.err_text;
  }
  shell_.configuration_path = "fieldpost.json";
  EXPECT_EQ(run(), kUsage) << "nobody knows where its token would lie later";
  EXPECT_TRUE(shell_.files.empty() && shell_.secrets.empty() && shell_.api_requests.empty());
}

TEST_F(Init, ChannelThatRefuses_LeavesNoConfiguration) {
  http_ = 401;
  EXPECT_EQ(run(), kConfiguration);
  EXPECT_NE(shell_.err_text.find("1MSG refuses the token"), std::string::npos);
  EXPECT_TRUE(shell_.files.empty());
}

}  // namespace
}  // namespace fieldpost
