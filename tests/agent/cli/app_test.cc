#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "agent/cli/cli.h"
#include "tests/agent/scenario/settings_for_tests.h"
#include "tests/fakes/fake_shell.h"

namespace fieldpost {
namespace {

const std::string kPlace = "/etc/fieldpost/conf.d/apps.json";
const std::string kSum(64, 'a');

class App : public testing::Test {
 protected:
  int run(const std::vector<const char*>& words) {
    shell_.out_text.clear();
    shell_.err_text.clear();
    std::vector<const char*> arguments = {"fieldpost", "app"};
    arguments.insert(arguments.end(), words.begin(), words.end());
    return cli_main(arguments, shell_);
  }
  void has(const char* name, bool decides) {
    Allowance& one = settings_->intake.apps.items[settings_->intake.apps.count++];
    MUST(one.name.assign(name));
    MUST(one.token_sha256.assign(kSum));
    one.decide = decides;
  }
  std::string file() const { return shell_.files.at(kPlace); }

  std::unique_ptr<Settings> settings_ = five_configured();
  FakeShell shell_{settings_.get()};
};

TEST_F(App, Add_ShowsTheTokenOnceAndKeepsItsSum) {
  EXPECT_EQ(run({"add", "page"}), kDone);
  EXPECT_EQ(shell_.out_text, "token-of-43-characters\n");
  EXPECT_EQ(file(), "{\"intake\": {\"apps\": [\n{\"name\":\"page\",\"token_sha256\":\"" + kSum +
                        "\",\"rights\":[\"send\",\"read_own\"]}\n]}}\n");
  EXPECT_NE(shell_.err_text.find("SIGHUP"), std::string::npos);
}

TEST_F(App, Add_WithEverything_SaysSoInTheFileAndKeepsTheOthers) {
  has("old", true);
  EXPECT_EQ(run({"add", "page", "--scenario", "next-step", "--scenario=status-changed", "--share",
                 "20%", "--read-all", "--decide", "--reveal", "--json"}),
            kDone);
  EXPECT_EQ(shell_.out_text, "{\"name\":\"page\",\"token\":\"token-of-43-characters\"}\n");
  EXPECT_EQ(file(),
            "{\"intake\": {\"apps\": [\n{\"rights\":[\"send\",\"read_own\",\"decide\"],\"share\":"
            "\"100%\",\"name\":\"old\",\"token_sha256\":\"" +
                kSum + "\"},\n{\"name\":\"page\",\"token_sha256\":\"" + kSum +
                "\",\"rights\":[\"send\",\"read_own\",\"read_all\",\"decide\",\"reveal\"],"
                "\"scenarios\":[\"next-step\",\"status-changed\"],\"share\":\"20%\"}\n]}}\n");
}

TEST_F(App, Add_WhatIsThere_OrCannotBeWritten_ShowsNoToken) {
  has("page", false);
  EXPECT_EQ(run({"add", "page"}), kUsage);
  EXPECT_EQ(shell_.out_text, "");
  shell_.put_fails = true;
  shell_.trouble_words = "no room";
  shell_.trouble_exit = kConfiguration;
  EXPECT_EQ(run({"add", "other"}), kConfiguration);
  EXPECT_EQ(shell_.out_text, "");
}

TEST_F(App, List_ShowsWhatEachMayDoAndNoSum) {
  has("old", true);
  EXPECT_EQ(run({"list"}), kDone);
  EXPECT_EQ(shell_.out_text,
            "old                         rights send read_own decide share 100%\n");
  EXPECT_EQ(run({"list", "--json"}), kDone);
  EXPECT_TRUE(shell_.out_text.starts_with("{\"rights\":[")) << shell_.out_text;
}

TEST_F(App, Remove_TakesItOutAndKeepsTheOthers) {
  has("old", true);
  has("page", false);
  EXPECT_EQ(run({"remove", "old"}), kDone);
  EXPECT_EQ(file().find("old"), std::string::npos);
  EXPECT_NE(file().find("[\n{\"rights\":[\"send\",\"read_own\"]"), std::string::npos) << file();
  EXPECT_EQ(run({"remove", "nobody"}), kNoSuchId);
}

TEST_F(App, AnythingElse_IsUsage) {
  EXPECT_EQ(run({"add"}), kUsage);
  EXPECT_EQ(run({"list", "page"}), kUsage);
  EXPECT_EQ(run({"change", "page"}), kUsage);
  EXPECT_EQ(run({"add", "page", "--share", "1%", "--share", "2%"}), kUsage);
}

}  // namespace
}  // namespace fieldpost
