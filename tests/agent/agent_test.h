// An agent on a device of fakes: its flash, its clock and its uplink do what a test says.
#pragma once

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

inline Message message_to(std::string_view phone, std::string_view text = "Maria") {
  Message m;
  MUST(m.scenario.assign("next-step"));
  MUST(m.to.assign(phone));
  MUST(m.template_name.assign("next_step"));
  MUST(m.template_namespace.assign("NS"));
  MUST(m.language.assign("en"));
  MUST(m.values.add(text));
  MUST(m.values.add("loan application"));
  MUST(m.values.add("upload documents"));
  return m;
}

inline std::string number(std::size_t n) { return "12025550" + std::to_string(100 + n); }

inline Answer answer_of(std::uint16_t http, bool sent = false, std::int32_t code = 0) {
  Answer a;
  a.reached = Reached::all_of_it;
  a.http = http;
  a.parsed = http != 0;
  a.sent = sent;
  a.code = code;
  if (sent) MUST(a.message_id.assign("wamid.HBgL"));
  return a;
}
inline Answer accepted() { return answer_of(200, true); }
inline Answer cut(Reached reached, Reason why) {
  Answer a;
  a.reached = reached;
  a.broken = why;
  return a;
}

class AgentTest : public testing::Test {
 protected:
  AgentTest() {
    settings = std::make_unique<Settings>();
    MUST(settings->api.channel.assign("VID1"));
    settings->tracking.until = TrackUntil::accepted;  // tracking has tests of its own
    settings->retry = {2_s, 1_h, 10_min};
    settings->personal_for = {};  // that has tests of its own, too
    settings->pace = {0_s, 100'000, 1000, {}};
    start();
  }

  // Power on: a new queue over the same flash, a new agent over it.
  void start(Sending sending = Sending::on) {
    agent.reset();
    queue = std::make_unique<Queue>(flash, clock, messages_max);
    constexpr std::array<std::byte, 16> kStoreId{std::byte{1}};
    RecoveryReport report;
    ASSERT_EQ(queue->open(kStoreId, report), Status::ok);
    uplink = FakeUplink{};
    agent = std::make_unique<Agent>(*settings, *queue, uplink, source, clock, entropy, log.log,
                                    sending);
  }

  void ask(Wish wish, MessageId id, bool even_if_sent = false) {
    Ask ask;
    ask.tag = ++tag;
    ask.wish = wish;
    ask.id = id;
    ask.even_if_sent = even_if_sent;
    agent->on_ask(ask);
    agent->turn();
  }
  MessageId take(const Message& message) {
    Ask ask;
    ask.tag = ++tag;
    ask.wish = Wish::take;
    ask.message = message;
    agent->on_ask(ask);
    agent->turn();
    EXPECT_EQ(source.told.back().refusal, Refusal::none);
    return source.told.back().id;
  }

  void report(UplinkReport::Kind kind, const Answer& answer, bool kept = false) {
    UplinkReport report;
    report.kind = kind;
    report.exchange = uplink.sent.empty() || uplink.prepared.has_value()
                          ? uplink.prepared.value_or(0)
                          : uplink.sent.back().exchange;
    report.kept = kept;
    report.answer = answer;
    agent->on_report(report);
    agent->turn();
  }
  void connect() {
    ASSERT_TRUE(uplink.prepared.has_value()) << "nobody asked for a connection";
    report(UplinkReport::Kind::ready, Answer{});
    uplink.prepared.reset();
  }
  void cannot_connect(Reason why) {
    ASSERT_TRUE(uplink.prepared.has_value());
    const std::uint32_t failed = *uplink.prepared;
    report(UplinkReport::Kind::broken, cut(Reached::nothing, why));
    if (uplink.prepared == failed) uplink.prepared.reset();  // else the next one has begun
  }
  void answer(const Answer& a, bool kept = false) {
    uplink.prepared.reset();
    report(UplinkReport::Kind::answered, a, kept);
  }
  void sleep_until_next_turn() {
    const Instant next = agent->turn();
    ASSERT_NE(next, kNever) << "it would sleep for ever";
    clock.advance_to(next);
    agent->turn();
  }
  State state_of(MessageId id) {
    if (const Live* live = queue->find(id)) return live->state;
    Message message;
    Standing standing;
    std::uint64_t cursor = 0;
    while (queue->next_ended(cursor, message, standing) == Status::ok) {
      if (message.id == id) return standing.state;
    }
    ADD_FAILURE() << "message " << id << " is nowhere";
    return State::dropped;
  }
  Row row_of(MessageId id) {
    Ask ask;
    ask.wish = Wish::rows;
    ask.query.only = id;
    agent->on_ask(ask);
    EXPECT_EQ(source.told.back().row_count, 1u);
    return source.told.back().rows[0];
  }
  StatusReport status() {
    Ask ask;
    ask.wish = Wish::status;
    agent->on_ask(ask);
    return source.told.back().status;
  }

  FakeClock clock;
  FakeEntropy entropy;
  FakeFlash flash{FakeFlash::file(32, 64 * 1024)};
  FakeSource source;
  FakeUplink uplink;
  QuietLog log;
  std::unique_ptr<Settings> settings;
  std::unique_ptr<Queue> queue;
  std::unique_ptr<Agent> agent;
  std::uint32_t tag = 0;
  std::uint32_t messages_max = 4096;
};

}  // namespace fieldpost
