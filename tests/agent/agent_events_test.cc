#include <gtest/gtest.h>

#include "tests/agent/agent_test.h"

namespace fieldpost {
namespace {

class AgentEvents : public AgentTest {
 protected:
  const Told& events(std::uint64_t from) {
    Ask ask;
    ask.wish = Wish::events;
    ask.tag = ++tag;
    ask.query.cursor = from;
    agent->on_ask(ask);
    return source.told.back();
  }
  // Words without a tag: that there is something new.
  std::size_t calls() const {
    return static_cast<std::size_t>(std::ranges::count(source.told, 0u, &Told::tag));
  }
};

TEST_F(AgentEvents, Ask_BehindWhatHappened_TellsItInPages) {
  for (std::size_t n = 0; n < 6; ++n) take(message_to(number(n)));
  const Told first = events(0);
  ASSERT_EQ(first.row_count, limits::rows_per_page);
  EXPECT_EQ(first.rows[0].id, 1u);
  EXPECT_EQ(first.rows[0].state, State::queued);
  EXPECT_EQ(first.rows[0].to, number(0));
  EXPECT_NE(first.rows[0].changed.s, 0u);
  EXPECT_EQ(first.cursor, first.rows[3].event);
  const Told& second = events(first.cursor);
  EXPECT_EQ(second.row_count, 2u);
  EXPECT_EQ(second.rows[1].id, 6u);
}

TEST_F(AgentEvents, Ask_WithNothingNew_IsCalledOnceWhenThereIs) {
  const Told here = events(kFromNowOn);
  EXPECT_EQ(here.row_count, 0u);
  EXPECT_FALSE(here.gap);
  EXPECT_EQ(events(here.cursor).row_count, 0u);
  agent->turn();
  EXPECT_EQ(calls(), 0u);
  take(message_to(number(0)));
  EXPECT_EQ(calls(), 1u);
  take(message_to(number(1)));
  EXPECT_EQ(calls(), 1u) << "nobody has asked again";
  EXPECT_EQ(events(here.cursor).row_count, 2u);
}

TEST_F(AgentEvents, SecondFollower_BetweenACommitAndTheCall_LeavesTheFirstItsCall) {
  const std::uint64_t first = events(kFromNowOn).cursor;
  ASSERT_TRUE(queue->take(message_to(number(0))).ok());
  ASSERT_EQ(queue->commit(), Status::ok);
  EXPECT_EQ(events(queue->newest_event()).row_count, 0u);
  agent->turn();
  EXPECT_EQ(calls(), 1u);
  EXPECT_EQ(events(first).row_count, 1u);
}

TEST_F(AgentEvents, CallThatNobodyHeard_IsMadeAgain) {
  (void)events(kFromNowOn);
  source.gone = true;
  take(message_to(number(0)));
  source.gone = false;
  ASSERT_EQ(calls(), 0u);
  agent->turn();
  EXPECT_EQ(calls(), 1u);
}

TEST_F(AgentEvents, Ask_OfAnotherStore_IsAGapAndGoesOnFromTheNewest) {
  take(message_to(number(0)));
  const Told told = events(1'000'000);
  EXPECT_TRUE(told.gap);
  EXPECT_EQ(told.cursor, queue->newest_event());
  EXPECT_FALSE(events(told.cursor).gap);
}

TEST_F(AgentEvents, CrashWhileSending_IsAnEventOnceTheAgentRuns) {
  take(message_to(number(0)));
  connect();
  ASSERT_EQ(state_of(1), State::sending);
  const std::uint64_t before = queue->newest_event();
  start(Sending::off);
  agent->turn();
  EXPECT_EQ(events(before).row_count, 0u) << "who only looks writes nothing";
  start();
  agent->turn();
  const Told& told = events(before);
  ASSERT_EQ(told.row_count, 1u);
  EXPECT_EQ(told.rows[0].state, State::uncertain);
  EXPECT_EQ(told.rows[0].reason, Reason::maybe_sent);
}

}  // namespace
}  // namespace fieldpost
