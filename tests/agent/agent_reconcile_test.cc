// Doubts: looked up in the history of the chat, and decided by the scenario's rule at the end.
#include <gtest/gtest.h>

#include <string>

#include "tests/agent/agent_test.h"

namespace fieldpost {
namespace {

Answer lost() { return cut(Reached::all_of_it, Reason::api_trouble); }

class ReconcileTest : public AgentTest {
 protected:
  // Nobody answered the send of this one.
  MessageId take_and_lose(const Message& message) {
    const MessageId id = take(message);
    if (uplink.prepared.has_value()) connect();
    answer(lost());
    return id;
  }
  Purpose purpose() { return uplink.sent.back().purpose; }
  void sleep_until_it_connects() {
    for (int i = 0; i < 50 && !uplink.prepared.has_value(); ++i) {
      ASSERT_NO_FATAL_FAILURE(sleep_until_next_turn());
    }
    connect();
  }
  // The channel's wait passes, and its probe says that all is well.
  void channel_is_well() {
    sleep_until_it_connects();
    ASSERT_EQ(purpose(), Purpose::channel_status);
    answer(answer_of(200, true), true);
  }
  Answer history(std::string_view id = "", Duration ago = 1_s) {
    Answer a = answer_of(200);
    a.sent = !id.empty();
    MUST(a.message_id.assign(id));
    a.time.s = clock.wall()->s - ago.ms / 1000;
    return a;
  }
  // Looks up until the doubt is over, and finds nothing.
  std::uint32_t find_nothing(MessageId id) {
    std::uint32_t looked = 0;
    while (state_of(id) == State::uncertain && looked < 100) {
      if (agent->quiet() || uplink.prepared.has_value()) sleep_until_it_connects();
      EXPECT_EQ(purpose(), Purpose::history);
      ++looked;
      answer(history());
    }
    return looked;
  }
};

TEST_F(ReconcileTest, LookUp_AsksForTheChatAndSaysWhatToLookFor) {
  take_and_lose(message_to("12025550123"));
  clock.advance(10_s);
  agent->turn();
  connect();
  answer(answer_of(200, true), true);
  ASSERT_EQ(purpose(), Purpose::history);
  EXPECT_EQ(uplink.sent.back().path, "/VID1/messages?chatId=12025550123%40c.us&last=true&limit=10");
  const std::uint64_t doubt = clock.wall()->s - 10;
  EXPECT_EQ(uplink.sent.back().body, std::to_string(doubt - 150) + "\n" +
                                         std::to_string(clock.wall()->s + 120) +
                                         "\n12025550123@c.us\nMaria\nloan application\n"
                                         "upload documents\n");
}

TEST_F(ReconcileTest, FoundInTheHistory_IsAcceptedAtItsTimeAndNeverSentAgain) {
  const MessageId id = take_and_lose(message_to(number(0)));
  channel_is_well();
  clock.advance(1_min);
  answer(history("wamid.found", 62_s));
  EXPECT_EQ(state_of(id), State::accepted);
  EXPECT_EQ(row_of(id).message_id.view(), "wamid.found");
  EXPECT_EQ(row_of(id).accepted_at.s, clock.wall()->s - 62);
  EXPECT_EQ(row_of(id).reason, Reason::none);
  clock.advance(24_h);
  agent->turn();
  EXPECT_FALSE(uplink.prepared.has_value());
}

TEST_F(ReconcileTest, PowerCutWhileItWasOut_IsFoundInTheHistoryAfterTheNight) {
  const MessageId id = take(message_to(number(0)));
  connect();
  start();
  clock.advance(8_h);
  clock.reboot();
  agent->turn();
  connect();
  ASSERT_EQ(purpose(), Purpose::history) << "one look-up is owed, however late";
  answer(history("wamid.found", 8_h));
  EXPECT_EQ(state_of(id), State::accepted);
  EXPECT_EQ(row_of(id).accepted_at.s, clock.wall()->s - 8 * 3600);
}

TEST_F(ReconcileTest, EmptyHistory_ProvesNothingAndHoldsWhenPatienceIsOver) {
  const MessageId id = take_and_lose(message_to(number(0)));
  const Instant doubt = clock.now();
  channel_is_well();
  const std::uint32_t looked = find_nothing(id);
  EXPECT_EQ(state_of(id), State::held);
  EXPECT_EQ(row_of(id).reason, Reason::maybe_sent);
  EXPECT_GE(clock.now() - doubt, 10_min);
  EXPECT_LE(clock.now() - doubt, 11_min);
  EXPECT_LE(looked, 10u) << "the waits grow";
  EXPECT_EQ(agent->turn(), kNever);
}

TEST_F(ReconcileTest, HistoryThatIsSwitchedOff_ProvesNothing) {
  for (const std::uint16_t http : {std::uint16_t{404}, std::uint16_t{400}, std::uint16_t{401}}) {
    start();
    const MessageId id = take_and_lose(message_to(number(http)));
    channel_is_well();
    answer(answer_of(http));
    EXPECT_EQ(state_of(id), State::uncertain) << http;
    clock.advance(10_min);
    agent->turn();
    if (uplink.prepared.has_value()) connect();
    answer(answer_of(http));
    EXPECT_EQ(state_of(id), State::held) << http;
  }
}

TEST_F(ReconcileTest, HistoryThatIsAwayOvernight_IsAskedAgainBeforeAnythingIsResent) {
  for (const std::uint16_t http : {std::uint16_t{503}, std::uint16_t{429}}) {
    start();
    Message message = message_to(number(http % 100));
    message.on_uncertain = OnUncertain::resend;
    const MessageId id = take_and_lose(message);
    channel_is_well();
    clock.advance(8_h);
    answer(answer_of(http));
    EXPECT_EQ(state_of(id), State::uncertain) << http;
    sleep_until_it_connects();
    if (purpose() == Purpose::channel_status) answer(answer_of(200, true), true);
    ASSERT_EQ(purpose(), Purpose::history) << http;
    answer(history("wamid." + std::to_string(http), 8_h));
    EXPECT_EQ(state_of(id), State::accepted) << http;
  }
}

TEST_F(ReconcileTest, RuleResend_TooLate_IsHeldForItMayBeThere) {
  Message message = message_to(number(0));
  message.on_uncertain = OnUncertain::resend;
  message.ttl = 5_min;
  const MessageId id = take_and_lose(message);
  channel_is_well();
  find_nothing(id);
  EXPECT_EQ(state_of(id), State::held);
  EXPECT_EQ(row_of(id).reason, Reason::maybe_sent);
}

TEST_F(ReconcileTest, RetryAfterItsTimeToLive_IsRefusedAndTheDoubtStays) {
  Message message = message_to(number(0));
  message.ttl = 1_h;
  const MessageId id = take_and_lose(message);
  channel_is_well();
  answer(history());
  const auto retry_refused_as = [&](State state) {
    for (const bool even_if_sent : {false, true}) {
      ask(Wish::retry, id, even_if_sent);
      EXPECT_EQ(source.told.back().refusal, Refusal::too_late);
      EXPECT_EQ(state_of(id), state);
      EXPECT_EQ(row_of(id).reason, Reason::maybe_sent);
    }
  };
  clock.advance(59_min);
  ask(Wish::retry, id);
  EXPECT_EQ(source.told.back().refusal, Refusal::maybe_sent);
  clock.advance(1_min);
  retry_refused_as(State::uncertain);
  connect();
  answer(history());
  retry_refused_as(State::held);
  start();
  retry_refused_as(State::held);
  ask(Wish::drop, id);
  EXPECT_EQ(state_of(id), State::dropped);
}

TEST_F(ReconcileTest, RuleResend_SendsOnceMoreForEachDoubt) {
  Message message = message_to(number(0));
  message.on_uncertain = OnUncertain::resend;
  const MessageId id = take_and_lose(message);
  channel_is_well();
  find_nothing(id);
  connect();
  ASSERT_EQ(state_of(id), State::sending);
  EXPECT_EQ(row_of(id).attempts, 2);
  answer(accepted());
  EXPECT_EQ(state_of(id), State::accepted);
}

TEST_F(ReconcileTest, PendingJob_IsLookedUpAndThenMaybeSent) {
  const MessageId id = take(message_to(number(0)));
  connect();
  Answer job = answer_of(200);
  job.job_id = true;
  answer(job);
  EXPECT_EQ(row_of(id).reason, Reason::pending_job);
  channel_is_well();
  find_nothing(id);
  EXPECT_EQ(state_of(id), State::held);
  EXPECT_EQ(row_of(id).reason, Reason::maybe_sent);
}

TEST_F(ReconcileTest, IdOfAnotherMessage_IsNoMatch) {
  const MessageId first = take(message_to(number(0)));
  connect();
  answer(accepted());
  ASSERT_EQ(state_of(first), State::accepted);
  const MessageId same = take_and_lose(message_to(number(0)));
  channel_is_well();
  answer(history("wamid.HBgL"));
  EXPECT_EQ(state_of(same), State::uncertain);
}

TEST_F(ReconcileTest, FoundBeforeAnythingTheLogRemembers_IsNoMatch) {
  const auto accept_one = [this](std::size_t recipient, std::string_view message_id) {
    const MessageId id = take(message_to("1202555" + std::to_string(1000 + recipient)));
    if (uplink.prepared.has_value()) connect();
    Answer its = accepted();
    MUST(its.message_id.assign(message_id));
    answer(its, true);
    return id;
  };
  const UnixTime began = *clock.wall();
  const MessageId old = accept_one(0, "wamid.old");
  for (std::size_t i = 1; i < 700; ++i) {
    clock.advance(1_s);
    accept_one(i, "wamid." + std::to_string(i));
  }
  Message gone;
  Standing standing;
  for (std::uint64_t cursor = 0; queue->next_ended(cursor, gone, standing) == Status::ok;) {
    ASSERT_NE(gone.id, old) << "the log is to have forgotten it";
  }
  // The clock stands back when the doubt arises, and is right after a reboot: the window reaches
  // from then to now.
  const UnixTime now = *clock.wall();
  clock.advance(2_s);
  clock.set_wall(UnixTime{began.s - 60});
  const MessageId doubt = take_and_lose(message_to("1202555" + std::to_string(1000)));
  clock.reboot();
  clock.set_wall(now);
  start();
  agent->turn();
  connect();
  ASSERT_EQ(purpose(), Purpose::history);
  answer(history("wamid.old", Duration{(now.s - began.s) * 1000}));
  EXPECT_EQ(state_of(doubt), State::held);
  EXPECT_EQ(row_of(doubt).reason, Reason::maybe_sent);
}

TEST_F(ReconcileTest, TwoInDoubtToOneNumber_AreNotToldApart) {
  const MessageId first = take_and_lose(message_to(number(0)));
  channel_is_well();
  find_nothing(first);
  const MessageId second = take_and_lose(message_to(number(0)));
  ask(Wish::retry, first, true);  // a person: send it again
  channel_is_well();
  answer(history(), true);
  ASSERT_EQ(purpose(), Purpose::send_template);
  answer(lost());
  ASSERT_EQ(state_of(first), State::uncertain);
  ASSERT_EQ(state_of(second), State::uncertain);
  channel_is_well();
  answer(history("wamid.found"));
  EXPECT_EQ(state_of(first), State::uncertain);
  EXPECT_EQ(state_of(second), State::uncertain);
}

TEST_F(ReconcileTest, Doubt_BlocksItsRecipientAndNobodyElse) {
  settings->retry.spread = 0_s;  // or the backlog waits for that first
  const MessageId doubtful = take_and_lose(message_to(number(0)));
  const MessageId later = take(message_to(number(0), "later"));
  const MessageId other = take(message_to(number(1)));
  channel_is_well();
  ASSERT_EQ(purpose(), Purpose::history);
  answer(history(), true);
  EXPECT_EQ(state_of(other), State::sending) << "a look-up delays it by one exchange at most";
  answer(accepted());
  EXPECT_EQ(state_of(other), State::accepted);
  clock.advance(1_s);
  EXPECT_EQ(row_of(later).reason, Reason::recipient_order);
  EXPECT_EQ(row_of(later).next_attempt.s, 0u);
  EXPECT_EQ(status().next_attempt_in, Duration{kNever.ms});
  find_nothing(doubtful);
  connect();
  EXPECT_EQ(state_of(later), State::sending);
}

TEST_F(ReconcileTest, DroppedDuringTheLookUp_StaysDropped) {
  const MessageId id = take_and_lose(message_to(number(0)));
  channel_is_well();
  ask(Wish::drop, id);
  answer(history("wamid.found"));
  EXPECT_EQ(state_of(id), State::dropped);
}

TEST_F(ReconcileTest, LookUpThatDoesNotGetThrough_IsMadeLater) {
  const MessageId id = take_and_lose(message_to(number(0)));
  channel_is_well();
  answer(cut(Reached::part_of_it, Reason::connect_failed));
  EXPECT_FALSE(uplink.prepared.has_value());
  sleep_until_it_connects();
  EXPECT_EQ(purpose(), Purpose::history);
  answer(history("wamid.found"));
  EXPECT_EQ(state_of(id), State::accepted);
}

TEST_F(ReconcileTest, NobodySetTheClock_DecidesByTheTimeSinceThisBoot) {
  clock.unset_wall();
  const MessageId id = take(message_to(number(0)));
  connect();
  start();
  clock.reboot(false);
  agent->turn();
  connect();
  Answer nothing = answer_of(200);
  answer(nothing);
  EXPECT_EQ(state_of(id), State::uncertain);
  clock.advance(11_min);
  agent->turn();
  connect();
  answer(nothing);
  EXPECT_EQ(state_of(id), State::held);
}

TEST_F(ReconcileTest, Drain_LooksUpAndDecidesAndThenRests) {
  const MessageId id = take_and_lose(message_to(number(0)));
  EXPECT_TRUE(agent->resting()) << "the channel waits";
  clock.advance(24_h);
  EXPECT_FALSE(agent->resting());
  agent->turn();
  connect();
  answer(answer_of(200, true), true);
  answer(history());
  EXPECT_EQ(state_of(id), State::held);
  EXPECT_TRUE(agent->resting());
}

// 503 to one, silence to the next, and a probe in between that says that all is well.
TEST_F(ReconcileTest, ApiInTroubleForAnHour_DoubtsAsManyMessagesAsItSentCanaries) {
  for (std::size_t i = 0; i < 1000; ++i) take(message_to("1202555" + std::to_string(1000 + i)));
  const Instant end = clock.now() + 1_h;
  std::uint32_t canaries = 0;
  bool silent = false;
  while (clock.now() < end) {
    if (uplink.prepared.has_value()) connect();
    while (!agent->quiet()) {
      silent = !silent;
      if (purpose() == Purpose::send_template) ++canaries;
      answer(purpose() == Purpose::channel_status ? answer_of(200, true)
             : silent                             ? answer_of(503)
                                                  : lost(),
             purpose() == Purpose::channel_status);
      if (uplink.prepared.has_value()) connect();
    }
    const Instant next = agent->turn();
    ASSERT_NE(next, kNever);
    clock.advance_to(next);
    agent->turn();
  }
  const StatusReport now = status();
  EXPECT_EQ(now.counts[static_cast<std::size_t>(State::uncertain)] +
                now.counts[static_cast<std::size_t>(State::held)],
            canaries);
  EXPECT_LE(canaries, 12u) << "the waits grow";
  EXPECT_EQ(now.counts[static_cast<std::size_t>(State::queued)], 1000 - canaries);
}

}  // namespace
}  // namespace fieldpost
