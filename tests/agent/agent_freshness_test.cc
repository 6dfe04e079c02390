// What time does to messages: too late, too early, and held for too long.
#include <gtest/gtest.h>

#include "tests/agent/agent_test.h"

namespace fieldpost {
namespace {

class Freshness : public AgentTest {
 protected:
  MessageId take_with(Duration ttl, UnixTime not_before = {}, std::size_t recipient = 0) {
    Message message = message_to(number(recipient));
    message.ttl = ttl;
    message.not_before = not_before;
    return take(message);
  }
  // The network is away; the agent does what is due for so long.
  void offline_for(Duration wait) {
    const Instant end = clock.now() + wait;
    while (clock.now() < end) {
      if (uplink.prepared.has_value()) cannot_connect(Reason::network_down);
      clock.advance_to(earlier(agent->turn(), end));
    }
    agent->turn();
  }
  void power_cut(Duration off, bool battery) {
    clock.reboot(battery);
    if (battery) clock.set_wall({clock.wall()->s + off.ms / 1000});
    start();
    agent->turn();
  }
};

TEST_F(Freshness, EndOfTheTtl_IsTheSameSecondWheneverOneAsks) {
  clock.advance(Duration{400});
  clock.reboot();  // whose seconds are not those of the wall clock
  start();
  const MessageId id = take_with(8_h);
  const UnixTime end = row_of(id).expires;
  for (int i = 0; i < 30; ++i) {
    clock.advance(Duration{130});
    EXPECT_EQ(row_of(id).expires, end);
  }
  clock.set_wall({clock.wall()->s + 3600});
  EXPECT_GE(row_of(id).expires.s, end.s + 3599);
}

TEST_F(Freshness, TtlRunsOut_EndsAsExpiredAndIsNeverSent) {
  const MessageId id = take_with(8_h);
  EXPECT_EQ(row_of(id).expires.s, clock.wall()->s + 8 * 3600);
  offline_for(Duration{8 * 3600 * 1000 + 1000});
  EXPECT_EQ(state_of(id), State::expired);
  EXPECT_EQ(row_of(id).reason, Reason::ttl);
  uplink.prepared.reset();
  agent->on_network_change();
  agent->turn();
  EXPECT_FALSE(uplink.prepared.has_value());
  start();
  EXPECT_EQ(state_of(id), State::expired);
}

TEST_F(Freshness, TtlRunsOutWhileConnecting_IsDecidedBeforeTheSendBegins) {
  const MessageId id = take_with(8_h);
  clock.advance(Duration{8 * 3600 * 1000 + 1000});
  connect();
  EXPECT_TRUE(uplink.sent.empty());
  EXPECT_EQ(state_of(id), State::expired);
}

TEST_F(Freshness, TtlRunsOutWhileItIsOut_DoesNotEndIt) {
  const MessageId id = take_with(8_h);
  connect();
  clock.advance(9_h);
  agent->turn();
  EXPECT_EQ(state_of(id), State::sending);
  answer(accepted());
  EXPECT_EQ(state_of(id), State::accepted);
}

TEST_F(Freshness, OldestAge_IsWhatExpiryGoesBy) {
  take_with(8_h);
  offline_for(Duration{2 * 3600 * 1000 + 60'000});
  EXPECT_EQ(status().oldest_age.ms / 60'000, 121);
  power_cut(5_h, false);  // two hours are proved by the marks, and nothing of the night
  EXPECT_GE(status().oldest_age, 2_h);
  EXPECT_LE(status().oldest_age, 121_min);
  clock.set_wall({1'795'000'000 + 7 * 3600 + 60});
  agent->turn();
  EXPECT_EQ(status().oldest_age.ms / 60'000, 421);
}

TEST_F(Freshness, Doubt_NeverExpires) {
  const MessageId id = take_with(8_h);
  connect();
  answer(cut(Reached::all_of_it, Reason::network_down));
  for (int day = 0; day < 60; ++day) {
    clock.advance(24_h);
    agent->turn();
  }
  EXPECT_NE(state_of(id), State::expired);
}

TEST_F(Freshness, HeldForTooLong_EndsAsExpiredWithTheReasonItHad) {
  settings->uncertain.held_for = 48_h;
  const MessageId id = take_with(0_s);
  connect();
  answer(answer_of(200, false));
  ASSERT_EQ(state_of(id), State::held);
  clock.advance(47_h);
  power_cut(0_s, true);
  EXPECT_EQ(state_of(id), State::held);
  offline_for(Duration{3600 * 1000 + 2000});
  EXPECT_EQ(state_of(id), State::expired);
  EXPECT_EQ(row_of(id).reason, Reason::refused_unspecified);
}

TEST_F(Freshness, OffForANight_ExpiresWhatABatteryProvesOld) {
  const MessageId old = take_with(8_h);
  const MessageId fresh = take_with(24_h, {}, 1);
  power_cut(10_h, true);
  EXPECT_EQ(state_of(old), State::expired);
  EXPECT_EQ(state_of(fresh), State::queued);
}

TEST_F(Freshness, OffForANightWithoutAClock_ExpiresOnceItIsSet) {
  const MessageId id = take_with(8_h);
  const UnixTime before = *clock.wall();
  power_cut(10_h, false);
  EXPECT_EQ(state_of(id), State::queued) << "nobody can prove it old";
  EXPECT_EQ(row_of(id).expires.s, 0u);
  clock.set_wall({before.s + 10 * 3600});
  agent->turn();
  EXPECT_EQ(state_of(id), State::expired);
}

TEST_F(Freshness, ClockStepsAYearAhead_ExpiresNothingOfThisBoot) {
  const MessageId id = take_with(8_h);
  clock.set_wall({clock.wall()->s + 365 * 86'400});
  offline_for(7_h);
  EXPECT_EQ(state_of(id), State::queued);
}

TEST_F(Freshness, MoreExpireTogetherThanOneTurnEnds_AllDo) {
  for (std::size_t i = 0; i < 100; ++i) take_with(1_h, {}, i);
  clock.advance(Duration{3600 * 1000 + 1000});
  for (int i = 0; i < 10; ++i) agent->turn();
  EXPECT_EQ(status().counts[static_cast<std::size_t>(State::expired)], 100u);
}

TEST_F(Freshness, OfflineWithATtl_WritesOneMarkAnHour) {
  take_with(72_h);
  const std::uint64_t before = queue->usage().syncs;
  offline_for(601_min);
  EXPECT_EQ(queue->usage().syncs - before, 10u);
}

TEST_F(Freshness, OfflineWithoutATtl_WritesNothing) {
  take_with(0_s);
  const std::uint64_t before = queue->usage().syncs;
  offline_for(10_h);
  EXPECT_EQ(queue->usage().syncs, before);
}

TEST_F(Freshness, Marks_MakeABootWithoutAClockCount) {
  const MessageId id = take_with(8_h);
  for (int boot = 0; boot < 5; ++boot) {
    power_cut(1_h, false);
    offline_for(121_min);
  }
  EXPECT_EQ(state_of(id), State::expired);
}

TEST_F(Freshness, NotBefore_WaitsForTheWallClockAndSaysSo) {
  const MessageId id = take_with(0_s, {clock.wall()->s + 3600});
  EXPECT_FALSE(uplink.prepared.has_value());
  EXPECT_EQ(row_of(id).reason, Reason::not_before);
  EXPECT_EQ(row_of(id).next_attempt.s, clock.wall()->s + 3600);
  power_cut(50_min, true);
  EXPECT_FALSE(uplink.prepared.has_value());
  clock.set_wall({clock.wall()->s + 601});
  agent->turn();
  EXPECT_TRUE(uplink.prepared.has_value()) << "the wall clock is what counts";
}

TEST_F(Freshness, NotBeforeWithoutAClock_WaitsUntilItIsSet) {
  const UnixTime then{clock.wall()->s + 60};
  clock.unset_wall();
  const MessageId id = take_with(0_s, then);
  clock.advance(24_h);
  agent->turn();
  EXPECT_FALSE(uplink.prepared.has_value());
  EXPECT_EQ(row_of(id).reason, Reason::not_before);
  EXPECT_EQ(row_of(id).next_attempt.s, 0u);
  clock.set_wall(then);
  sleep_until_next_turn();
  EXPECT_TRUE(uplink.prepared.has_value()) << "nobody tells us that the clock was set";
}

TEST_F(Freshness, NotBeforeInTenMinutes_CountsFromTheTakingWithoutAClock) {
  clock.unset_wall();
  const MessageId id = take_with(0_s, {600});
  clock.advance(9_min);
  agent->turn();
  EXPECT_FALSE(uplink.prepared.has_value());
  EXPECT_EQ(row_of(id).reason, Reason::not_before);
  sleep_until_next_turn();
  EXPECT_TRUE(uplink.prepared.has_value());
  EXPECT_LE(clock.now(), Instant{1000} + 10_min + 1_s);
}

TEST_F(Freshness, NotBeforeTomorrow_DoesNotKeepBackWhatIsToGoToday) {
  take_with(0_s, {clock.wall()->s + 86'400});
  const MessageId today = take_with(0_s);
  connect();
  answer(accepted());
  EXPECT_EQ(state_of(today), State::accepted);
}

}  // namespace
}  // namespace fieldpost
