#include "agent/outcome/channel.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <vector>

#include "agent/outcome/retry.h"

namespace fieldpost {
namespace {

constexpr std::uint8_t kMost = 255;
const RetrySettings kRetry{2_s, 1_h, 10_min};
const Detail kNoWords;

class ChannelTest : public testing::Test {
 protected:
  Channel channel{kRetry};
  Instant now{1'000'000};
};

TEST_F(ChannelTest, Start_LetsEverythingPass) {
  EXPECT_EQ(channel.pass(now), Pass::all);
  EXPECT_FALSE(channel.network_known());
}

TEST_F(ChannelTest, ConnectFailed_ClosesUntilTheWaitEnds_ThenOneMessageTries) {
  channel.connect_failed(Reason::name_not_found, kNoWords, now, kMost);
  EXPECT_EQ(channel.pass(now), Pass::closed);
  EXPECT_EQ(channel.network_reason(), Reason::name_not_found);
  EXPECT_EQ(channel.next_change(now), now + 2_s);
  EXPECT_EQ(channel.pass(now + 2_s), Pass::one);
}

TEST_F(ChannelTest, ConnectFailedAgainAndAgain_WaitsLongerUpToTheCap) {
  for (int i = 0; i < 40; ++i) channel.connect_failed(Reason::connect_failed, kNoWords, now, kMost);
  EXPECT_EQ(channel.next_change(now), now + 1_h);
}

TEST_F(ChannelTest, NetworkChange_LetsOneMessageTryAtOnce) {
  for (int i = 0; i < 40; ++i) channel.connect_failed(Reason::network_down, kNoWords, now, kMost);
  channel.network_changed(now);
  EXPECT_EQ(channel.pass(now), Pass::one);
}

TEST_F(ChannelTest, NetworkChangeAfterSilenceOfTheApi_AsksItOnceAtOnce) {
  for (int i = 0; i < 3; ++i) {
    channel.shut_out(Reason::api_trouble, kNoWords, now, kMost, Duration{0});
  }
  channel.network_changed(now);
  EXPECT_EQ(channel.pass(now), Pass::probe);
  // It is silent still: the next wait is as long as if nothing had changed.
  channel.shut_out(Reason::api_trouble, kNoWords, now, kMost, Duration{0});
  EXPECT_EQ(channel.next_change(now), now + 128_s);
}

TEST_F(ChannelTest, NetworkChangeWhereTheApiSaidHowLong_ChangesNothing) {
  channel.shut_out(Reason::api_trouble, kNoWords, now, kMost, 5_min);
  channel.network_changed(now);
  EXPECT_EQ(channel.pass(now), Pass::closed);
  channel.shut_out(Reason::token_refused, kNoWords, now, kMost, Duration{0});
  channel.network_changed(now);
  EXPECT_EQ(channel.pass(now), Pass::closed);
}

TEST_F(ChannelTest, NetworkChangeWhileAllIsWell_ChangesNothing) {
  channel.network_changed(now);
  EXPECT_EQ(channel.pass(now), Pass::all);
}

TEST_F(ChannelTest, AcceptedAfterAnOutage_SpreadsTheBacklogOverAsLongAsItLasted) {
  channel.connect_failed(Reason::network_down, kNoWords, now, kMost);
  channel.accepted(now + 1_min, kMost);
  EXPECT_EQ(channel.pass(now + 1_min), Pass::all);
  // Evenly, whatever the ids, and each message by itself.
  std::vector<Instant> moments;
  for (MessageId id = 1001; id <= 1008; ++id) {
    moments.push_back(channel.backlog_at(id));
    EXPECT_EQ(channel.backlog_at(id), moments.back());
  }
  std::ranges::sort(moments);
  moments.insert(moments.begin(), now + 1_min);
  moments.push_back(now + 2_min);
  for (std::size_t i = 1; i < moments.size(); ++i) {
    EXPECT_LE(moments[i - 1], moments[i]);
    EXPECT_LE(moments[i] - moments[i - 1], 15_s);
  }
}

TEST_F(ChannelTest, TwoDevicesWithTheSameIds_SpreadThemDifferently) {
  Channel other(kRetry);
  for (Channel* const one : {&channel, &other}) {
    one->connect_failed(Reason::network_down, kNoWords, now, kMost);
    one->accepted(now + 1_min, one == &channel ? 17 : 170);
  }
  EXPECT_NE(channel.backlog_at(5), other.backlog_at(5));
}

TEST_F(ChannelTest, TroubleWithinTheSpread_LetsAnyMessageTry) {
  channel.connect_failed(Reason::network_down, kNoWords, now, kMost);
  channel.accepted(now + 1_min, kMost);
  channel.connect_failed(Reason::network_down, kNoWords, now + 70_s, kMost);
  EXPECT_LE(channel.backlog_at(1), now);
  EXPECT_EQ(channel.pass(now + 80_s), Pass::one);
}

TEST_F(ChannelTest, AcceptedAfterALongOutage_SpreadsTheBacklogOverTheConfiguredTimeAtMost) {
  channel.connect_failed(Reason::network_down, kNoWords, now, kMost);
  channel.accepted(now + 5_h, kMost);
  Instant last;
  for (MessageId id = 1; id <= 100; ++id) last = std::max(last, channel.backlog_at(id));
  EXPECT_LE(last, now + 5_h + 10_min);
  EXPECT_GE(last, now + 5_h + 9_min);
}

TEST_F(ChannelTest, AcceptedWithoutTrouble_SpreadsNothing) {
  channel.accepted(now, kMost);
  EXPECT_EQ(channel.pass(now), Pass::all);
  EXPECT_LE(channel.backlog_at(1), now);
}

TEST_F(ChannelTest, PersonAsksForADrain_SkipsTheSpread) {
  channel.connect_failed(Reason::network_down, kNoWords, now, kMost);
  channel.accepted(now + 1_min, kMost);
  channel.skip_spread();
  EXPECT_LE(channel.backlog_at(1), now);
}

TEST_F(ChannelTest, ShutOut_ProbesThenSendsOneThenAll) {
  channel.shut_out(Reason::token_refused, kNoWords, now, kMost, 0_s);
  EXPECT_EQ(channel.pass(now), Pass::closed);
  now = now + 2_s;
  EXPECT_EQ(channel.pass(now), Pass::probe);
  channel.probe_good(now);
  EXPECT_EQ(channel.pass(now), Pass::one);
  EXPECT_EQ(channel.channel_reason(), Reason::token_refused) << "not over before one is accepted";
  channel.accepted(now, 0);
  EXPECT_EQ(channel.pass(now), Pass::all);
  EXPECT_EQ(channel.channel_reason(), Reason::none);
}

TEST_F(ChannelTest, DoubtAfterTheCanary_WaitsLongerThanBefore) {
  channel.shut_out(Reason::api_trouble, kNoWords, now, kMost, 0_s);
  const Duration first = channel.next_change(now) - now;
  channel.probe_good(now);
  channel.shut_out(Reason::api_trouble, kNoWords, now, kMost, 0_s);
  EXPECT_EQ((channel.next_change(now) - now).ms, 4 * first.ms);
}

TEST_F(ChannelTest, WaitsOfAShutChannel_AreAnyPartOfTheWholeAndNeverNothing) {
  const auto wait_with = [this](std::uint8_t dice) {
    Channel fresh(kRetry);
    fresh.shut_out(Reason::api_trouble, kNoWords, now, dice, 0_s);
    return fresh.next_change(now) - now;
  };
  EXPECT_GE(wait_with(0), 100_ms);
  EXPECT_LE(wait_with(16), 200_ms);
  EXPECT_NEAR(static_cast<double>(wait_with(96).ms), 1000, 10);
  EXPECT_EQ(wait_with(192), 2_s);
  EXPECT_EQ(wait_with(kMost), 2_s);
}

TEST_F(ChannelTest, ShutWhileTheNetworkIsDown_WaitsForBoth) {
  channel.shut_out(Reason::api_trouble, kNoWords, now, kMost, 0_s);
  channel.connect_failed(Reason::connect_failed, kNoWords, now + 2_s, kMost);
  EXPECT_EQ(channel.pass(now + 3_s), Pass::closed);
  EXPECT_EQ(channel.pass(now + 4_s), Pass::probe);
}

TEST_F(ChannelTest, RateLimit_WaitsAsLongAsTheServerAsks_CappedAtAnHour) {
  channel.shut_out(Reason::rate_limited, kNoWords, now, 0, 30_s);
  EXPECT_EQ(channel.next_change(now), now + 30_s);
  EXPECT_EQ(channel.pass(now + 30_s), Pass::one);
  channel.shut_out(Reason::rate_limited, kNoWords, now, 0, Duration{1'000'000'000'000});
  EXPECT_EQ(channel.next_change(now), now + 1_h);
}

TEST_F(ChannelTest, TroubleOfTheApi_IsProbedNoSoonerThanTheServerAsks_CappedAtAnHour) {
  channel.shut_out(Reason::api_trouble, kNoWords, now, 0, 30_s);
  EXPECT_EQ(channel.pass(now + 29_s), Pass::closed);
  EXPECT_EQ(channel.pass(now + 30_s), Pass::probe);
  channel.shut_out(Reason::api_trouble, kNoWords, now, 0, 240_h);
  EXPECT_EQ(channel.next_change(now), now + 1_h);
}

TEST_F(ChannelTest, RateLimitWithoutRetryAfter_WaitsByItsOwnSchedule) {
  channel.shut_out(Reason::rate_limited, kNoWords, now, kMost, 0_s);
  EXPECT_EQ(channel.next_change(now), now + 2_s);
}

TEST(RetryAfter, HalfOfEachWaitIsRandom_AtTheCapToo) {
  EXPECT_EQ(retry_after(30, 2_s, 1_h, 0), 30_min);
  EXPECT_EQ(retry_after(30, 2_s, 1_h, 255), 1_h);
  EXPECT_EQ(retry_after(0, 5_h, 1_h, 255), 1_h) << "a first wait beyond the cap";
}

}  // namespace
}  // namespace fieldpost
