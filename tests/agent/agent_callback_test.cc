// What callbacks tell of messages: ours and others', repeated, out of order, at any moment.
#include <gtest/gtest.h>

#include <memory>
#include <string>

#include "tests/agent/agent_test.h"

namespace fieldpost {
namespace {

struct Event {
  const char* message_id;
  State state;
  std::int32_t code = 0;
  const char* words = "";
};

class CalledBack : public AgentTest {
 protected:
  CalledBack() { settings->tracking.until = TrackUntil::read; }

  MessageId accept(std::size_t n, std::string_view message_id) {
    const MessageId id = take(message_to(number(n)));
    if (uplink.prepared.has_value()) connect();
    Answer a = accepted();
    MUST(a.message_id.assign(message_id));
    answer(a);
    return id;
  }
  void arrive(std::initializer_list<Event> events) {
    const auto news = std::make_unique<News>();
    news->tag = ++tag;
    for (const Event& event : events) {
      Answer& one = news->told[news->count++];
      MUST(one.message_id.assign(event.message_id));
      MUST(one.detail.assign(event.words));
      one.news = event.state;
      one.code = event.code;
    }
    agent->on_news(*news);
  }
  Refusal post(std::initializer_list<Event> events) {
    arrive(events);
    agent->turn();
    EXPECT_EQ(source.told.back().tag, tag);
    return source.told.back().refusal;
  }
  bool is_live(MessageId id) { return queue->find(id) != nullptr; }
};

TEST_F(CalledBack, ForwardOnly_RepeatedAndOutOfOrderChangesNothing) {
  const MessageId id = accept(0, "a");
  EXPECT_EQ(post({{"a", State::delivered}}), Refusal::none);
  EXPECT_EQ(state_of(id), State::delivered);
  const UnixTime delivered_at = row_of(id).delivered_at;
  EXPECT_EQ(delivered_at, *clock.wall());
  const std::uint64_t syncs = flash.syncs();
  clock.advance_to(clock.now() + 5_s);
  for (const State old : {State::delivered, State::sent, State::accepted, State::failed}) {
    EXPECT_EQ(post({{"a", old}}), Refusal::none);
    EXPECT_EQ(state_of(id), State::delivered);
  }
  EXPECT_EQ(flash.syncs(), syncs) << "nothing was written";
  EXPECT_EQ(post({{"a", State::read}}), Refusal::none);
  EXPECT_EQ(state_of(id), State::read);
  EXPECT_FALSE(is_live(id));
  EXPECT_EQ(row_of(id).delivered_at, delivered_at);
}

TEST_F(CalledBack, Failed_KeepsCodeAndWords) {
  const MessageId id = accept(0, "a");
  post({{"a", State::failed, 131026, "Message undeliverable"}});
  EXPECT_EQ(state_of(id), State::failed);
  EXPECT_EQ(row_of(id).code, 131026);
  EXPECT_EQ(row_of(id).detail, "Message undeliverable");
  EXPECT_EQ(row_of(id).reason, Reason::recipient_unreachable);
  EXPECT_FALSE(is_live(id));
  post({{"a", State::delivered}});
  EXPECT_EQ(state_of(id), State::failed);
}

TEST_F(CalledBack, OfOthers_IsAnsweredWithoutAReadOrASync) {
  const MessageId id = accept(0, "a");
  const std::uint64_t syncs = flash.syncs(), bytes_read = flash.bytes_read();
  EXPECT_EQ(post({{"b", State::read}, {"aa", State::read}, {"A", State::failed}}), Refusal::none);
  EXPECT_EQ(flash.syncs(), syncs);
  EXPECT_EQ(flash.bytes_read(), bytes_read);
  EXPECT_EQ(state_of(id), State::accepted);
}

TEST_F(CalledBack, OneOfManyMessages_IsOneSync) {
  settings->tracking.until = TrackUntil::delivered;
  const MessageId first = accept(0, "a"), second = accept(1, "b"), third = accept(2, "c");
  const std::uint64_t syncs = flash.syncs();
  post(
      {{"a", State::sent}, {"b", State::delivered}, {"a", State::delivered}, {"c", State::failed}});
  EXPECT_EQ(flash.syncs(), syncs + 1);
  EXPECT_EQ(state_of(first), State::delivered);
  EXPECT_EQ(state_of(second), State::delivered);
  EXPECT_EQ(state_of(third), State::failed);
}

TEST_F(CalledBack, Yes_ComesAfterTheSync) {
  accept(0, "a");
  const std::size_t told = source.told.size();
  arrive({{"a", State::sent}});
  arrive({{"a", State::sent}});  // again, before the first is durable
  EXPECT_EQ(source.told.size(), told);
  const std::uint64_t syncs = flash.syncs();
  agent->turn();
  EXPECT_EQ(flash.syncs(), syncs + 1);
  EXPECT_EQ(source.told.size(), told + 2);
}

TEST_F(CalledBack, StoreFails_IsNoYes) {
  accept(0, "a");
  flash.fail_next_sync();
  EXPECT_EQ(post({{"a", State::sent}}), Refusal::storage);
  EXPECT_EQ(post({{"b", State::sent}}), Refusal::storage);
}

TEST_F(CalledBack, MoreThanHaveRoomToWait_AreAnsweredAll) {
  accept(0, "a");
  const std::size_t told = source.told.size();
  for (std::size_t i = 0; i < 2 * limits::local_connections_max + 1; ++i) {
    arrive({{"a", State::sent}});
  }
  agent->turn();
  EXPECT_EQ(source.told.size(), told + 2 * limits::local_connections_max + 1);
}

TEST_F(CalledBack, AfterARestart_TheIdIsKnown) {
  const MessageId id = accept(0, "a");
  start();
  post({{"a", State::delivered}});
  EXPECT_EQ(state_of(id), State::delivered);
}

TEST_F(CalledBack, WhileAQuestionIsOut_ItsOlderAnswerTakesNothingBack) {
  const MessageId id = accept(0, "a");
  for (int i = 0; i < 10 && uplink.sent.back().purpose != Purpose::hook_info; ++i) {
    sleep_until_next_turn();
    if (uplink.prepared.has_value()) connect();
  }
  ASSERT_EQ(uplink.sent.back().purpose, Purpose::hook_info);
  ASSERT_FALSE(agent->quiet());
  post({{"a", State::delivered}});
  Answer older = answer_of(200);
  older.news = State::sent;
  answer(older);
  EXPECT_EQ(state_of(id), State::delivered);
  start();
  EXPECT_EQ(state_of(id), State::delivered);
}

TEST_F(CalledBack, BeforeItWasAccepted_IsNobodys) {
  const MessageId id = take(message_to(number(0)));
  post({{"a", State::delivered}});
  EXPECT_EQ(state_of(id), State::queued);
}

TEST_F(CalledBack, BeforeTheAnswerToItsOwnSending_CountsOnceThatIsHere) {
  const MessageId id = take(message_to(number(0)));
  connect();
  agent->turn();
  post({{"a", State::sent}, {"b", State::read}, {"a", State::delivered}});
  EXPECT_EQ(state_of(id), State::sending);
  Answer a = accepted();
  MUST(a.message_id.assign("a"));
  answer(a);
  EXPECT_EQ(state_of(id), State::delivered);
  start();
  EXPECT_EQ(state_of(id), State::delivered);
}

TEST_F(CalledBack, BeforeAnAnswerThatNeverComes_CountsOnceTheLookUpHasFoundIt) {
  settings->tracking.until = TrackUntil::delivered;
  const MessageId id = take(message_to(number(0)));
  connect();
  agent->turn();
  post({{"a", State::delivered}});
  answer(cut(Reached::all_of_it, Reason::network_down));
  ASSERT_EQ(state_of(id), State::uncertain);
  for (int i = 0; i < 20 && uplink.sent.back().purpose != Purpose::history; ++i) {
    sleep_until_next_turn();
    if (uplink.prepared.has_value()) connect();
    if (uplink.sent.back().purpose != Purpose::channel_status || agent->quiet()) continue;
    answer(answer_of(200, true), true);
    agent->turn();
  }
  ASSERT_EQ(uplink.sent.back().purpose, Purpose::history);
  Answer found = answer_of(200, true);
  MUST(found.message_id.assign("a"));
  found.time = *clock.wall();
  answer(found);
  EXPECT_EQ(state_of(id), State::delivered);
  EXPECT_FALSE(is_live(id));
}

TEST_F(CalledBack, FailedAndDeliveredInOne_IsOnThePhoneInWhicheverOrder) {
  const MessageId first = accept(0, "a"), second = accept(1, "b");
  post({{"a", State::failed},
        {"b", State::delivered},
        {"a", State::delivered},
        {"b", State::failed}});
  EXPECT_EQ(state_of(first), State::delivered);
  EXPECT_EQ(state_of(second), State::delivered);
}

TEST_F(CalledBack, NoNumberAndNoText_IsInTheLog) {
  accept(0, "a");
  post({{"a", State::failed, 131026, "words of the API"}});
  for (const std::string& line : log.lines) {
    EXPECT_EQ(line.find(number(0)), std::string::npos) << line;
    EXPECT_EQ(line.find("words of the API"), std::string::npos) << line;
  }
  EXPECT_EQ(log.lines.back(),
            "message id=1 scenario=next-step to=1202•••0100 message_id=a state=failed "
            "reason=recipient_unreachable code=131026");
}

}  // namespace
}  // namespace fieldpost
