// What one app handed in is another's business only where it may read all; and how much of the queue
// one app may fill.
#include <algorithm>
#include <vector>

#include "tests/agent/agent_test.h"

namespace fieldpost {
namespace {

class Rights : public AgentTest {
 protected:
  Rights() { settings->intake.allow.count = 1; }

  static Message of(std::string_view app, std::size_t n, std::string_view topic = "") {
    Message m = message_to(number(n));
    MUST(m.source.assign(app));
    MUST(m.topic.assign(topic));
    return m;
  }
  // What `app` is told when it may read and decide of its own only.
  const Told& told_to(std::string_view app, Wish wish, MessageId id = 0, std::uint64_t cursor = 0) {
    Ask ask;
    ask.tag = ++tag;
    ask.wish = wish;
    ask.id = ask.query.only = id;
    ask.query.cursor = cursor;
    MUST(ask.query.of_source.assign(app));
    agent->on_ask(ask);
    agent->turn();
    return last();
  }
  const Told& last() const { return source.told.back(); }
  std::vector<MessageId> listed(std::string_view app, Wish wish) {
    std::vector<MessageId> ids;
    std::uint64_t cursor = 0;
    for (;;) {
      const Told& told = told_to(app, wish, 0, cursor);
      for (std::uint32_t i = 0; i < told.row_count; ++i) ids.push_back(told.rows[i].id);
      cursor = told.cursor;
      if (!told.more && (wish == Wish::rows || told.row_count == 0)) return ids;
    }
  }
  Refusal take_within(std::string_view app, std::uint8_t share, std::size_t n) {
    Ask ask;
    ask.tag = ++tag;
    ask.wish = Wish::take;
    ask.message = of(app, n);
    ask.share_percent = share;
    agent->on_ask(ask);
    agent->turn();
    return last().refusal;
  }
};

TEST_F(Rights, RowsOfOthers_AreNotThere_LiveAndEnded) {
  const MessageId mine = take(of("uid:1", 1)), theirs = take(of("uid:2", 2));
  const MessageId mine_ended = take(of("uid:1", 3)), theirs_ended = take(of("uid:2", 4));
  ask(Wish::drop, mine_ended);
  ask(Wish::drop, theirs_ended);
  EXPECT_EQ(listed("uid:1", Wish::rows), (std::vector{mine_ended, mine}));
  EXPECT_EQ(listed("uid:2", Wish::rows), (std::vector{theirs_ended, theirs}));
  EXPECT_EQ(listed("uid:3", Wish::rows), std::vector<MessageId>{});
  EXPECT_EQ(told_to("uid:1", Wish::rows, mine).row_count, 1u);
  EXPECT_EQ(told_to("uid:1", Wish::rows, theirs).row_count, 0u);
  EXPECT_EQ(told_to("uid:1", Wish::rows, theirs_ended).row_count, 0u);
}

TEST_F(Rights, RowsAfterARestart_AreStillTheirOwners) {
  const MessageId mine = take(of("uid:1", 1));
  take(of("uid:2", 2));
  start();
  EXPECT_EQ(listed("uid:1", Wish::rows), std::vector{mine});
}

TEST_F(Rights, DecidingAboutAnothers_IsNotFound_AndChangesNothing) {
  const MessageId theirs = take(of("uid:2", 1)), ended = take(of("uid:2", 2));
  ask(Wish::drop, ended);
  for (const MessageId id : {theirs, ended, MessageId{99}}) {
    EXPECT_EQ(told_to("uid:1", Wish::drop, id).refusal, Refusal::not_found);
    EXPECT_EQ(told_to("uid:1", Wish::retry, id).refusal, Refusal::not_found);
  }
  EXPECT_EQ(state_of(theirs), State::queued);
  EXPECT_EQ(told_to("uid:2", Wish::drop, theirs).refusal, Refusal::none);
  EXPECT_EQ(state_of(theirs), State::dropped);
}

TEST_F(Rights, ANameThatEndsWithAColon_StandsForAllThatBeginSo) {
  const MessageId door = take(of("coap:door", 1)), kiosk = take(of("coap:kiosk", 2));
  take(of("uid:1", 3));
  EXPECT_EQ(listed("coap:", Wish::rows), (std::vector{door, kiosk}));
  EXPECT_EQ(listed("coap:", Wish::events), (std::vector{door, kiosk}));
  EXPECT_EQ(listed("coap:door", Wish::rows), std::vector{door});
  EXPECT_EQ(told_to("coap:kiosk", Wish::drop, door).refusal, Refusal::not_found);
}

TEST_F(Rights, EventsOfOthers_ArePassedOver_HoweverMany) {
  const MessageId first = take(of("uid:1", 1));
  for (std::size_t n = 0; n < 300; ++n) take(of("uid:2", 2 + n));
  const MessageId last = take(of("uid:1", 400));
  EXPECT_EQ(listed("uid:1", Wish::events), (std::vector{first, last}));
  EXPECT_EQ(listed("uid:3", Wish::events), std::vector<MessageId>{});
}

TEST_F(Rights, ATopicOfAnothers_EndsNothing) {
  const MessageId theirs = take(of("uid:2", 1, "visit"));
  const MessageId mine = take(of("uid:1", 1, "visit"));
  EXPECT_EQ(state_of(theirs), State::queued);
  take(of("uid:1", 1, "visit"));
  EXPECT_EQ(state_of(mine), State::superseded);
}

TEST_F(Rights, WhomARelaySpeaksFor_HasTopicsOfItsOwn_WhereNobodyElseHas) {
  settings->intake.allow.count = 0;
  const MessageId door = take(of("coap:door", 1, "visit")), app = take(of("uid:1", 1, "visit"));
  take(of("coap:kiosk", 1, "visit"));
  EXPECT_EQ(state_of(door), State::queued);
  EXPECT_EQ(state_of(app), State::queued);
  take(of("coap:door", 1, "visit"));
  EXPECT_EQ(state_of(door), State::superseded);
}

TEST_F(Rights, WhereNobodyIsToldApart_ATopicIsEverybodys) {
  settings->intake.allow.count = 0;
  const MessageId older = take(of("uid:2", 1, "visit"));
  take(of("uid:1", 1, "visit"));
  EXPECT_EQ(state_of(older), State::superseded);
}

TEST_F(Rights, Share_BoundsTheLiveMessagesOfOneApp_AndNobodyElses) {
  messages_max = 50;
  start();
  for (std::size_t n = 0; n < 10; ++n) EXPECT_EQ(take_within("uid:1", 20, n), Refusal::none);
  EXPECT_EQ(take_within("uid:1", 20, 10), Refusal::share_full);
  start();  // counted anew
  EXPECT_EQ(take_within("uid:1", 20, 10), Refusal::share_full);
  EXPECT_EQ(take_within("uid:2", 20, 11), Refusal::none);
  ask(Wish::drop, 1);
  EXPECT_EQ(take_within("uid:1", 20, 12), Refusal::none);
  EXPECT_EQ(take_within("uid:1", 20, 13), Refusal::share_full);
}

TEST_F(Rights, Share_BoundsTheRoomAsWell) {
  std::size_t taken = 0;
  const std::string text(600, 'x');
  for (;; ++taken) {
    Ask ask;
    ask.wish = Wish::take;
    ask.message = of("uid:1", taken);
    ask.message.values.clear();
    MUST(ask.message.values.add(text));
    ask.share_percent = 10;
    agent->on_ask(ask);
    agent->turn();
    if (last().refusal != Refusal::none) break;
  }
  EXPECT_EQ(last().refusal, Refusal::share_full);
  const QueueUsage usage = queue->usage();
  EXPECT_LT(taken, usage.live_max / 10u) << "the room ends first";
  // The last one may stand across the line.
  EXPECT_LE(usage.used_bytes, usage.room_bytes / 10 + Queue::used_by(queue->live().back()));
  EXPECT_EQ(take_within("uid:2", 10, 999), Refusal::none);
}

TEST_F(Rights, Share_HoldsForARetryThatMakesANewMessage) {
  messages_max = 10;
  start();
  EXPECT_EQ(take_within("uid:1", 10, 1), Refusal::none);
  connect();
  answer(answer_of(200, false, 131026));
  ASSERT_EQ(state_of(1), State::failed);
  EXPECT_EQ(take_within("uid:1", 10, 2), Refusal::none);
  Ask again;
  again.wish = Wish::retry;
  again.id = 1;
  again.share_percent = 10;
  agent->on_ask(again);
  agent->turn();
  EXPECT_EQ(last().refusal, Refusal::share_full);
}

}  // namespace
}  // namespace fieldpost
