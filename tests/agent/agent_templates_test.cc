// A refused template holds its scenario, and no other, until the list and one message say better.
#include <gtest/gtest.h>

#include <string>

#include "tests/agent/agent_test.h"

namespace fieldpost {
namespace {

class TemplatesTest : public AgentTest {
 protected:
  TemplatesTest() {
    other = message_to(number(50));
    MUST(other.scenario.assign("status-changed"));
  }
  Purpose purpose() { return uplink.sent.back().purpose; }
  void sleep_until_it_connects() {
    for (int i = 0; i < 50 && !uplink.prepared.has_value(); ++i) {
      ASSERT_NO_FATAL_FAILURE(sleep_until_next_turn());
    }
    connect();
  }
  MessageId take_and_refuse(const Message& message, const Answer& refusal = answer_of(422)) {
    const MessageId id = take(message);
    if (uplink.prepared.has_value()) connect();
    answer(refusal);
    return id;
  }
  // The scenario's wait passes, and the list is asked for.
  void list_is(const Answer& list, bool kept = true) {
    sleep_until_it_connects();
    ASSERT_EQ(purpose(), Purpose::templates);
    answer(list, kept);
  }
  static Answer list(bool there, bool good, bool more = false) {
    Answer a = answer_of(200);
    a.names_template = there;
    a.sent = good;
    a.more = more;
    return a;
  }
  Message other;
};

TEST_F(TemplatesTest, RefusedTemplate_LeavesTheMessageQueuedAndItsAttemptUnburnt) {
  Answer refusal = answer_of(404);
  refusal.names_template = true;
  MUST(refusal.detail.assign("template is not defined"));
  const MessageId id = take_and_refuse(message_to(number(0)), refusal);
  EXPECT_EQ(state_of(id), State::queued);
  EXPECT_EQ(row_of(id).reason, Reason::template_unknown);
  EXPECT_EQ(row_of(id).detail.view(), "template is not defined");
  EXPECT_EQ(row_of(id).attempts, 0);
  EXPECT_GE(row_of(id).next_attempt.s, clock.wall()->s + 60);
}

TEST_F(TemplatesTest, ScenarioWaitsAndOthersFlow) {
  take_and_refuse(message_to(number(0)));
  const MessageId same = take(message_to(number(1)));
  EXPECT_FALSE(uplink.prepared.has_value());
  EXPECT_EQ(row_of(same).reason, Reason::template_mismatch);
  const MessageId flows = take(other);
  connect();
  answer(accepted());
  EXPECT_EQ(state_of(flows), State::accepted);
  EXPECT_EQ(status().channel, Reason::none);
}

TEST_F(TemplatesTest, ListSaysThatItIsGood_OneTriesAndThenTheRest) {
  const MessageId first = take_and_refuse(message_to(number(0)));
  const MessageId second = take(message_to(number(1)));
  const Instant refused = clock.now();
  list_is(list(true, true));
  EXPECT_GE(clock.now() - refused, 1_min);
  EXPECT_EQ(state_of(second), State::sending) << "another one than the refused one first";
  EXPECT_EQ(state_of(first), State::queued);
  answer(accepted(), true);
  EXPECT_EQ(state_of(first), State::sending);
  answer(accepted());
  EXPECT_EQ(state_of(first), State::accepted);
}

TEST_F(TemplatesTest, OnlyOneWaits_ItTriesItself) {
  const MessageId only = take_and_refuse(message_to(number(0)));
  list_is(list(true, true), false);
  sleep_until_it_connects();
  EXPECT_EQ(purpose(), Purpose::send_template);
  answer(accepted());
  EXPECT_EQ(state_of(only), State::accepted);
}

TEST_F(TemplatesTest, ListSaysThatItIsNotGood_WaitsLongerAndSendsNothing) {
  take_and_refuse(message_to(number(0)));
  Duration longest;
  for (int i = 0; i < 12; ++i) {
    const Instant before = clock.now();
    list_is(list(true, false), false);
    longest = std::max(longest, clock.now() - before);
    EXPECT_LE(clock.now() - before, 1_h);
  }
  EXPECT_GE(longest, 30_min);
  EXPECT_EQ(status().counts[static_cast<std::size_t>(State::queued)], 1u);
}

TEST_F(TemplatesTest, ListThatCannotBeReadOrDoesNotHoldIt_IsNoReasonToWaitForEver) {
  for (const Answer& silent : {answer_of(404), answer_of(503), list(false, false),
                               cut(Reached::all_of_it, Reason::api_trouble)}) {
    const MessageId id = take_and_refuse(message_to(number(0)));
    list_is(silent, false);
    sleep_until_it_connects();
    EXPECT_EQ(purpose(), Purpose::send_template);
    answer(accepted());
    EXPECT_EQ(state_of(id), State::accepted);
  }
}

TEST_F(TemplatesTest, ListOfManyPages_IsReadToItsEndButNotForEver) {
  take_and_refuse(message_to(number(0)));
  list_is(list(false, false, true));
  EXPECT_EQ(uplink.sent.back().path, "/VID1/templates?limit=8&offset=8");
  int pages = 1;
  for (; purpose() == Purpose::templates && !agent->quiet() && pages < 1000; ++pages) {
    answer(list(false, false, true), true);
  }
  EXPECT_LE(pages, 80);
}

TEST_F(TemplatesTest, StillRefused_WaitsAgainAndLonger) {
  const MessageId first = take_and_refuse(message_to(number(0)));
  const MessageId second = take(message_to(number(1)));
  list_is(list(true, true));
  answer(answer_of(422));
  EXPECT_EQ(state_of(first), State::queued);
  EXPECT_EQ(state_of(second), State::queued);
  EXPECT_EQ(row_of(first).reason, Reason::template_mismatch);
  EXPECT_TRUE(agent->quiet());
}

TEST_F(TemplatesTest, OneThatIsRefusedWhileOthersAreAccepted_IsHeldByItself) {
  const MessageId bad = take_and_refuse(message_to(number(0)));
  const MessageId good = take(message_to(number(1)));
  list_is(list(true, true));
  answer(accepted(), true);
  EXPECT_EQ(state_of(good), State::accepted);
  ASSERT_EQ(state_of(bad), State::sending);
  answer(answer_of(422), true);
  EXPECT_EQ(state_of(bad), State::held);
  EXPECT_EQ(row_of(bad).reason, Reason::template_mismatch);
  const MessageId next = take(message_to(number(2)));
  EXPECT_EQ(state_of(next), State::sending);
}

TEST_F(TemplatesTest, TwoBadOnes_DoNotKeepTheGoodOnesBehindThem) {
  take_and_refuse(message_to(number(0)));
  take(message_to(number(1)));
  const MessageId good = take(message_to(number(2)));
  for (int i = 0; i < 3 && state_of(good) == State::queued; ++i) {
    list_is(list(true, true));
    answer(uplink.sent.back().body.find(number(2)) != std::string::npos ? accepted()
                                                                        : answer_of(422));
  }
  EXPECT_EQ(state_of(good), State::accepted);
}

TEST_F(TemplatesTest, HeldScenario_DoesNotKeepTheSamePersonsOthers) {
  take_and_refuse(message_to(number(0)));
  MUST(other.to.assign(number(0)));
  settings->pace.per_recipient = {};
  const MessageId flows = take(other);
  if (uplink.prepared.has_value()) connect();
  answer(accepted());
  EXPECT_EQ(state_of(flows), State::accepted);
}

TEST_F(TemplatesTest, Restart_TriesAtOnce) {
  const MessageId id = take_and_refuse(message_to(number(0)));
  start();
  agent->turn();
  connect();
  EXPECT_EQ(purpose(), Purpose::send_template);
  answer(accepted());
  EXPECT_EQ(state_of(id), State::accepted);
}

TEST_F(TemplatesTest, CanaryRefusedForItsTemplate_ProvesTheChannel) {
  take(message_to(number(0)));
  connect();
  answer(answer_of(503));
  ASSERT_EQ(status().channel, Reason::api_trouble);
  take(message_to(number(1)));
  sleep_until_it_connects();
  answer(answer_of(200, true), true);  // the probe
  answer(answer_of(404), true);        // the look-up
  answer(answer_of(422));
  EXPECT_EQ(status().channel, Reason::none);
}

TEST_F(TemplatesTest, ManyScenarios_AreHeldEachByItself) {
  for (std::size_t i = 0; i < limits::scenarios_max; ++i) {
    Message m = message_to(number(i));
    MUST(m.scenario.assign("scenario-" + std::to_string(i)));
    EXPECT_EQ(state_of(take_and_refuse(m)), State::queued);
  }
  EXPECT_EQ(state_of(take_and_refuse(other)), State::held) << "more than can be configured";
}

}  // namespace
}  // namespace fieldpost
