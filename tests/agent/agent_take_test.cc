// What becomes of a message that is handed in twice, and of an older one on its topic.
#include <gtest/gtest.h>

#include <memory>
#include <string>

#include "agent/agent.h"
#include "tests/fakes/fake_clock.h"
#include "tests/fakes/fake_entropy.h"
#include "tests/fakes/fake_flash.h"
#include "tests/fakes/fake_source.h"
#include "tests/fakes/fake_uplink.h"
#include "tests/fakes/quiet_log.h"

namespace fieldpost {
namespace {

Message message_with(std::string_view key, std::string_view topic, std::string_view text) {
  Message m;
  MUST(m.scenario.assign("next-step"));
  MUST(m.to.assign("12025550123"));
  MUST(m.template_name.assign("next_step"));
  MUST(m.template_namespace.assign("NS"));
  MUST(m.language.assign("en"));
  MUST(m.key.assign(key));
  MUST(m.topic.assign(topic));
  MUST(m.values.add(text));
  return m;
}
Message about(std::string_view topic, std::string_view text) {
  return message_with("", topic, text);
}

Answer answer_of(std::uint16_t http) {
  Answer a;
  a.reached = Reached::all_of_it;
  a.http = http;
  a.parsed = true;
  a.sent = http == 200;
  if (a.sent) MUST(a.message_id.assign("wamid.HBgL"));
  return a;
}

class AgentTake : public testing::Test {
 protected:
  AgentTake() {
    settings = std::make_unique<Settings>();
    MUST(settings->api.channel.assign("VID1"));
    settings->personal_for = {};
    start();
  }

  void start() {
    agent.reset();
    queue = std::make_unique<Queue>(*flash, clock, 4096, Remembering{1024, 60_s});
    constexpr std::array<std::byte, 16> kStoreId{std::byte{1}};
    RecoveryReport report;
    ASSERT_EQ(queue->open(kStoreId, report), Status::ok);
    uplink = FakeUplink{};
    agent = std::make_unique<Agent>(*settings, *queue, uplink, source, clock, entropy, log.log,
                                    Sending::on);
  }

  // Puts it in; nothing is durable before the next turn.
  void hand_in(const Message& message) {
    Ask ask;
    ask.wish = Wish::take;
    ask.message = message;
    agent->on_ask(ask);
  }
  const Told& take(const Message& message) {
    hand_in(message);
    agent->turn();
    return source.told.back();
  }
  void ask(Wish wish) {
    Ask ask;
    ask.wish = wish;
    agent->on_ask(ask);
    agent->turn();
  }
  void report(UplinkReport::Kind kind, const Answer& answer = {}) {
    UplinkReport report;
    report.kind = kind;
    report.exchange = uplink.prepared.has_value() ? *uplink.prepared : uplink.sent.back().exchange;
    report.answer = answer;
    uplink.prepared.reset();
    agent->on_report(report);
    agent->turn();
  }
  void start_sending() { report(UplinkReport::Kind::ready); }
  void answer(const Answer& a) { report(UplinkReport::Kind::answered, a); }

  Row row_of(MessageId id) {
    Ask ask;
    ask.wish = Wish::rows;
    ask.query.only = id;
    agent->on_ask(ask);
    EXPECT_EQ(source.told.back().row_count, 1u);
    return source.told.back().rows[0];
  }
  State state_of(MessageId id) { return row_of(id).state; }

  std::unique_ptr<FakeFlash> flash = std::make_unique<FakeFlash>(FakeFlash::file());
  FakeClock clock;
  FakeEntropy entropy;
  FakeUplink uplink;
  FakeSource source;
  QuietLog log;
  std::unique_ptr<Settings> settings;
  std::unique_ptr<Queue> queue;
  std::unique_ptr<Agent> agent;
};

TEST_F(AgentTake, TheSameKeyAgain_IsTheSameMessage_AndCostsNoWrite) {
  const Message message = message_with("visit-1", "", "at ten");
  ASSERT_EQ(take(message).id, 1u);
  EXPECT_FALSE(source.told.back().duplicate);
  const std::uint64_t written = queue->usage().bytes_written;
  for (const bool restarted : {false, true}) {
    if (restarted) start();
    EXPECT_EQ(take(message).id, 1u);
    EXPECT_TRUE(source.told.back().duplicate);
    EXPECT_EQ(source.told.back().refusal, Refusal::none);
    EXPECT_EQ(source.told.back().state, State::queued);
  }
  EXPECT_EQ(queue->live().size(), 1u);
  EXPECT_EQ(queue->usage().bytes_written, 0u) << "since the restart";
  EXPECT_GT(written, 0u);
}

TEST_F(AgentTake, TheSameKeyAgain_SaysWhatBecameOfIt) {
  const Message message = message_with("visit-1", "", "at ten");
  take(message);
  start_sending();
  EXPECT_EQ(take(message).state, State::sending);
  answer(answer_of(200));
  EXPECT_EQ(take(message).state, State::accepted);
  EXPECT_EQ(source.told.back().id, 1u);
  start();
  EXPECT_EQ(take(message).state, State::accepted);
  EXPECT_TRUE(source.told.back().duplicate);
}

TEST_F(AgentTake, TheSameKeyForSomethingElse_IsAConflict_AndNothingIsTaken) {
  take(message_with("visit-1", "", "at ten"));
  EXPECT_EQ(take(message_with("visit-1", "", "at eleven")).refusal, Refusal::conflict);
  EXPECT_FALSE(source.told.back().duplicate);
  EXPECT_EQ(queue->live().size(), 1u);
}

TEST_F(AgentTake, ADuplicate_IsToldNothingBeforeTheFirstIsDurable) {
  const Message message = message_with("visit-1", "", "at ten");
  hand_in(message);
  hand_in(message);
  EXPECT_TRUE(source.told.empty());
  flash->fail_after(0, 1);
  agent->turn();
  ASSERT_EQ(source.told.size(), 2u);
  for (const Told& told : source.told) EXPECT_EQ(told.refusal, Refusal::storage);
}

TEST_F(AgentTake, WithoutAKey_TheSameWithinItsTime_IsTheSameMessage) {
  ASSERT_EQ(take(about("", "at ten")).id, 1u);
  EXPECT_EQ(take(about("", "at ten")).id, 1u);
  EXPECT_TRUE(source.told.back().duplicate);
  EXPECT_EQ(take(about("", "at eleven")).id, 2u);
  clock.advance(61_s);
  EXPECT_EQ(take(about("", "at ten")).id, 3u);
  EXPECT_FALSE(source.told.back().duplicate);
}

// Whatever the power cut leaves, one of the two is there, and never both.
TEST_F(AgentTake, ANewerOneOnATopic_EndsTheOlderWithTheSameCommit) {
  for (std::uint32_t cut = 0;; ++cut) {
    flash = std::make_unique<FakeFlash>(FakeFlash::file());
    start();
    take(about("visit-1", "at ten"));
    hand_in(about("something else", "hello"));  // pending already
    flash->cut_power_after(cut);
    take(about("visit-1", "at eleven"));
    const bool finished = !flash->lost_power();
    flash = std::make_unique<FakeFlash>(flash->after_cut(cut));
    start();
    std::size_t on_topic = 0;
    for (const Live& live : queue->live()) on_topic += row_of(live.id).topic == "visit-1";
    EXPECT_EQ(on_topic, 1u) << "cut " << cut;
    if (!finished) continue;
    const Row older = row_of(1);
    EXPECT_EQ(older.state, State::superseded);
    EXPECT_EQ(older.reason, Reason::newer_topic);
    EXPECT_EQ(state_of(3), State::queued);
    break;
  }
}

TEST_F(AgentTake, ANewerOne_LeavesOtherTopicsAndOtherPeopleAlone) {
  take(about("visit-1", "at ten"));
  Message other = about("visit-1", "at ten");
  MUST(other.to.assign("12025550124"));
  take(other);
  take(about("visit-2", "at ten"));
  take(about("", "at ten"));
  take(about("visit-1", "at eleven"));
  EXPECT_EQ(state_of(1), State::superseded);
  for (const MessageId id : {2u, 3u, 4u, 5u}) EXPECT_EQ(state_of(id), State::queued) << id;
}

TEST_F(AgentTake, ANewerOne_NeverEndsOneThatTheCustomerMayHave) {
  take(about("visit-1", "at ten"));
  start_sending();
  take(about("visit-1", "at eleven"));
  EXPECT_EQ(state_of(1), State::sending);
  Answer silence;
  silence.reached = Reached::all_of_it;
  answer(silence);
  EXPECT_EQ(state_of(1), State::uncertain);
  take(about("visit-1", "at twelve"));
  EXPECT_EQ(state_of(1), State::uncertain);
  EXPECT_EQ(state_of(2), State::superseded);
  Message message;
  Standing standing;
  ASSERT_EQ(queue->read(1, message, standing), Status::ok);
  standing.state = State::held;
  standing.reason = Reason::maybe_sent;
  ASSERT_EQ(queue->record(1, standing), Status::ok);
  take(about("visit-1", "at one"));
  EXPECT_EQ(state_of(1), State::held);
}

TEST_F(AgentTake, ANewerOne_EndsOneThatIsHeldByItsOwnFault) {
  take(about("visit-1", "at ten"));
  Message message;
  Standing standing;
  ASSERT_EQ(queue->read(1, message, standing), Status::ok);
  standing.state = State::held;
  standing.reason = Reason::refused_unspecified;
  ASSERT_EQ(queue->record(1, standing), Status::ok);
  take(about("visit-1", "at eleven"));
  EXPECT_EQ(state_of(1), State::superseded);
}

TEST_F(AgentTake, AnOlderOneThatDidNotGetOut_YieldsToTheNewerThatCameMeanwhile) {
  take(about("visit-1", "at ten"));
  start_sending();
  take(about("visit-1", "at eleven"));
  Answer cut;
  cut.reached = Reached::nothing;
  cut.broken = Reason::connect_failed;
  answer(cut);
  EXPECT_EQ(state_of(1), State::superseded);
  EXPECT_EQ(state_of(2), State::queued);
}

TEST_F(AgentTake, BackToWhatWasSuperseded_IsANewMessage) {
  take(about("visit-1", "at ten"));
  take(about("visit-1", "at eleven"));
  EXPECT_EQ(take(about("visit-1", "at ten")).id, 3u);
  EXPECT_FALSE(source.told.back().duplicate);
  EXPECT_EQ(state_of(2), State::superseded);
}

// --- pause and resume ---

TEST_F(AgentTake, Paused_TakesAndSendsNothing_UntilResumed) {
  take(about("", "one"));
  ask(Wish::pause);
  EXPECT_EQ(source.told.back().refusal, Refusal::none);
  take(about("", "two"));
  if (uplink.prepared.has_value()) start_sending();  // it had been asked before
  EXPECT_TRUE(uplink.sent.empty());
  EXPECT_EQ(row_of(2).reason, Reason::paused);
  EXPECT_EQ(row_of(2).next_attempt.s, 0u);
  start();
  EXPECT_EQ(agent->turn(), kNever);
  EXPECT_FALSE(uplink.prepared.has_value());
  ask(Wish::status);
  EXPECT_TRUE(source.told.back().status.paused);
  ask(Wish::resume);
  start_sending();
  EXPECT_EQ(uplink.sent.size(), 1u);
  EXPECT_EQ(row_of(2).reason, Reason::none);
}

TEST_F(AgentTake, Paused_WhatIsUnderWay_EndsAsItWould) {
  take(about("", "one"));
  take(about("", "two"));
  start_sending();
  ask(Wish::pause);
  answer(answer_of(200));
  EXPECT_EQ(state_of(1), State::accepted);
  EXPECT_FALSE(uplink.prepared.has_value());
  EXPECT_EQ(uplink.sent.size(), 1u);
}

TEST_F(AgentTake, Pause_IsGrantedWhenItIsDurable_AndTwiceCostsNothing) {
  ask(Wish::pause);
  const std::uint64_t syncs = queue->usage().syncs;
  ask(Wish::pause);
  EXPECT_EQ(source.told.back().refusal, Refusal::none);
  EXPECT_EQ(queue->usage().syncs, syncs);
  flash->fail_after(0, 1);
  ask(Wish::resume);
  EXPECT_EQ(source.told.back().refusal, Refusal::storage);
}

}  // namespace
}  // namespace fieldpost
