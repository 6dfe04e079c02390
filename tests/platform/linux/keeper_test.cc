#include "platform/linux/keeper.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <memory>
#include <optional>
#include <string>

#include "platform/linux/linux_clock.h"
#include "tests/fakes/fake_entropy.h"
#include "tests/fakes/fake_flash.h"
#include "tests/fakes/quiet_log.h"

namespace fieldpost {
namespace {

class ClockAhead final : public Clock {
 public:
  explicit ClockAhead(Entropy& entropy) : real_(entropy) {}
  Instant now() const override { return real_.now() + ahead; }
  std::optional<UnixTime> wall() const override { return real_.wall(); }
  std::uint64_t boot() const override { return real_.boot(); }

  Duration ahead;

 private:
  LinuxClock real_;
};

// The test is the gate, the uplink and the supervisor.
class KeeperTest : public testing::Test {
 protected:
  KeeperTest() {
    for (FramePair* const pair : {&gate_, &uplink_, &orders_}) {
      EXPECT_TRUE(make_frame_pair(*pair));
      EXPECT_EQ(::fcntl(pair->a, F_SETFL, O_NONBLOCK), 0);
      EXPECT_EQ(::fcntl(pair->b, F_SETFL, O_NONBLOCK), 0);
    }
    MUST(settings_->api.channel.assign("VID1"));
    const StoreId id{};
    RecoveryReport report;
    EXPECT_EQ(queue_->open(id, report), Status::ok);
    frame_uplink_ = std::make_unique<FrameUplink>(uplink_.a);
    frame_source_ = std::make_unique<FrameSource>(gate_.a);
    agent_ = std::make_unique<Agent>(*settings_, *queue_, *frame_uplink_, *frame_source_, clock_,
                                     entropy_, quiet_.log, Sending::on);
    keeper_ = std::make_unique<Keeper>(KeeperEnds{gate_.a, uplink_.a, orders_.a}, *agent_, clock_,
                                       quiet_.log);
  }
  ~KeeperTest() override {
    for (const FramePair& pair : {gate_, uplink_, orders_}) {
      ::close(pair.a);
      ::close(pair.b);
    }
  }

  void round() { keeper_->round(Deadline{clock_.now()}); }
  void ask_to_take() {
    auto ask = std::make_unique<Ask>();
    ask->tag = ++tag_;
    ask->wish = Wish::take;
    MUST(ask->message.scenario.assign("next-step"));
    MUST(ask->message.to.assign("12025550123"));
    MUST(ask->message.template_name.assign("next_step"));
    MUST(ask->message.template_namespace.assign("NS"));
    MUST(ask->message.language.assign("en"));
    MUST(ask->message.values.add("Maria"));
    EXPECT_EQ(send_frame<FrameKind::ask>(gate_.b, *ask), Status::ok);
  }
  void report(UplinkReport::Kind kind, std::uint32_t exchange) {
    UplinkReport report;
    report.kind = kind;
    report.exchange = exchange;
    if (kind == UplinkReport::Kind::answered) {
      report.answer.reached = Reached::all_of_it;
      report.answer.http = 200;
      report.answer.parsed = report.answer.sent = true;
    }
    EXPECT_EQ(send_frame<FrameKind::report>(uplink_.b, report), Status::ok);
  }
  State only_state() const {
    return queue_->live().empty() ? State::accepted : queue_->live().front().state;
  }
  // Until the request of message 1 is out.
  std::uint32_t send_first() {
    ask_to_take();
    round();
    round();
    EXPECT_TRUE(requests_->receive(uplink_.b).ok());
    const std::uint32_t exchange = requests_->body<FrameKind::prepare>().exchange;
    report(UplinkReport::Kind::ready, exchange);
    round();
    round();
    EXPECT_EQ(only_state(), State::sending);
    EXPECT_TRUE(requests_->receive(uplink_.b).ok());
    EXPECT_EQ(requests_->body<FrameKind::go>().exchange, exchange);
    return exchange;
  }

  FramePair gate_, uplink_, orders_;
  FakeFlash flash_;
  LinuxEntropy real_entropy_;
  ClockAhead clock_{real_entropy_};
  FakeEntropy entropy_;
  QuietLog quiet_;
  std::uint32_t tag_ = 0;
  std::unique_ptr<Settings> settings_ = std::make_unique<Settings>();
  std::unique_ptr<Queue> queue_ = std::make_unique<Queue>(flash_, clock_, 100);
  std::unique_ptr<FrameUplink> frame_uplink_;
  std::unique_ptr<FrameSource> frame_source_;
  std::unique_ptr<Agent> agent_;
  std::unique_ptr<Keeper> keeper_;
  using Requests = Inbox<FrameKind::prepare, FrameKind::go>;
  std::unique_ptr<Requests> requests_ = std::make_unique<Requests>();
  std::unique_ptr<Inbox<FrameKind::told>> told_ = std::make_unique<Inbox<FrameKind::told>>();
};

TEST_F(KeeperTest, Asks_ThatWaitTogether_ShareOneSync) {
  round();
  const std::uint64_t before = queue_->usage().syncs;
  for (int i = 0; i < 5; ++i) ask_to_take();
  round();
  round();
  for (std::uint32_t i = 1; i <= 5; ++i) {
    ASSERT_TRUE(told_->receive(gate_.b).ok());
    EXPECT_EQ(told_->body<FrameKind::told>().tag, i);
    EXPECT_EQ(told_->body<FrameKind::told>().id, i);
  }
  EXPECT_EQ(queue_->usage().syncs, before + 1);
}

TEST_F(KeeperTest, Message_GoesOutAndIsAccepted) {
  const std::uint32_t exchange = send_first();
  report(UplinkReport::Kind::answered, exchange);
  round();
  round();
  EXPECT_EQ(only_state(), State::accepted);
}

TEST_F(KeeperTest, UplinkGone_AfterItsReport_BelievesTheReport) {
  const std::uint32_t exchange = send_first();
  report(UplinkReport::Kind::answered, exchange);
  ASSERT_EQ(send_frame<FrameKind::uplink_gone>(orders_.b, {}), Status::ok);
  round();
  round();
  EXPECT_EQ(only_state(), State::accepted);
}

TEST_F(KeeperTest, UplinkGone_WithoutReport_LeavesADoubt) {
  send_first();
  ASSERT_EQ(send_frame<FrameKind::uplink_gone>(orders_.b, {}), Status::ok);
  round();
  round();
  EXPECT_EQ(only_state(), State::uncertain);
}

TEST_F(KeeperTest, UplinkHangs_IsComplainedAboutOnceAndWaitedFor) {
  ask_to_take();
  round();
  round();
  clock_.ahead = 60_s;
  const Instant before = clock_.now();
  for (int i = 0; i < 3; ++i) keeper_->round(Deadline{before + 100_ms});
  EXPECT_GE(clock_.now(), before + 100_ms) << "it would spin until the uplink is replaced";
  Inbox<FrameKind::uplink_bad> complaints;
  EXPECT_TRUE(complaints.receive(orders_.b).ok());
  EXPECT_FALSE(complaints.receive(orders_.b).ok());
}

TEST_F(KeeperTest, Stop_DuringAnExchange_EndsItFirst) {
  const std::uint32_t exchange = send_first();
  ASSERT_EQ(send_frame<FrameKind::stop>(orders_.b, {}), Status::ok);
  round();
  EXPECT_FALSE(keeper_->is_over());
  ask_to_take();
  report(UplinkReport::Kind::answered, exchange);
  keeper_->run();
  ASSERT_TRUE(told_->receive(gate_.b).ok());
  ASSERT_TRUE(told_->receive(gate_.b).ok());
  EXPECT_EQ(told_->body<FrameKind::told>().id, 2u);
  EXPECT_EQ(requests_->receive(uplink_.b).status(), Status::timeout);  // nothing new was begun
}

TEST_F(KeeperTest, SupervisorGone_Ends) {
  ::close(orders_.b);
  orders_.b = -1;
  keeper_->run();
}

TEST_F(KeeperTest, Nonsense_FromANeighbour_IsNotedPassedOverAndComplainedAbout) {
  ASSERT_EQ(send_frame_bytes(gate_.b, FrameKind::ask, {}), Status::ok);
  ASSERT_EQ(send_frame_bytes(uplink_.b, FrameKind::told, {}), Status::ok);
  ask_to_take();
  round();
  round();
  EXPECT_TRUE(told_->receive(gate_.b).ok());
  EXPECT_EQ(std::count(quiet_.lines.begin(), quiet_.lines.end(), "frame_refused from=gate"), 1);
  EXPECT_EQ(std::count(quiet_.lines.begin(), quiet_.lines.end(), "frame_refused from=uplink"), 1);
  Inbox<FrameKind::uplink_bad, FrameKind::gate_bad> complaints;
  EXPECT_EQ(complaints.receive(orders_.b).value(), FrameKind::uplink_bad);
  EXPECT_EQ(complaints.receive(orders_.b).value(), FrameKind::gate_bad);
  EXPECT_FALSE(complaints.receive(orders_.b).ok());
}

TEST_F(KeeperTest, Asked_WhetherItIsThere_SaysSoEachTime) {
  Inbox<FrameKind::alive> said;
  for (int i = 0; i < 3; ++i) {
    ASSERT_EQ(send_frame<FrameKind::alive>(orders_.b, {}), Status::ok);
    round();
    EXPECT_TRUE(said.receive(orders_.b).ok());
    EXPECT_FALSE(said.receive(orders_.b).ok());
  }
}

}  // namespace
}  // namespace fieldpost
