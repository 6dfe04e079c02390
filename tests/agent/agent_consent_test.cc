// Who asked for no messages gets none, whatever was on its way.
#include <algorithm>

#include "tests/agent/agent_test.h"

namespace fieldpost {
namespace {

class AgentConsent : public AgentTest {
 protected:
  const Told& tell(Wish wish, std::string_view number) {
    Ask ask;
    ask.tag = ++tag;
    ask.wish = wish;
    MUST(ask.message.to.assign(number));
    agent->on_ask(ask);
    agent->turn();
    return source.told.back();
  }
  const Told& try_to_take(std::string_view phone) {
    Ask ask;
    ask.tag = ++tag;
    ask.wish = Wish::take;
    ask.message = message_to(phone);
    agent->on_ask(ask);
    agent->turn();
    return source.told.back();
  }
  Row ended_as(MessageId id, State state) {
    const Row row = row_of(id);
    EXPECT_EQ(row.state, state);
    return row;
  }
  // A turn for each segment; `told` has the answer.
  const Told& forget(std::string_view number) {
    const std::size_t before = source.told.size();
    Ask ask;
    ask.tag = ++tag;
    ask.wish = Wish::forget;
    MUST(ask.message.to.assign(number));
    agent->on_ask(ask);
    for (int turns = 0; source.told.size() == before && turns < 1000; ++turns) agent->turn();
    return source.told.back();
  }
  bool region_holds(std::string_view text) const {
    const auto wanted = std::as_bytes(std::span(text));
    const auto& bytes = flash.bytes();
    return std::search(bytes.begin(), bytes.end(), wanted.begin(), wanted.end()) != bytes.end();
  }
  void expect_opted_out(MessageId id) {
    EXPECT_EQ(ended_as(id, State::dropped).reason, Reason::opted_out);
  }

  const std::string her = number(1), him = number(2);
};

TEST_F(AgentConsent, ABlockedNumber_IsRefused_AndAnotherIsNot_UntilItIsUnblocked) {
  EXPECT_EQ(tell(Wish::block, her).refusal, Refusal::none);
  for (const bool restarted : {false, true}) {
    if (restarted) start();
    EXPECT_EQ(try_to_take(her).refusal, Refusal::blocked);
    EXPECT_EQ(try_to_take(him).refusal, Refusal::none);
    EXPECT_EQ(status().blocked, 1u);
  }
  EXPECT_EQ(tell(Wish::unblock, her).refusal, Refusal::none);
  EXPECT_EQ(try_to_take(her).refusal, Refusal::none);
}

TEST_F(AgentConsent, WhatWaitsForANumberThatIsBlocked_IsDropped_AndNobodyElsesIs) {
  const MessageId first = take(message_to(her)), hers = take(message_to(her, "Ann")),
                  his = take(message_to(him));
  EXPECT_EQ(tell(Wish::block, her).id, 2u) << "so many ended";
  expect_opted_out(first);
  expect_opted_out(hers);
  EXPECT_EQ(state_of(his), State::queued);
  connect();
  EXPECT_EQ(uplink.sent.size(), 1u);
  EXPECT_NE(uplink.sent[0].body.find(him), std::string::npos);
}

TEST_F(AgentConsent, PowerCutWhileANumberIsBlocked_NothingIsSentToItOnceThatWasPromised) {
  for (std::uint64_t cut = 0;; ++cut) {
    flash = FakeFlash{FakeFlash::file(32, 64 * 1024)};
    start(Sending::off);
    for (int i = 0; i < 40; ++i)
      take(message_to(her, std::string(900, static_cast<char>('a' + i % 26))));
    flash.cut_power_after(cut);
    source.told.clear();
    const bool promised = tell(Wish::block, her).refusal == Refusal::none;
    const bool finished = !flash.lost_power();
    flash = flash.after_cut(cut);
    start();
    if (queue->is_blocked(her)) {
      if (uplink.prepared.has_value()) connect();
      agent->turn();
      EXPECT_TRUE(uplink.sent.empty());
      EXPECT_TRUE(queue->live().empty());
    } else {
      EXPECT_FALSE(promised);
      EXPECT_EQ(queue->live().size(), 40u);
    }
    if (finished) break;
  }
}

TEST_F(AgentConsent, WhatIsBeingSentWhenItsNumberIsBlocked_GoesItsWay_AndNotTwice) {
  const MessageId accepted_one = take(message_to(her));
  connect();
  tell(Wish::block, her);
  EXPECT_EQ(state_of(accepted_one), State::sending);
  answer(accepted());
  EXPECT_EQ(state_of(accepted_one), State::accepted);

  const MessageId deferred = take(message_to(him));
  connect();
  tell(Wish::block, him);
  answer(answer_of(200, false, 131016));  // try again later
  expect_opted_out(deferred);
}

TEST_F(AgentConsent, ADoubt_IsNotSentAgain_ToANumberThatIsBlocked) {
  Message message = message_to(her);
  message.on_uncertain = OnUncertain::resend;
  settings->uncertain.patience = 0_s;
  const MessageId id = take(message);
  connect();
  answer(cut(Reached::all_of_it, Reason::connect_failed));
  ASSERT_EQ(state_of(id), State::uncertain);
  tell(Wish::block, her);
  EXPECT_EQ(state_of(id), State::uncertain) << "the customer may have it";
  while (queue->find(id) != nullptr) {
    sleep_until_next_turn();
    if (!uplink.prepared.has_value()) continue;
    connect();
    ASSERT_NE(uplink.sent.back().purpose, Purpose::send_template);
    Answer nothing = answer_of(200);
    nothing.sent = uplink.sent.back().purpose == Purpose::channel_status;
    answer(nothing);
  }
  expect_opted_out(id);
}

TEST_F(AgentConsent, WhatIsHeldAsMaybeSent_StaysForAPerson_WhoCannotSendItEither) {
  const MessageId id = take(message_to(her));
  settings->uncertain.patience = 0_s;
  connect();
  answer(cut(Reached::all_of_it, Reason::connect_failed));
  while (state_of(id) == State::uncertain) {
    sleep_until_next_turn();
    if (!uplink.prepared.has_value()) continue;
    connect();
    Answer nothing = answer_of(200);
    nothing.sent = uplink.sent.back().purpose == Purpose::channel_status;
    answer(nothing);
  }
  ASSERT_EQ(state_of(id), State::held);
  tell(Wish::block, her);
  EXPECT_EQ(state_of(id), State::held);
  ask(Wish::retry, id, true);
  EXPECT_EQ(source.told.back().refusal, Refusal::blocked);
  tell(Wish::unblock, her);
  ask(Wish::retry, id, true);
  EXPECT_EQ(source.told.back().refusal, Refusal::none);
}

TEST_F(AgentConsent, WhatHasFailed_IsNotRetried_WhereTheNumberIsBlocked) {
  const MessageId id = take(message_to(her));
  connect();
  answer(answer_of(200, false, 131026));
  ASSERT_EQ(state_of(id), State::failed);
  tell(Wish::block, her);
  ask(Wish::retry, id);
  EXPECT_EQ(source.told.back().refusal, Refusal::blocked);
}

TEST_F(AgentConsent, OptedOut_AsAnAnswer_BlocksTheNumber_AndDropsWhatWaits) {
  const MessageId id = take(message_to(her)), next = take(message_to(her, "Ann"));
  connect();
  answer(answer_of(200, false, 131050));
  EXPECT_EQ(ended_as(id, State::failed).reason, Reason::opted_out);
  expect_opted_out(next);
  EXPECT_EQ(try_to_take(her).refusal, Refusal::blocked);
  start();
  EXPECT_EQ(try_to_take(her).refusal, Refusal::blocked);
  EXPECT_EQ(try_to_take(him).refusal, Refusal::none);
}

TEST_F(AgentConsent, OptedOut_AsNews_BlocksTheNumberInTheSameCommit) {
  settings->tracking.until = TrackUntil::delivered;
  const MessageId id = take(message_to(her));
  connect();
  answer(accepted());
  ASSERT_EQ(state_of(id), State::accepted);
  while (uplink.sent.back().purpose != Purpose::hook_info) {
    sleep_until_next_turn();
    if (uplink.prepared.has_value()) connect();
  }
  Answer news = answer_of(200);
  news.news = State::failed;
  news.code = 131050;
  const std::uint64_t before = queue->usage().syncs;
  answer(news);
  EXPECT_EQ(queue->usage().syncs, before + 1);
  EXPECT_EQ(ended_as(id, State::failed).reason, Reason::opted_out);
  EXPECT_TRUE(queue->is_blocked(her));
}

TEST_F(AgentConsent, AFullList_IsSaid_AndTheMessageEndsAllTheSame) {
  for (std::size_t n = 0; n < limits::blocked_max; ++n) {
    ASSERT_EQ(queue->set_blocked("4930" + std::to_string(100'000 + n), true), Status::ok);
  }
  EXPECT_EQ(tell(Wish::block, her).refusal, Refusal::list_full);
  const MessageId id = take(message_to(her));
  connect();
  answer(answer_of(200, false, 131050));
  EXPECT_EQ(state_of(id), State::failed);
  EXPECT_FALSE(queue->is_blocked(her));
}

TEST_F(AgentConsent, Forget_EndsWhatWaits_AndLeavesNothingOfItInTheRegion) {
  const MessageId gone = take(message_to(her, "a word to her")), his = take(message_to(him));
  connect();
  answer(accepted());
  ASSERT_EQ(state_of(gone), State::accepted);
  take(message_to(her, "one more word"));
  tell(Wish::block, number(3));
  ASSERT_TRUE(region_holds(her));
  const Told& told = forget(her);
  EXPECT_EQ(told.refusal, Refusal::none);
  EXPECT_EQ(told.tag, tag);
  EXPECT_EQ(told.id, 1u) << "so many waited";
  for (const std::string_view text : {std::string_view(her), std::string_view("a word to her"),
                                      std::string_view("one more word")}) {
    EXPECT_FALSE(region_holds(text)) << text;
  }
  EXPECT_TRUE(region_holds(him));
  start();
  EXPECT_EQ(state_of(his), State::queued);
  EXPECT_EQ(queue->live().size(), 1u);
  EXPECT_TRUE(queue->is_blocked(number(3)));
  EXPECT_EQ(forget(her).refusal, Refusal::none) << "nothing is left: that is no mistake";
}

TEST_F(AgentConsent, Forget_KeepsABlock) {
  take(message_to(her));
  tell(Wish::block, her);
  EXPECT_EQ(forget(her).refusal, Refusal::none);
  EXPECT_FALSE(region_holds(her));
  start();
  EXPECT_EQ(try_to_take(her).refusal, Refusal::blocked);
}

TEST_F(AgentConsent, Forget_OfOneThatIsBeingSent_IsForAMomentLater) {
  take(message_to(her));
  connect();
  EXPECT_EQ(forget(her).refusal, Refusal::busy);
  answer(accepted());
  EXPECT_EQ(forget(her).refusal, Refusal::none);
  EXPECT_FALSE(region_holds(her));
}

TEST_F(AgentConsent, Forget_WhileItGoesOn_OthersAreTaken_AndASecondOneWaits) {
  take(message_to(her));
  Ask ask;
  ask.tag = 7000;
  ask.wish = Wish::forget;
  MUST(ask.message.to.assign(her));
  agent->on_ask(ask);
  ask.tag = 7001;
  MUST(ask.message.to.assign(him));
  agent->on_ask(ask);
  EXPECT_EQ(source.told.back().refusal, Refusal::busy);
  EXPECT_EQ(try_to_take(him).refusal, Refusal::none);
  while (source.told.back().tag != 7000) agent->turn();
  EXPECT_EQ(source.told.back().refusal, Refusal::none);
  EXPECT_FALSE(region_holds(her));
}

TEST_F(AgentConsent, WhatEndedLongAgo_IsErasedByItself_WhatWaitsIsNot) {
  settings->personal_for = Duration{30 * 86'400'000ull};
  const MessageId old = take(message_to(her, "a word to her"));
  connect();
  answer(accepted());
  ASSERT_EQ(state_of(old), State::accepted);
  ask(Wish::pause, 0);
  const MessageId waits = take(message_to(him));
  std::uint64_t days = 0;
  for (; region_holds(her) && days < 40; ++days) {
    const std::uint64_t before = flash.writes();
    const Instant tomorrow = clock.now() + 24_h;
    for (Instant next = agent->turn(); next < tomorrow; next = agent->turn())
      clock.advance_to(next);
    clock.advance_to(tomorrow);
    EXPECT_LE(flash.writes() - before, 25u) << "a mark an hour for who waits, at most";
  }
  EXPECT_GE(days, 30u);
  EXPECT_LE(days, 33u);
  EXPECT_FALSE(region_holds("a word to her"));
  EXPECT_NE(queue->find(waits), nullptr);
}

}  // namespace
}  // namespace fieldpost
