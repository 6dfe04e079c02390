#include "agent/panel/plain.h"

#include <gtest/gtest.h>

#include <array>
#include <string>

namespace fieldpost {
namespace {

class Plain : public testing::Test {
 protected:
  void SetUp() override {
    if (!has_plain()) GTEST_SKIP() << "built without the panel";
  }
  std::string head(std::optional<State> only = {}) {
    TextBuffer<limits::local_answer_bytes_max> out;
    put_plain_head(out, status_, only);
    EXPECT_FALSE(out.overflowed());
    return std::string(out.written());
  }
  static std::string row(const Row& row) {
    TextBuffer<kPlainRowBytesMax> out;
    put_plain_rows(out, std::span(&row, 1));
    EXPECT_FALSE(out.overflowed());
    return std::string(out.written());
  }
  static bool has(const std::string& text, const char* words) {
    return text.find(words) != std::string::npos;
  }

  StatusReport status_;
};

TEST_F(Plain, Head_SaysTheWorstFirst) {
  EXPECT_TRUE(has(head(), "<h1>Ready</h1>"));
  status_.network_known = true;
  status_.network = Reason::name_not_found;
  EXPECT_TRUE(has(head(), "<h1>Offline</h1>"));
  EXPECT_TRUE(has(head(), "the server's name was not found"));
  status_.network_up = true;
  EXPECT_TRUE(has(head(), "<title>Online "));
  status_.channel = Reason::token_refused;
  EXPECT_TRUE(has(head(), "<h1>Sending is stopped</h1>"));
  EXPECT_TRUE(has(head(), "1MSG refuses the token"));
  status_.configuration_rejected = true;
  EXPECT_TRUE(has(head(), "1MSG refuses the token"));
  status_.channel = Reason::none;
  EXPECT_TRUE(has(head(), "Why: the configuration is wrong"));
  status_.paused = true;
  EXPECT_TRUE(has(head(), "<h1>Sending is paused</h1>"));
  status_.store_failed = true;
  EXPECT_TRUE(has(head(), "<h1>The store cannot be written</h1>"));
}

TEST_F(Plain, Head_CountsWhatWaits_AndLinksEachStateThereIs) {
  status_.counts[static_cast<std::size_t>(State::queued)] = 2;
  status_.counts[static_cast<std::size_t>(State::uncertain)] = 1;
  status_.counts[static_cast<std::size_t>(State::delivered)] = 40;
  status_.oldest = 17;
  status_.oldest_age = 2_h;
  status_.oldest_waits_for = Reason::network_down;
  status_.next_attempt_in = 90_s;
  const std::string text = head();
  EXPECT_TRUE(has(text, "<p>3 waiting, the oldest message 17 for 2 h; there is no network.</p>"));
  EXPECT_TRUE(has(text, "<p>Next try in 1 min.</p>")) << text;
  EXPECT_TRUE(has(text, "href=\"/plain?state=delivered\">40 delivered: on the phone</a>"));
  EXPECT_FALSE(has(text, "state=held"));
  EXPECT_TRUE(has(head(State::delivered), "<h2>Messages that are delivered</h2>"));
}

TEST_F(Plain, Row_WhatOthersWrote_IsText) {
  Row one;
  one.id = 17;
  MUST(one.scenario.assign("<i>"));
  MUST(one.to.assign("12025550123"));
  MUST(one.operator_name.assign("\"><script>'&amp;"));
  MUST(one.detail.assign("a\x01<b>"));
  const std::string text = row(one);
  EXPECT_TRUE(has(text, "1202•••0123")) << text;
  EXPECT_FALSE(has(text, "12025550123"));
  EXPECT_TRUE(has(text, "a?&#60;b&#62;")) << text;
  EXPECT_TRUE(has(text, "by &#34;&#62;&#60;script&#62;&#39;&#38;amp;.")) << text;
  EXPECT_FALSE(has(text, "<i>"));
}

TEST_F(Plain, Row_WithAllThatCanBeInIt_FitsItsRoom) {
  Row one;
  one.id = ~MessageId{0};
  MUST(one.scenario.assign(std::string(limits::scenario_id_bytes_max, '<')));
  MUST(one.operator_name.assign(std::string(limits::operator_bytes_max, '"')));
  MUST(one.detail.assign(std::string(limits::detail_bytes_max, '&')));
  MUST(one.to.assign(std::string(limits::phone_digits_max, '1')));
  one.created = one.next_attempt = UnixTime{1'795'000'000};
  for (std::size_t state = 0; state < kStates; ++state) {
    for (std::size_t reason = 0; reason < kReasons; ++reason) {
      one.state = static_cast<State>(state);
      one.reason = static_cast<Reason>(reason);
      EXPECT_TRUE(row(one).ends_with("</li>\n"));
    }
  }
}

TEST_F(Plain, Head_WithAllThatCanBeInIt_FitsOneAnswer) {
  status_.counts.fill(4'000'000'000);
  status_.oldest = ~MessageId{0};
  status_.network_known = true;
  status_.network = Reason::intercepted;
  MUST(status_.detail.assign(std::string(limits::detail_bytes_max, '&')));
  EXPECT_TRUE(head(State::superseded).ends_with("<ul>\n"));
}

}  // namespace
}  // namespace fieldpost
