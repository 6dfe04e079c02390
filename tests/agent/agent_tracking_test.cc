// What becomes of messages that were accepted: asked for less and less often, until a last word.
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "tests/agent/agent_test.h"

namespace fieldpost {
namespace {

class Tracking : public AgentTest {
 protected:
  Tracking() { settings->tracking.until = TrackUntil::delivered; }

  // 1MSG has it; the connection is closed.
  MessageId take_and_accept(const Message& message, std::string_view message_id = "wamid.HBgL") {
    const MessageId id = take(message);
    if (uplink.prepared.has_value()) connect();
    Answer a = accepted();
    MUST(a.message_id.assign(message_id));
    answer(a);
    return id;
  }
  bool asks() {
    return !agent->quiet() && !uplink.prepared.has_value() && !uplink.sent.empty() &&
           uplink.sent.back().purpose == Purpose::hook_info;
  }
  // Until the next question is out; false: nothing is asked any more.
  bool sleep_until_it_asks() {
    for (int i = 0; i < 100 && !asks(); ++i) {
      if (uplink.prepared.has_value()) {
        connect();
        continue;
      }
      const Instant next = agent->turn();
      if (next == kNever) return false;
      clock.advance_to(next);
      agent->turn();
    }
    return asks();
  }
  Answer news(State state, std::int32_t code = 0, std::string_view words = "") {
    Answer a = answer_of(200, false, code);
    a.news = state;
    MUST(a.detail.assign(words));
    return a;
  }
  Answer refused(std::uint16_t http) {
    Answer a = answer_of(http);
    a.parsed = false;
    return a;
  }
  Answer no_news() { return news(State::queued); }
  void learn(const Answer& what) {
    ASSERT_TRUE(sleep_until_it_asks());
    answer(what);
  }
  bool is_live(MessageId id) { return queue->find(id) != nullptr; }
  std::uint32_t count(State state) { return status().counts[static_cast<std::size_t>(state)]; }
  bool log_holds(std::string_view words) {
    for (const std::string& line : log.lines) {
      if (line.find(words) != std::string::npos) return true;
    }
    return false;
  }
};

TEST_F(Tracking, Accepted_IsAskedForByItsIdAfterSeconds) {
  const MessageId id = take_and_accept(message_to(number(0)), "wamid.HB+/gL==");
  EXPECT_EQ(state_of(id), State::accepted);
  EXPECT_EQ(count(State::accepted), 1u);
  const Instant then = clock.now();
  ASSERT_TRUE(sleep_until_it_asks());
  EXPECT_EQ(uplink.sent.back().path, "/VID1/hookInfo?messageId=wamid.HB%2B%2FgL%3D%3D");
  EXPECT_EQ(uplink.sent.back().body, "wamid.HB+/gL==");
  EXPECT_LE(clock.now() - then, 8_s);
}

TEST_F(Tracking, Delivered_IsTheEnd) {
  const MessageId id = take_and_accept(message_to(number(0)));
  ASSERT_TRUE(sleep_until_it_asks());
  Answer delivered = news(State::delivered);
  delivered.time.s = clock.wall()->s - 3;
  answer(delivered);
  EXPECT_EQ(state_of(id), State::delivered);
  EXPECT_FALSE(is_live(id));
  EXPECT_EQ(row_of(id).delivered_at.s, delivered.time.s);
  EXPECT_EQ(row_of(id).message_id, "wamid.HBgL");
  EXPECT_EQ(count(State::accepted), 0u);
  EXPECT_EQ(agent->turn(), kNever) << "nothing is left to ask";
}

TEST_F(Tracking, UntilRead_DeliveredIsAskedForFurther) {
  settings->tracking.until = TrackUntil::read;
  const MessageId id = take_and_accept(message_to(number(0)));
  learn(news(State::delivered));
  EXPECT_EQ(state_of(id), State::delivered);
  ASSERT_TRUE(is_live(id));
  const UnixTime delivered_at = row_of(id).delivered_at;
  learn(news(State::read));
  EXPECT_EQ(state_of(id), State::read);
  EXPECT_FALSE(is_live(id));
  EXPECT_EQ(row_of(id).delivered_at, delivered_at);
}

TEST_F(Tracking, WithoutAnId_NobodyCanAsk) {
  const MessageId id = take_and_accept(message_to(number(0)), "");
  EXPECT_EQ(state_of(id), State::accepted);
  EXPECT_FALSE(is_live(id));
}

TEST_F(Tracking, NewsOutOfOrderOrTwice_ChangesNothing) {
  const MessageId id = take_and_accept(message_to(number(0)));
  learn(news(State::sent));
  EXPECT_EQ(state_of(id), State::sent);
  const std::uint64_t syncs = status().syncs;
  for (const State old : {State::accepted, State::sent, State::queued, State::expired}) {
    learn(news(old));
    EXPECT_EQ(state_of(id), State::sent);
  }
  EXPECT_EQ(status().syncs, syncs) << "nothing was written";
  learn(news(State::delivered));
  EXPECT_EQ(state_of(id), State::delivered);
}

TEST_F(Tracking, AnswerThatIsNone_BringsNoNews) {
  const MessageId id = take_and_accept(message_to(number(0)));
  for (const std::uint16_t http : {std::uint16_t{200}, std::uint16_t{404}, std::uint16_t{503}}) {
    Answer unreadable = news(State::delivered);
    unreadable.http = http;
    unreadable.parsed = false;
    learn(unreadable);
    EXPECT_EQ(state_of(id), State::accepted) << http;
  }
}

TEST_F(Tracking, UnknownWord_IsLoggedAndNothingElse) {
  const MessageId id = take_and_accept(message_to(number(0)));
  learn(news(State::queued, 0, "teleported"));
  EXPECT_EQ(state_of(id), State::accepted);
  EXPECT_TRUE(log_holds("teleported"));
  EXPECT_TRUE(row_of(id).detail.empty());
}

TEST_F(Tracking, Silence_IsAskedIntoLessAndLessOftenAndEndsWithTheWindow) {
  const MessageId id = take_and_accept(message_to(number(0)));
  const Instant accepted_at = clock.now();
  std::vector<Duration> ages;
  while (sleep_until_it_asks() && ages.size() < 100) {
    ages.push_back(clock.now() - accepted_at);
    answer(no_news());
  }
  EXPECT_EQ(state_of(id), State::accepted) << "it has not failed";
  EXPECT_FALSE(is_live(id));
  EXPECT_LE(ages.size(), 15u);
  EXPECT_GE(ages.size(), 8u);
  EXPECT_EQ(ages.back(), 24_h);
  EXPECT_EQ(agent->turn(), kNever);
}

// --- Failures ---

TEST_F(Tracking, Failed_KeepsCodeAndWordsAndEnds) {
  const MessageId id = take_and_accept(message_to(number(0)));
  learn(news(State::failed, 131049, "In this case not delivered"));
  EXPECT_EQ(state_of(id), State::failed);
  EXPECT_FALSE(is_live(id));
  EXPECT_EQ(row_of(id).reason, Reason::undelivered);
  EXPECT_EQ(row_of(id).code, 131049);
  EXPECT_EQ(row_of(id).detail, "In this case not delivered");
}

TEST_F(Tracking, Failed_SaysOfWhomItIsTrue) {
  const MessageId away = take_and_accept(message_to(number(0)));
  learn(news(State::failed, 131026));
  EXPECT_EQ(row_of(away).reason, Reason::recipient_unreachable);
  const MessageId out = take_and_accept(message_to(number(1)));
  learn(news(State::failed, 131050));
  EXPECT_EQ(row_of(out).reason, Reason::opted_out);
  const MessageId untold = take_and_accept(message_to(number(2)));
  learn(news(State::failed));
  EXPECT_EQ(row_of(untold).reason, Reason::undelivered);
}

TEST_F(Tracking, Failed_StopsNeitherTheChannelNorTheScenario) {
  take_and_accept(message_to(number(0)));
  learn(news(State::failed, 132001, "template does not exist"));
  take_and_accept(message_to(number(1)));
  learn(news(State::failed, 131042, "payment"));
  EXPECT_EQ(status().channel, Reason::none);
  const MessageId next = take_and_accept(message_to(number(2)));
  EXPECT_EQ(state_of(next), State::accepted);
}

TEST_F(Tracking, Accepted_HasNoCodeOfAnEarlierTry) {
  const MessageId id = take(message_to(number(0)));
  connect();
  answer(answer_of(400, false, 131016));
  ASSERT_EQ(state_of(id), State::queued);
  ASSERT_EQ(row_of(id).code, 131016);
  while (!uplink.prepared.has_value()) sleep_until_next_turn();
  connect();
  answer(accepted());
  ASSERT_EQ(state_of(id), State::accepted);
  EXPECT_EQ(row_of(id).code, 0);
}

// --- In the shadow of what has to leave ---

TEST_F(Tracking, Tracked_WaitsForNothing) {
  take_and_accept(message_to(number(0)));
  EXPECT_TRUE(agent->resting()) << "a drain is over";
  EXPECT_EQ(status().oldest, 0u);
  EXPECT_EQ(status().next_attempt_in.ms, kNever.ms);
  EXPECT_EQ(row_of(1).next_attempt.s, 0u);
  EXPECT_EQ(row_of(1).expires.s, 0u);
  ask(Wish::drop, 1);
  EXPECT_EQ(source.told.back().refusal, Refusal::wrong_state);
  ask(Wish::retry, 1, true);
  EXPECT_EQ(source.told.back().refusal, Refusal::wrong_state);
}

TEST_F(Tracking, Tracked_NeitherExpiresNorIsSupersededNorBlocksItsRecipient) {
  Message m = message_to(number(0));
  m.ttl = 1_h;
  MUST(m.topic.assign("visit-1"));
  const MessageId first = take_and_accept(m);
  clock.advance(2_h);
  agent->turn();
  EXPECT_EQ(state_of(first), State::accepted);
  MUST(m.values.add("newer"));
  const MessageId second = take(m);
  EXPECT_EQ(state_of(first), State::accepted);
  EXPECT_EQ(row_of(second).reason, Reason::none);
}

TEST_F(Tracking, Message_GoesBeforeTheNextQuestion) {
  for (std::size_t i = 0; i < 3; ++i) take_and_accept(message_to(number(i)));
  clock.advance(1_min);
  agent->turn();
  connect();
  ASSERT_TRUE(asks());
  take(message_to(number(9)));
  answer(no_news(), true);
  ASSERT_EQ(uplink.sent.back().purpose, Purpose::send_template);
  answer(accepted(), true);
  EXPECT_TRUE(asks()) << "on the connection that is open";
}

TEST_F(Tracking, NearlyDue_IsAskedOnTheConnectionThatIsOpen) {
  take_and_accept(message_to(number(0)));
  learn(no_news());
  clock.advance(10_s);  // of 13 and a half
  agent->turn();
  ASSERT_FALSE(uplink.prepared.has_value()) << "not yet by itself";
  take(message_to(number(1)));
  connect();
  answer(accepted(), true);
  EXPECT_TRUE(asks());
}

TEST_F(Tracking, ManyDue_AreOneConnectionAndOneSync) {
  for (std::size_t i = 0; i < 5; ++i) take_and_accept(message_to(number(i)));
  const std::uint64_t syncs = status().syncs;
  const std::uint32_t prepares = uplink.prepares;
  ASSERT_TRUE(sleep_until_it_asks());
  for (std::size_t i = 0; i < 5; ++i) {
    ASSERT_TRUE(asks()) << i;
    answer(news(State::delivered), true);
  }
  EXPECT_TRUE(agent->quiet());
  EXPECT_EQ(count(State::delivered), 5u);
  EXPECT_EQ(status().syncs, syncs + 1);
  EXPECT_EQ(uplink.prepares, prepares + 1);
}

TEST_F(Tracking, ConnectionThatIsNotKept_IsOneSyncAllTheSame) {
  for (std::size_t i = 0; i < 5; ++i) take_and_accept(message_to(number(i)));
  const std::uint64_t syncs = status().syncs;
  clock.advance(8_s);
  agent->turn();
  for (std::size_t i = 0; i < 5; ++i) learn(news(State::delivered));
  EXPECT_EQ(count(State::delivered), 5u);
  EXPECT_EQ(status().syncs, syncs + 1);
}

TEST_F(Tracking, Drain_CostsNoMoreSyncsThanWithout) {
  constexpr std::uint64_t kMessages = 20;
  const std::uint64_t before = status().syncs;
  for (std::size_t i = 0; i < kMessages; ++i) take(message_to(number(i)));
  connect();
  for (std::size_t i = 0; i < kMessages; ++i) answer(accepted(), true);
  EXPECT_EQ(count(State::accepted), kMessages);
  EXPECT_LE(status().syncs - before, 2 * kMessages + 2);
}

TEST_F(Tracking, Questions_KeepThePaceOfTheChannel) {
  settings->pace.per_second = 3;
  for (std::size_t i = 0; i < 5; ++i) {
    take_and_accept(message_to(number(i)));
    clock.advance(1_s);
  }
  clock.advance(1_min);
  agent->turn();
  connect();
  int asked = 0;
  for (; asks() && asked < 10; ++asked) answer(no_news(), true);
  EXPECT_EQ(asked, 3);
}

TEST_F(Tracking, NewsWaitsForNoQuestionThatIsOnlyNearlyDue) {
  const MessageId due = take_and_accept(message_to(number(0)));
  const MessageId nearly = take_and_accept(message_to(number(1)));
  ASSERT_TRUE(sleep_until_it_asks());
  answer(no_news(), true);
  entropy.each = 0;  // the other one waits longer
  answer(no_news());
  ASSERT_TRUE(sleep_until_it_asks());
  const std::uint64_t syncs = status().syncs;
  answer(news(State::delivered));  // and the connection is closed
  EXPECT_EQ(state_of(due), State::delivered);
  EXPECT_EQ(state_of(nearly), State::accepted);
  EXPECT_FALSE(uplink.prepared.has_value());
  EXPECT_EQ(status().syncs, syncs + 1);
}

TEST_F(Tracking, NewsThatGathers_IsWrittenWithWhatIsTaken) {
  for (std::size_t i = 0; i < 3; ++i) take_and_accept(message_to(number(i)));
  ASSERT_TRUE(sleep_until_it_asks());
  answer(news(State::delivered), true);
  ASSERT_TRUE(asks());
  const MessageId promised = take(message_to(number(9)));
  start();
  EXPECT_EQ(state_of(promised), State::queued) << "its promise waits for no news";
  EXPECT_EQ(count(State::delivered), 1u);
}

TEST_F(Tracking, NewsThatGathers_DoesNotKeepTheKeeperAwake) {
  Message patient = message_to(number(9));
  patient.ttl = 20_h;
  patient.not_before.s = 10 * 3600;
  take(patient);
  for (std::size_t i = 0; i < 3; ++i) take_and_accept(message_to(number(i)));
  clock.advance(Duration{(1_h).ms - 1000});
  agent->turn();
  connect();
  ASSERT_TRUE(asks());
  answer(news(State::delivered), true);
  ASSERT_TRUE(asks());
  ASSERT_TRUE(queue->pending());
  clock.advance(1_s);  // a mark would be due
  EXPECT_GT(agent->turn(), clock.now());
}

TEST_F(Tracking, Drain_AsksNothing) {
  take_and_accept(message_to(number(0)));
  clock.advance(1_h);
  start();
  agent->send_now();
  EXPECT_EQ(agent->turn(), kNever);
  EXPECT_FALSE(uplink.prepared.has_value());
}

TEST_F(Tracking, Paused_AsksNothing) {
  take_and_accept(message_to(number(0)));
  ask(Wish::pause, 0);
  EXPECT_FALSE(sleep_until_it_asks());
}

TEST_F(Tracking, NetworkIsBack_DoesNotBringEverybodysQuestionsAtOnce) {
  take_and_accept(message_to(number(0)));
  clock.advance(8_s);
  agent->turn();
  cannot_connect(Reason::network_down);
  clock.advance(5_min);
  agent->on_network_change();
  agent->turn();
  EXPECT_FALSE(uplink.prepared.has_value());
  const Instant back = clock.now();
  ASSERT_TRUE(sleep_until_it_asks());
  EXPECT_EQ(clock.now() - back, settings->retry.spread) << "the highest of all dice";
}

TEST_F(Tracking, FailureThatOnlyAQuestionMet_DelaysNoBacklogHoursLater) {
  take_and_accept(message_to(number(0)));
  clock.advance(8_s);
  agent->turn();
  cannot_connect(Reason::network_down);
  learn(no_news());
  clock.advance(3_h);
  MessageId last = 0;
  for (std::size_t i = 1; i < 4; ++i) last = take(message_to(number(i)));
  connect();
  for (std::size_t i = 1; i < 4; ++i) answer(accepted(), true);
  EXPECT_EQ(state_of(last), State::accepted) << "at once";
}

TEST_F(Tracking, AnswerToAQuestion_OpensNoChannelThatIsShut) {
  take_and_accept(message_to(number(0)));
  const MessageId refused_one = take(message_to(number(1)));
  connect();
  answer(answer_of(401));
  ASSERT_EQ(status().channel, Reason::token_refused);
  ask(Wish::drop, refused_one);
  while (!uplink.prepared.has_value()) sleep_until_next_turn();
  connect();
  ASSERT_EQ(uplink.sent.back().purpose, Purpose::channel_status);
  answer(answer_of(200, true), true);
  ASSERT_TRUE(asks()) << "one message might go, but there is none";
  answer(no_news());
  EXPECT_EQ(status().channel, Reason::token_refused);
}

// --- Restarts ---

TEST_F(Tracking, Restart_GoesOnAsking) {
  const MessageId id = take_and_accept(message_to(number(0)));
  start();
  EXPECT_EQ(state_of(id), State::accepted);
  learn(news(State::sent));
  start();
  EXPECT_EQ(state_of(id), State::sent);
  learn(news(State::delivered));
  start();
  EXPECT_EQ(state_of(id), State::delivered);
  EXPECT_FALSE(is_live(id));
}

TEST_F(Tracking, PowerCutsAgainAndAgain_DoNotAskMoreOften) {
  take_and_accept(message_to(number(0)));
  clock.advance(2_h);
  std::uint32_t questions = 0;
  for (int i = 0; i < 20; ++i) {
    clock.reboot();
    entropy.each = static_cast<std::uint8_t>(i * 12);
    start();
    agent->turn();
    clock.advance(10_s);
    agent->turn();
    questions += uplink.prepared.has_value() ? 1 : 0;
  }
  EXPECT_LE(questions, 3u);
  EXPECT_GE(questions, 1u);
}

TEST_F(Tracking, OffAtTheEndOfTheWindow_IsAskedForOnceMore) {
  const MessageId id = take_and_accept(message_to(number(0)));
  clock.advance(30_h);
  clock.reboot();
  start();
  EXPECT_EQ(state_of(id), State::accepted);
  learn(news(State::delivered));
  EXPECT_EQ(state_of(id), State::delivered);
}

TEST_F(Tracking, OfflineForTwiceTheWindow_EndsUnasked) {
  const MessageId id = take_and_accept(message_to(number(0)));
  clock.advance(48_h);
  agent->turn();
  EXPECT_EQ(state_of(id), State::accepted);
  EXPECT_FALSE(is_live(id));
}

TEST_F(Tracking, SettingThatAsksForLess_EndsWhatIsTracked) {
  const MessageId id = take_and_accept(message_to(number(0)));
  settings->tracking.until = TrackUntil::accepted;
  start();
  agent->turn();
  EXPECT_FALSE(is_live(id));
  EXPECT_EQ(state_of(id), State::accepted);
}

TEST_F(Tracking, Restart_KnowsTheSendsOfTrackedAndDelivered) {
  settings->pace.per_recipient = 6_s;
  settings->pace.per_recipient_per_day = 2;
  take_and_accept(message_to(number(0)));
  clock.advance(6_s);
  agent->turn();
  if (asks() || uplink.prepared.has_value()) learn(news(State::delivered));
  clock.advance(6_s);
  take_and_accept(message_to(number(0), "second"));
  for (int round = 0; round < 2; ++round) {
    const MessageId third = take(message_to(number(0), "third" + std::to_string(round)));
    clock.advance(1_min);
    agent->turn();
    EXPECT_EQ(row_of(third).reason, Reason::daily_cap) << "each has counted once: " << round;
    start();
  }
  settings->pace.per_recipient_per_day = 3;
  start();
  clock.advance(10_min);
  agent->turn();
  EXPECT_EQ(row_of(3).reason, Reason::none) << "and none twice";
}

// --- Room ---

TEST_F(Tracking, Tracked_NeverFillTheQueue) {
  messages_max = 8;
  start();
  for (std::size_t i = 0; i < 8; ++i) take_and_accept(message_to(number(i)));
  EXPECT_EQ(queue->live().size(), 2u) << "a quarter";
  EXPECT_TRUE(log_holds("ended early for room"));
  EXPECT_EQ(count(State::accepted), 8u);
  EXPECT_EQ(queue->live().front().id, 7u) << "the oldest went first";
}

TEST_F(Tracking, FullQueue_GivesTheRoomOfTheTracked) {
  messages_max = 8;
  start();
  for (std::size_t i = 0; i < 2; ++i) take_and_accept(message_to(number(i)));
  uplink.gone = true;  // nothing leaves any more
  for (std::size_t i = 2; i < 10; ++i) take(message_to(number(i)));
  EXPECT_EQ(count(State::queued) + count(State::sending), 8u);
  EXPECT_EQ(count(State::accepted), 2u);
  Ask full;
  full.wish = Wish::take;
  full.message = message_to(number(10));
  agent->on_ask(full);
  EXPECT_EQ(source.told.back().refusal, Refusal::queue_full) << "now it is";
}

TEST_F(Tracking, StoreThatFailsWhileRoomIsMade_IsNoFullQueue) {
  messages_max = 8;
  start();
  for (std::size_t i = 0; i < 2; ++i) take_and_accept(message_to(number(i)));
  uplink.gone = true;
  for (std::size_t i = 2; i < 8; ++i) take(message_to(number(i)));
  flash.fail_after(0, 1);
  Ask one_more;
  one_more.wish = Wish::take;
  one_more.message = message_to(number(10));
  agent->on_ask(one_more);
  EXPECT_EQ(source.told.back().refusal, Refusal::storage);
  EXPECT_TRUE(queue->failed());
}

// --- Channels that cannot be asked, and APIs that do not answer ---

TEST_F(Tracking, ChannelWithoutHookInfo_IsSaidOnceAndLeftAloneForADay) {
  for (std::size_t i = 0; i < 5; ++i) {
    take_and_accept(message_to(number(i)), "wamid." + std::to_string(i));
  }
  for (int i = 0; i < 3; ++i) learn(refused(404));
  EXPECT_TRUE(status().tracking_off);
  EXPECT_TRUE(log_holds("no hookInfo"));
  log.lines.clear();
  const Instant then = clock.now();
  ASSERT_TRUE(sleep_until_it_asks());
  EXPECT_EQ(clock.now() - then, 24_h);
  EXPECT_EQ(uplink.sent.back().body, "wamid.4") << "the newest";
  answer(refused(404));
  EXPECT_FALSE(log_holds("no hookInfo")) << "said once";
  take_and_accept(message_to(number(7)));
  EXPECT_EQ(status().channel, Reason::none) << "sending does not mind";
  learn(news(State::delivered));
  EXPECT_FALSE(status().tracking_off);
}

TEST_F(Tracking, OneIdThatIsNeverKnown_KeepsNoNewsFromTheOthers) {
  take_and_accept(message_to(number(0)), "wamid.unknown");
  for (int i = 0; i < 5; ++i) learn(refused(404));
  EXPECT_FALSE(status().tracking_off);
  const MessageId known = take_and_accept(message_to(number(1)), "wamid.known");
  for (int i = 0; i < 5 && state_of(known) != State::delivered; ++i) {
    ASSERT_TRUE(sleep_until_it_asks());
    const bool about_it = uplink.sent.back().body == "wamid.known";
    answer(about_it ? news(State::delivered) : refused(404));
  }
  EXPECT_EQ(state_of(known), State::delivered);
  for (int i = 0; i < 3; ++i) learn(refused(404));
  EXPECT_FALSE(status().tracking_off);
}

TEST_F(Tracking, UnknownIds_AreNoNewsAndNoMissingHookInfo) {
  take_and_accept(message_to(number(0)));
  learn(no_news());
  for (int i = 0; i < 5; ++i) learn(refused(i % 2 == 0 ? 404 : 400));
  EXPECT_FALSE(status().tracking_off);
  EXPECT_EQ(count(State::accepted), 1u);
}

TEST_F(Tracking, ApiThatDoesNotAnswer_IsLeftAloneLongerEachTimeAndSendsGoOn) {
  const MessageId id = take_and_accept(message_to(number(0)));
  Duration before{};
  for (const std::uint16_t http : {std::uint16_t{503}, std::uint16_t{0}, std::uint16_t{401}}) {
    learn(refused(http));
    const Instant then = clock.now();
    EXPECT_EQ(status().channel, Reason::none) << http;
    ASSERT_TRUE(sleep_until_it_asks());
    EXPECT_GT(clock.now() - then, before);
    before = clock.now() - then;
    answer(refused(503));
  }
  EXPECT_EQ(state_of(id), State::accepted);
  take_and_accept(message_to(number(1)));
  learn(news(State::delivered));
}

TEST_F(Tracking, TooManyQuestions_KeepsQuestionsBackAndNoMessage) {
  take_and_accept(message_to(number(0)));
  Answer too_many = refused(429);
  too_many.retry_after_s = 1800;
  learn(too_many);
  const Instant then = clock.now();
  EXPECT_EQ(status().channel, Reason::none);
  const MessageId next = take_and_accept(message_to(number(1)));
  EXPECT_EQ(state_of(next), State::accepted);
  EXPECT_EQ(clock.now(), then) << "at once";
  ASSERT_TRUE(sleep_until_it_asks());
  EXPECT_EQ(clock.now() - then, 30_min);
  too_many.retry_after_s = 1'000'000;
  answer(too_many);
  const Instant again = clock.now();
  ASSERT_TRUE(sleep_until_it_asks());
  EXPECT_EQ(clock.now() - again, 1_h) << "within reason";
}

TEST_F(Tracking, UplinkThatEndsInMidQuestion_LosesNothing) {
  const MessageId id = take_and_accept(message_to(number(0)));
  ASSERT_TRUE(sleep_until_it_asks());
  agent->on_uplink_gone();
  agent->turn();
  EXPECT_EQ(state_of(id), State::accepted);
  learn(news(State::delivered));
  EXPECT_EQ(state_of(id), State::delivered);
}

}  // namespace
}  // namespace fieldpost
