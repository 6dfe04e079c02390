#include "agent/panel/sessions.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace fieldpost {
namespace {

class PanelSessionsTest : public testing::Test {
 protected:
  std::uint16_t open(std::string_view body) {
    ++secret_[0];
    said_.clear();
    const std::uint16_t http = sessions_.open(
        body, "4711", PanelSessions::Secret{std::byte{secret_[0]}}, now_, arena_, said_);
    return http;
  }
  std::string token() const {
    const std::string said(said_.written());
    const std::size_t at = said.find(R"("token":")");
    return at == said.npos ? "" : said.substr(at + 9, 32);
  }
  PanelSession* find(std::string_view token) { return sessions_.find(token, now_); }

  PanelSessions sessions_;
  Instant now_{1000};
  std::vector<std::byte> bytes_ = std::vector<std::byte>(limits::json_arena_bytes);
  JsonArena arena_{bytes_};
  TextBuffer<512> said_;
  std::uint8_t secret_[1] = {0};
};

TEST_F(PanelSessionsTest, Open_RightPin_BindsTheNameToTheTokenForEightHours) {
  ASSERT_EQ(open(R"({"pin":"4711","operator":"Ana Ruiz"})"), 200);
  EXPECT_EQ(said_.written(),
            R"({"ok":true,"token":"01000000000000000000000000000000","expires_in":28800})"
            "\n");
  ASSERT_NE(find(token()), nullptr);
  EXPECT_EQ(find(token())->operator_name.view(), "Ana Ruiz");
  now_ = now_ + 8_h;
  EXPECT_EQ(find(token()), nullptr);
}

TEST_F(PanelSessionsTest, Open_AnythingButThePin_OpensNothing) {
  for (const char* const pin : {"", "471", "4712", "47110", "47114711"}) {
    EXPECT_EQ(open(std::string(R"({"operator":"Eve","pin":")") + pin + "\"}"), 401) << pin;
    EXPECT_NE(said_.written().find(R"("error":"unauthorized")"), std::string_view::npos) << pin;
  }
  EXPECT_EQ(open(R"({"operator":"Eve"})"), 401);
  EXPECT_EQ(open(R"({"operator":"Eve","pin":4711})"), 401);
  EXPECT_EQ(find("01000000000000000000000000000000"), nullptr);
}

TEST_F(PanelSessionsTest, Open_WhatIsNoRequest_IsRefusedInWords) {
  EXPECT_EQ(open("4711"), 400);
  EXPECT_EQ(open(R"({"pin":"4711")"), 400);
  EXPECT_EQ(open(R"({"pin":"4711"})"), 422);
  EXPECT_EQ(open(R"({"pin":"4711","operator":""})"), 422);
  EXPECT_EQ(open(R"({"pin":"4711","operator":")" + std::string(65, 'x') + "\"}"), 422);
  EXPECT_EQ(open(R"({"pin":"4711","operator":"Ana","admin":true})"), 422);
  EXPECT_EQ(find("01000000000000000000000000000000"), nullptr);
}

TEST_F(PanelSessionsTest, Find_NoTokenAtAll_IsNobody) {
  EXPECT_EQ(find(""), nullptr);
  ASSERT_EQ(open(R"({"pin":"4711","operator":"Ana"})"), 200);
  EXPECT_EQ(find(""), nullptr);
  EXPECT_EQ(find(token() + token()), nullptr);
  EXPECT_EQ(find(token().substr(1)), nullptr);
}

TEST_F(PanelSessionsTest, Find_WhatWasEnded_IsNobodyAndMakesRoom) {
  std::vector<std::string> tokens;
  for (std::size_t i = 0; i < limits::panel_sessions_max; ++i) {
    ASSERT_EQ(open(R"({"pin":"4711","operator":"Ana"})"), 200);
    tokens.push_back(token());
  }
  *find(tokens.back()) = {};
  EXPECT_EQ(find(tokens.back()), nullptr);
  EXPECT_EQ(find(""), nullptr);
  ASSERT_EQ(open(R"({"pin":"4711","operator":"Ben"})"), 200);
  tokens.back() = token();
  for (const std::string& one : tokens) EXPECT_NE(find(one), nullptr);
}

TEST_F(PanelSessionsTest, Open_OneMoreThanThereAreRooms_EndsTheOldest) {
  std::vector<std::string> tokens;
  for (std::size_t i = 0; i <= limits::panel_sessions_max; ++i) {
    ASSERT_EQ(open(R"({"pin":"4711","operator":"Ana"})"), 200);
    tokens.push_back(token());
    now_ = now_ + 1_s;
  }
  EXPECT_EQ(find(tokens.front()), nullptr);
  for (std::size_t i = 1; i < tokens.size(); ++i) EXPECT_NE(find(tokens[i]), nullptr);
}

}  // namespace
}  // namespace fieldpost
