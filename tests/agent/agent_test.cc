#include "tests/agent/agent_test.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace fieldpost {
namespace {

TEST_F(AgentTest, Take_IsToldOnlyAfterItIsDurable) {
  Ask ask;
  ask.wish = Wish::take;
  ask.message = message_to(number(0));
  agent->on_ask(ask);
  EXPECT_TRUE(source.told.empty());
  agent->turn();
  ASSERT_EQ(source.told.size(), 1u);
  EXPECT_EQ(source.told[0].state, State::queued);
  start();
  EXPECT_EQ(queue->live().size(), 1u);
}

TEST_F(AgentTest, OneMessage_GoesFromTakenToAccepted) {
  const MessageId id = take(message_to(number(0)));
  connect();
  ASSERT_EQ(uplink.sent.size(), 1u);
  EXPECT_EQ(uplink.sent[0].path, "/VID1/sendTemplate");
  EXPECT_NE(uplink.sent[0].body.find("\"Maria\""), std::string::npos);
  answer(accepted());
  EXPECT_EQ(state_of(id), State::accepted);
  EXPECT_EQ(row_of(id).message_id.view(), "wamid.HBgL");
}

TEST_F(AgentTest, Start_IsDurableBeforeTheRequestLeaves) {
  const MessageId id = take(message_to(number(0)));
  connect();
  ASSERT_EQ(uplink.sent.size(), 1u);
  start();  // power goes while the request is out
  EXPECT_EQ(state_of(id), State::uncertain);
  agent->turn();
  connect();
  ASSERT_EQ(uplink.sent.size(), 1u);
  EXPECT_EQ(uplink.sent[0].purpose, Purpose::history) << "it would be sent again";
}

TEST_F(AgentTest, NetworkDown_WritesNothingToFlash) {
  take(message_to(number(0)));
  const QueueUsage before = queue->usage();
  for (int i = 0; i < 50; ++i) {
    cannot_connect(Reason::name_not_found);
    sleep_until_next_turn();
  }
  EXPECT_EQ(queue->usage().syncs, before.syncs);
  EXPECT_EQ(queue->usage().bytes_written, before.bytes_written);
}

TEST_F(AgentTest, NetworkDown_IsTheReasonThatPeopleSee) {
  const MessageId id = take(message_to(number(0)));
  cannot_connect(Reason::name_not_found);
  EXPECT_EQ(row_of(id).reason, Reason::name_not_found);
  EXPECT_EQ(row_of(id).attempts, 0) << "the network's fault, not its own";
  EXPECT_NE(row_of(id).next_attempt.s, 0u);
  EXPECT_FALSE(status().network_up);
}

TEST_F(AgentTest, RouteComesBack_TriesAtOnce) {
  take(message_to(number(0)));
  for (int i = 0; i < 20; ++i) {
    cannot_connect(Reason::network_down);
    sleep_until_next_turn();
  }
  cannot_connect(Reason::network_down);
  agent->on_network_change();
  agent->turn();
  EXPECT_TRUE(uplink.prepared.has_value());
}

TEST_F(AgentTest, RouteComesBackDuringAnAttempt_TriesAtOnceWhenThatFails) {
  take(message_to(number(0)));
  for (int i = 0; i < 20; ++i) {
    cannot_connect(Reason::connect_failed);
    sleep_until_next_turn();
  }
  agent->on_network_change();
  cannot_connect(Reason::connect_failed);
  EXPECT_TRUE(uplink.prepared.has_value());
  cannot_connect(Reason::connect_failed);
  EXPECT_FALSE(uplink.prepared.has_value()) << "of one change comes one attempt";
}

TEST_F(AgentTest, RouteComesBackBeforeTheUplinkEnds_TriesAtOnce) {
  take(message_to(number(0)));
  agent->on_network_change();
  agent->on_uplink_gone();
  uplink.prepared.reset();
  agent->turn();
  EXPECT_TRUE(uplink.prepared.has_value());
}

TEST_F(AgentTest, CutInMidRequest_IsQueuedAgainDurably) {
  const MessageId id = take(message_to(number(0)));
  connect();
  answer(cut(Reached::part_of_it, Reason::connect_failed));
  EXPECT_EQ(state_of(id), State::queued);
  start();
  EXPECT_EQ(state_of(id), State::queued) << "what is safe to send again must survive as such";
  agent->turn();
  connect();
  answer(accepted());
  EXPECT_EQ(state_of(id), State::accepted);
}

TEST_F(AgentTest, TokenRefused_HoldsTheChannelAndKeepsEverything) {
  for (std::size_t i = 0; i < 20; ++i) take(message_to(number(i)));
  connect();
  answer(answer_of(401));
  EXPECT_EQ(status().channel, Reason::token_refused);
  EXPECT_EQ(status().counts[static_cast<std::size_t>(State::queued)], 20u);

  sleep_until_next_turn();
  connect();
  ASSERT_EQ(uplink.sent.back().purpose, Purpose::channel_status) << "a probe, not a message";
  answer(accepted(), true);
  ASSERT_EQ(uplink.sent.back().purpose, Purpose::send_template) << "then one canary";
  answer(accepted(), true);
  EXPECT_EQ(status().channel, Reason::none);
}

TEST_F(AgentTest, Drain_CostsAtMostTwoSyncsAMessageAndTwo) {
  constexpr std::size_t kCount = 100;
  const std::uint64_t before = queue->usage().syncs;
  for (std::size_t i = 0; i < kCount; ++i) take(message_to(number(i)));
  connect();
  while (status().counts[static_cast<std::size_t>(State::accepted)] < kCount) {
    ASSERT_FALSE(uplink.prepared.has_value()) << "the connection was kept";
    answer(accepted(), true);
  }
  const QueueUsage usage = queue->usage();
  EXPECT_LE(usage.syncs - before, 2 * kCount + 2 + usage.segments_recycled);
  EXPECT_EQ(uplink.prepares, 1u);
}

TEST_F(AgentTest, KeptConnectionTurnsOutClosed_ConnectsAgainAtOnce) {
  take(message_to(number(0)));
  take(message_to(number(1)));
  connect();
  answer(accepted(), true);
  ASSERT_EQ(uplink.sent.size(), 2u);
  answer(cut(Reached::nothing, Reason::connect_failed));
  EXPECT_TRUE(uplink.prepared.has_value()) << "no wait: the network is not to blame";
  connect();
  answer(accepted());
  EXPECT_EQ(status().counts[static_cast<std::size_t>(State::accepted)], 2u);
}

TEST_F(AgentTest, BackoffOfOneRecipient_BlocksItsLaterMessagesAndNobodyElses) {
  const MessageId first = take(message_to(number(0), "first"));
  const MessageId second = take(message_to(number(0), "second"));
  const MessageId other = take(message_to(number(1), "other"));
  connect();
  answer(answer_of(200, false, 131056), true);
  answer(accepted(), false);
  EXPECT_EQ(state_of(first), State::queued);
  EXPECT_EQ(row_of(first).reason, Reason::backoff);
  EXPECT_EQ(state_of(other), State::accepted);
  EXPECT_EQ(state_of(second), State::queued);
  EXPECT_EQ(row_of(second).reason, Reason::recipient_order);
  sleep_until_next_turn();
  connect();
  EXPECT_NE(uplink.sent.back().body.find("first"), std::string::npos);
}

TEST_F(AgentTest, RateLimit_WaitsForTheWholeChannelAsLongAsAsked) {
  take(message_to(number(0)));
  take(message_to(number(1)));
  connect();
  Answer slow = answer_of(429);
  slow.retry_after_s = 60;
  answer(slow, true);
  EXPECT_EQ(uplink.sent.size(), 1u);
  EXPECT_EQ(status().next_attempt_in, 60_s);
  EXPECT_EQ(row_of(1).attempts, 0);
}

TEST_F(AgentTest, RefusedWithoutACode_HoldsOnlyThatMessage) {
  const MessageId refused = take(message_to(number(0)));
  const MessageId fine = take(message_to(number(1)));
  connect();
  Answer words = answer_of(200, false);
  MUST(words.detail.assign("something odd"));
  answer(words, true);
  answer(accepted());
  EXPECT_EQ(state_of(refused), State::held);
  EXPECT_EQ(row_of(refused).detail.view(), "something odd");
  EXPECT_EQ(state_of(fine), State::accepted);
}

TEST_F(AgentTest, NeverAgainToThisPerson_Fails) {
  const MessageId id = take(message_to(number(0)));
  connect();
  answer(answer_of(200, false, 131026));
  EXPECT_EQ(state_of(id), State::failed);
  EXPECT_EQ(row_of(id).reason, Reason::recipient_unreachable);
}

TEST_F(AgentTest, UplinkDiesWhileTheRequestIsOut_LeavesADoubt) {
  const MessageId id = take(message_to(number(0)));
  connect();
  agent->on_uplink_gone();
  agent->turn();
  EXPECT_EQ(state_of(id), State::uncertain);
}

TEST_F(AgentTest, UplinkDiesWhileConnecting_QueuesAgainAfterAWait) {
  const MessageId id = take(message_to(number(0)));
  agent->on_uplink_gone();
  uplink.prepared.reset();
  agent->turn();
  EXPECT_EQ(state_of(id), State::queued);
  EXPECT_FALSE(uplink.prepared.has_value());
  sleep_until_next_turn();
  EXPECT_TRUE(uplink.prepared.has_value());
}

TEST_F(AgentTest, UplinkCannotBeReached_MessageIsQueuedAgain) {
  const MessageId id = take(message_to(number(0)));
  uplink.gone = true;
  connect();
  agent->turn();
  EXPECT_EQ(state_of(id), State::queued);
}

TEST_F(AgentTest, UplinkCannotBeTold_IsOverdueAtOnceAndItsSuccessorSends) {
  uplink.gone = true;  // as for a moment without memory for the frame
  const MessageId id = take(message_to(number(0)));
  EXPECT_LE(agent->overdue_at(), clock.now()) << "nobody else would ask for another uplink";
  uplink.gone = false;
  agent->on_uplink_gone();
  sleep_until_next_turn();
  connect();
  answer(accepted());
  EXPECT_EQ(state_of(id), State::accepted);
}

TEST_F(AgentTest, ReportOfAnotherExchange_IsIgnored) {
  const MessageId id = take(message_to(number(0)));
  connect();
  UplinkReport stale;
  stale.kind = UplinkReport::Kind::answered;
  stale.exchange = uplink.sent.back().exchange - 1;
  stale.answer = accepted();
  agent->on_report(stale);
  agent->turn();
  EXPECT_EQ(state_of(id), State::sending);
}

TEST_F(AgentTest, SyncFails_NothingIsPromisedAndNothingIsSent) {
  take(message_to(number(0)));
  flash.fail_next_sync();
  connect();
  EXPECT_TRUE(uplink.sent.empty());
  Ask ask;
  ask.wish = Wish::take;
  ask.message = message_to(number(1));
  agent->on_ask(ask);
  agent->turn();
  EXPECT_EQ(source.told.back().refusal, Refusal::storage);
  EXPECT_TRUE(status().store_failed);
  EXPECT_EQ(std::ranges::count(log.lines, "store state=failed"), 1) << "loud, but once";
}

TEST_F(AgentTest, MessageDamagedBehindAnAcceptedOne_IsHeldAndStaysInProgress) {
  take(message_to(number(0)));
  const MessageId damaged = take(message_to(number(1)));
  const Live& live = *queue->find(damaged);
  flash.rot(live.message_at + live.message_bytes / 2u);
  connect();
  answer(accepted(), true);
  ASSERT_NE(queue->find(damaged), nullptr);
  EXPECT_EQ(state_of(damaged), State::held);
  EXPECT_EQ(row_of(damaged).state, State::held);
  EXPECT_EQ(row_of(damaged).reason, Reason::storage);
}

TEST_F(AgentTest, RetryOfAHeldMessage_SendsItAgain) {
  const MessageId id = take(message_to(number(0)));
  connect();
  answer(answer_of(400), true);
  ASSERT_EQ(state_of(id), State::held);
  ask(Wish::retry, id);
  EXPECT_EQ(source.told.back().refusal, Refusal::none);
  EXPECT_EQ(uplink.sent.size(), 2u);
}

TEST_F(AgentTest, RetryOfADoubtfulMessage_AsksAPersonFirst) {
  const MessageId id = take(message_to(number(0)));
  connect();
  answer(cut(Reached::all_of_it, Reason::network_down));
  ask(Wish::retry, id);
  EXPECT_EQ(source.told.back().refusal, Refusal::maybe_sent);
  EXPECT_EQ(state_of(id), State::uncertain);
  ask(Wish::retry, id, true);
  EXPECT_EQ(source.told.back().refusal, Refusal::none);
  EXPECT_EQ(state_of(id), State::queued);
}

TEST_F(AgentTest, RetryOfAFailedMessage_MakesANewOne) {
  const MessageId id = take(message_to(number(0)));
  connect();
  answer(answer_of(200, false, 131026));
  ask(Wish::retry, id);
  EXPECT_EQ(source.told.back().refusal, Refusal::none);
  const MessageId fresh = source.told.back().id;
  EXPECT_NE(fresh, id);
  EXPECT_EQ(row_of(fresh).retry_of, id);
  connect();
  EXPECT_NE(uplink.sent.back().body.find("upload documents"), std::string::npos);
}

TEST_F(AgentTest, SecondRetryOfAFailedMessage_MeetsWhatTheFirstMade) {
  const MessageId id = take(message_to(number(0)));
  connect();
  answer(answer_of(200, false, 131026));
  const auto retry_at_once = [this](MessageId which) {
    Ask ask;
    ask.wish = Wish::retry;
    ask.id = which;
    agent->on_ask(ask);
  };
  const auto met = [this](MessageId fresh, State state) {
    const Told& told = source.told.back();
    EXPECT_EQ(told.refusal, Refusal::none);
    EXPECT_TRUE(told.duplicate);
    EXPECT_EQ(told.id, fresh);
    EXPECT_EQ(told.state, state);
  };
  // Two in one turn: one commit answers both.
  const std::size_t told = source.told.size();
  retry_at_once(id);
  retry_at_once(id);
  agent->turn();
  ASSERT_EQ(source.told.size(), told + 2);
  EXPECT_FALSE(source.told[told].duplicate);
  const MessageId fresh = source.told[told].id;
  met(fresh, State::queued);
  start();  // the power goes
  ask(Wish::retry, id);
  met(fresh, State::queued);
  connect();
  ask(Wish::retry, id);
  met(fresh, State::sending);
  answer(answer_of(200, false, 131026));
  ask(Wish::retry, id);
  met(fresh, State::failed);
  EXPECT_TRUE(queue->live().empty());
  // That one failed, too, and can be retried like any other.
  ask(Wish::retry, fresh);
  EXPECT_FALSE(source.told.back().duplicate);
  EXPECT_EQ(row_of(source.told.back().id).retry_of, fresh);
  EXPECT_EQ(queue->live().size(), 1u);
}

TEST_F(AgentTest, RetryOfAnotherFailedMessageToOneNumber_IsItsOwn) {
  const MessageId first = take(message_to(number(0), "one"));
  const MessageId second = take(message_to(number(0), "two"));
  connect();
  answer(answer_of(200, false, 131026), true);
  answer(answer_of(200, false, 131026));
  ASSERT_EQ(state_of(second), State::failed);
  for (const MessageId id : {first, second}) {
    ask(Wish::retry, id);
    EXPECT_FALSE(source.told.back().duplicate);
  }
  EXPECT_EQ(queue->live().size(), 2u);
}

TEST_F(AgentTest, DropWhileItIsOut_IsRefused) {
  const MessageId id = take(message_to(number(0)));
  connect();
  ask(Wish::drop, id);
  EXPECT_EQ(source.told.back().refusal, Refusal::wrong_state);
}

TEST_F(AgentTest, Drop_EndsIt) {
  const MessageId id = take(message_to(number(0)));
  ask(Wish::drop, id);
  EXPECT_EQ(source.told.back().refusal, Refusal::none);
  EXPECT_EQ(state_of(id), State::dropped);
  ask(Wish::drop, id);
  EXPECT_EQ(source.told.back().refusal, Refusal::wrong_state);
  ask(Wish::drop, 4711);
  EXPECT_EQ(source.told.back().refusal, Refusal::not_found);
}

TEST_F(AgentTest, ConfigurationRejected_TakesButDoesNotSend) {
  start(Sending::configuration_rejected);
  const MessageId id = take(message_to(number(0)));
  EXPECT_FALSE(uplink.prepared.has_value());
  EXPECT_EQ(row_of(id).reason, Reason::configuration_rejected);
}

TEST_F(AgentTest, StopWhileARequestIsOut_WaitsForItsAnswerAndStartsNothing) {
  const MessageId id = take(message_to(number(0)));
  take(message_to(number(1)));
  connect();
  agent->stop_sending();
  EXPECT_FALSE(agent->quiet());
  answer(accepted(), true);
  EXPECT_TRUE(agent->quiet());
  EXPECT_EQ(state_of(id), State::accepted);
  EXPECT_EQ(uplink.sent.size(), 1u);
}

TEST_F(AgentTest, EmptyQueue_SleepsUntilSomethingHappens) {
  EXPECT_EQ(agent->turn(), kNever);
  EXPECT_FALSE(uplink.prepared.has_value());
}

TEST_F(AgentTest, List_ShowsHistoryAndLiveOnesInPages) {
  for (std::size_t i = 0; i < 11; ++i) take(message_to(number(i)));
  connect();
  for (std::size_t i = 0; i < 6; ++i) answer(accepted(), true);
  Ask ask;
  ask.wish = Wish::rows;
  std::vector<MessageId> ids;
  do {
    agent->on_ask(ask);
    const Told& told = source.told.back();
    for (std::size_t i = 0; i < told.row_count; ++i) ids.push_back(told.rows[i].id);
    ask.query.cursor = told.cursor;
  } while (source.told.back().more);
  EXPECT_EQ(ids, (std::vector<MessageId>{1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11}));
}

TEST_F(AgentTest, LogLines_HoldNoNumberAndNoText) {
  take(message_to("12025550123", "Maria Secret"));
  connect();
  answer(accepted());
  for (const std::string& line : log.lines) {
    EXPECT_EQ(line.find("12025550123"), std::string::npos) << line;
    EXPECT_EQ(line.find("Secret"), std::string::npos) << line;
  }
}

}  // namespace
}  // namespace fieldpost
