// How fast messages leave: to one recipient, over the channel, and at night.
#include <gtest/gtest.h>

#include <vector>

#include "tests/agent/agent_test.h"

namespace fieldpost {
namespace {

class Pace : public AgentTest {
 protected:
  Pace() { settings->pace = PaceSettings{}; }

  // All is well for so long; every send is accepted at once. When each began.
  std::vector<Instant> run_for(Duration wait) {
    std::vector<Instant> began;
    const Instant end = clock.now() + wait;
    for (;;) {
      if (uplink.prepared.has_value()) connect();
      while (!agent->quiet()) {
        began.push_back(clock.now());
        answer(accepted(), true);
      }
      if (clock.now() >= end) return began;
      clock.advance_to(earlier(agent->turn(), end));
      agent->turn();
    }
  }
  std::uint32_t count(State state) { return status().counts[static_cast<std::size_t>(state)]; }
};

TEST_F(Pace, OneRecipient_GetsHerMessagesInOrderAndSixSecondsApart) {
  for (int i = 0; i < 5; ++i) take(message_to(number(0), std::to_string(i)));
  const std::vector<Instant> began = run_for(1_min);
  ASSERT_EQ(began.size(), 5u);
  for (std::size_t i = 1; i < began.size(); ++i) {
    EXPECT_GE(began[i] - began[i - 1], 6_s);
    EXPECT_LE(began[i] - began[i - 1], 8_s);
  }
}

TEST_F(Pace, OneRecipientWaits_NobodyElseDoes) {
  const MessageId first = take(message_to(number(0)));
  const MessageId second = take(message_to(number(0)));
  const MessageId other = take(message_to(number(1)));
  run_for(0_s);
  EXPECT_EQ(state_of(first), State::accepted);
  EXPECT_EQ(state_of(other), State::accepted);
  EXPECT_EQ(state_of(second), State::queued);
  EXPECT_EQ(row_of(second).reason, Reason::recipient_order);
  EXPECT_FALSE(agent->resting()) << "a drain waits for it";
}

TEST_F(Pace, AfterAnOutage_WhatIsNewGoesAtOnceButNeverBeforeAnOlderOneToTheSamePerson) {
  const MessageId canary = take(message_to(number(0)));
  const MessageId older = take(message_to(number(1), "at ten"));
  const MessageId other = take(message_to(number(2)));
  cannot_connect(Reason::network_down);
  clock.advance(8_min);
  agent->on_network_change();
  agent->turn();
  run_for(0_s);
  ASSERT_EQ(state_of(canary), State::accepted);
  const UnixTime all_go_until{clock.wall()->s + 8 * 60};

  const MessageId newer = take(message_to(number(1), "at eleven"));
  const MessageId fresh = take(message_to(number(3)));
  run_for(1_min);
  EXPECT_EQ(state_of(fresh), State::accepted);
  for (const MessageId id : {older, other}) {
    EXPECT_EQ(state_of(id), State::queued);
    EXPECT_EQ(row_of(id).reason, Reason::backoff);
    EXPECT_GT(row_of(id).next_attempt, *clock.wall());
    EXPECT_LE(row_of(id).next_attempt, all_go_until);
  }
  EXPECT_NE(row_of(older).next_attempt, row_of(other).next_attempt);
  EXPECT_EQ(state_of(newer), State::queued);
  EXPECT_EQ(row_of(newer).reason, Reason::recipient_order);

  run_for(Duration{(row_of(older).next_attempt.s - clock.wall()->s) * 1000});
  EXPECT_EQ(state_of(older), State::accepted);
  EXPECT_EQ(state_of(newer), State::queued) << "six seconds apart";
  run_for(7_min);
  EXPECT_EQ(state_of(newer), State::accepted);
  EXPECT_EQ(state_of(other), State::accepted);
}

TEST_F(Pace, TroubleAgainBeforeTheBacklogGoes_LetsOneOfItTry) {
  take(message_to(number(0)));
  const MessageId older = take(message_to(number(1)));
  cannot_connect(Reason::network_down);
  clock.advance(8_min);
  agent->on_network_change();
  agent->turn();
  run_for(0_s);
  ASSERT_EQ(row_of(older).reason, Reason::backoff);
  clock.advance(2_s);  // the connection is not kept for longer
  take(message_to(number(2)));
  cannot_connect(Reason::network_down);
  EXPECT_EQ(row_of(older).reason, Reason::network_down);
  agent->on_network_change();
  agent->turn();
  connect();
  EXPECT_EQ(state_of(older), State::sending);
}

TEST_F(Pace, Restart_KeepsTheDistance) {
  take(message_to(number(0)));
  run_for(0_s);
  start();
  take(message_to(number(0)));
  EXPECT_FALSE(uplink.prepared.has_value());
  run_for(8_s);
  EXPECT_EQ(count(State::accepted), 2u);
}

TEST_F(Pace, DailyCap_HoldsBackTheRestOfTheDayThroughAReboot) {
  settings->pace.per_recipient_per_day = 3;
  for (int i = 0; i < 5; ++i) take(message_to(number(0)));
  take(message_to(number(1)));
  EXPECT_EQ(run_for(1_h).size(), 4u);
  EXPECT_EQ(row_of(4).reason, Reason::daily_cap);
  EXPECT_TRUE(agent->resting()) << "a drain does not wait for tomorrow";
  clock.reboot();
  clock.set_wall({clock.wall()->s + 3600});
  start();
  EXPECT_EQ(run_for(21_h).size(), 0u);
  EXPECT_EQ(run_for(2_h).size(), 2u);
}

TEST_F(Pace, DailyCap_CountsWhatMayHaveArrived) {
  settings->pace.per_recipient_per_day = 1;
  take(message_to(number(0)));
  connect();
  answer(cut(Reached::all_of_it, Reason::network_down));
  start();
  take(message_to(number(0)));
  EXPECT_NE(row_of(2).reason, Reason::none);
  clock.advance(1_h);
  agent->turn();
  EXPECT_EQ(row_of(2).reason, Reason::daily_cap);
}

TEST_F(Pace, Channel_GetsSoManyInEachSecond) {
  settings->pace.per_second = 10;
  for (std::size_t i = 0; i < 35; ++i) take(message_to(number(i)));
  const std::vector<Instant> began = run_for(10_s);
  ASSERT_EQ(began.size(), 35u);
  for (std::size_t i = 10; i < began.size(); ++i) EXPECT_GE(began[i] - began[i - 10], 1_s);
}

TEST_F(Pace, QuietHours_WaitForTheirEndAndSayUntilWhen) {
  constexpr std::uint64_t kNoon = 1'795'262'400;  // 2026-11-21T12:00:00Z
  settings->pace.quiet = {true, 22 * 60, 7 * 60, {}, {}};
  MUST(settings->pace.quiet.rule.assign("CET-1CEST,M3.5.0,M10.5.0/3"));
  clock.set_wall({kNoon + 10 * 3600});  // 23:00
  const MessageId id = take(message_to(number(0)));
  EXPECT_EQ(row_of(id).reason, Reason::quiet_hours);
  EXPECT_EQ(row_of(id).next_attempt.s, kNoon + 18 * 3600);
  const Instant taken = clock.now();
  const std::vector<Instant> began = run_for(9_h);
  ASSERT_EQ(began.size(), 1u);
  EXPECT_EQ(began[0] - taken, 8_h);
}

}  // namespace
}  // namespace fieldpost
