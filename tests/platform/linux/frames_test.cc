#include "platform/linux/frames.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <signal.h>
#include <sys/socket.h>
#include <unistd.h>

#include <memory>

namespace fieldpost {
namespace {

// As main.cc does, for this whole program of tests: the other side of a frame may be gone.
[[maybe_unused]] const auto kBefore = ::signal(SIGPIPE, SIG_IGN);

class Frames : public testing::Test {
 protected:
  Frames() {
    EXPECT_TRUE(make_frame_pair(pair_));
    EXPECT_EQ(fcntl(pair_.a, F_SETFL, O_NONBLOCK), 0);
    EXPECT_EQ(fcntl(pair_.b, F_SETFL, O_NONBLOCK), 0);
  }
  ~Frames() override {
    close_a();
    close(pair_.b);
  }
  void close_a() {
    if (pair_.a >= 0) close(pair_.a);
    pair_.a = -1;
  }
  FramePair pair_;
};

TEST_F(Frames, Receive_AfterSend_GivesTheSameBodyInOrder) {
  auto ask = std::make_unique<Ask>();
  ask->tag = 7;
  ask->wish = Wish::take;
  ASSERT_EQ(ask->message.to.assign("12025550123"), Status::ok);
  ASSERT_EQ(send_frame<FrameKind::ask>(pair_.a, *ask), Status::ok);
  ask->tag = 8;
  ASSERT_EQ(send_frame<FrameKind::ask>(pair_.a, *ask), Status::ok);

  auto inbox = std::make_unique<Inbox<FrameKind::ask>>();
  ASSERT_TRUE(inbox->receive(pair_.b).ok());
  EXPECT_EQ(inbox->body<FrameKind::ask>().tag, 7u);
  EXPECT_EQ(inbox->body<FrameKind::ask>().message.to.view(), "12025550123");
  ASSERT_TRUE(inbox->receive(pair_.b).ok());
  EXPECT_EQ(inbox->body<FrameKind::ask>().tag, 8u);
  EXPECT_EQ(inbox->receive(pair_.b).status(), Status::timeout);
}

TEST_F(Frames, Receive_OtherSideClosed_SaysSoAfterTheLastFrame) {
  ASSERT_EQ(send_frame<FrameKind::stop>(pair_.a, {}), Status::ok);
  close_a();
  Inbox<FrameKind::stop, FrameKind::uplink_gone> inbox;
  const Result<FrameKind> kind = inbox.receive(pair_.b);
  ASSERT_TRUE(kind.ok());
  EXPECT_EQ(kind.value(), FrameKind::stop);
  EXPECT_EQ(inbox.receive(pair_.b).status(), Status::not_found);
  EXPECT_EQ(send_frame<FrameKind::stop>(pair_.b, {}), Status::io);
}

TEST_F(Frames, Receive_KindThatIsNotTaken_IsSkipped) {
  ASSERT_EQ(send_frame<FrameKind::prepare>(pair_.a, {1}), Status::ok);
  ASSERT_EQ(send_frame<FrameKind::stop>(pair_.a, {}), Status::ok);
  Inbox<FrameKind::stop> inbox;
  EXPECT_EQ(inbox.receive(pair_.b).status(), Status::invalid);
  EXPECT_TRUE(inbox.receive(pair_.b).ok());
}

TEST_F(Frames, Receive_BytesThatAreNoFrame_AreSkipped) {
  const std::string_view noise = "not a frame at all";
  ASSERT_GT(send(pair_.a, noise.data(), noise.size(), 0), 0);
  ASSERT_GT(send(pair_.a, noise.data(), 1, 0), 0);
  const std::vector<std::byte> large(4096);
  ASSERT_EQ(send_frame_bytes(pair_.a, FrameKind::prepare, large), Status::ok);
  const std::vector<std::byte> small(3);
  ASSERT_EQ(send_frame_bytes(pair_.a, FrameKind::prepare, small), Status::ok);
  Inbox<FrameKind::prepare> inbox;
  for (int i = 0; i < 4; ++i) EXPECT_EQ(inbox.receive(pair_.b).status(), Status::invalid);
  EXPECT_EQ(inbox.receive(pair_.b).status(), Status::timeout);
}

TEST_F(Frames, Send_NobodyReads_IsFullAndLosesNothing) {
  auto told = std::make_unique<Told>();
  std::uint32_t sent = 0;
  Status status = Status::ok;
  while (status == Status::ok && sent < 10'000) {
    told->tag = sent;
    status = send_frame<FrameKind::told>(pair_.a, *told);
    if (status == Status::ok) ++sent;
  }
  EXPECT_EQ(status, Status::full);
  // As many answers as there can be connections must fit, or the keeper would have to wait.
  EXPECT_GE(sent, limits::local_connections_max);
  auto inbox = std::make_unique<Inbox<FrameKind::told>>();
  for (std::uint32_t i = 0; i < sent; ++i) {
    ASSERT_TRUE(inbox->receive(pair_.b).ok());
    EXPECT_EQ(inbox->body<FrameKind::told>().tag, i);
  }
}

// A body whose every byte is 0xff: each length, enum and bool in it is out of its range.
template <FrameKind Kind>
bool takes_nonsense(const FramePair& pair) {
  auto body = std::make_unique<FrameBody<Kind>>();
  std::memset(static_cast<void*>(body.get()), 0xff, sizeof *body);
  EXPECT_EQ(send_frame<Kind>(pair.a, *body), Status::ok);
  auto inbox = std::make_unique<Inbox<Kind>>();
  return inbox->receive(pair.b).ok();
}

TEST_F(Frames, Receive_BodyOutOfRange_IsRefusedForEveryKind) {
  EXPECT_FALSE(takes_nonsense<FrameKind::go>(pair_));
  EXPECT_FALSE(takes_nonsense<FrameKind::report>(pair_));
  EXPECT_FALSE(takes_nonsense<FrameKind::ask>(pair_));
  EXPECT_FALSE(takes_nonsense<FrameKind::told>(pair_));
  EXPECT_FALSE(takes_nonsense<FrameKind::name_servers>(pair_));
  EXPECT_FALSE(takes_nonsense<FrameKind::news>(pair_));
}

TEST(WellFormed, Report_OneFieldOutOfRange_IsRefused) {
  UplinkReport report;
  EXPECT_TRUE(well_formed(report));
  const unsigned char two = 2;
  std::memcpy(&report.kept, &two, 1);
  EXPECT_FALSE(well_formed(report));
  report.kept = false;
  report.answer.broken = static_cast<Reason>(kReasons);
  EXPECT_FALSE(well_formed(report));
  report.answer.broken = Reason::none;
  report.kind = static_cast<UplinkReport::Kind>(3);
  EXPECT_FALSE(well_formed(report));
}

TEST(WellFormed, Told_EveryRefusalThereIs_IsTaken) {
  auto told = std::make_unique<Told>();
  for (int i = 0; i <= static_cast<int>(Refusal::list_full); ++i) {
    told->refusal = static_cast<Refusal>(i);
    EXPECT_TRUE(well_formed(*told)) << i;
  }
}

TEST(WellFormed, Told_MoreRowsThanAPageHolds_IsRefused) {
  auto told = std::make_unique<Told>();
  told->row_count = limits::rows_per_page;
  EXPECT_TRUE(well_formed(*told));
  told->row_count = limits::rows_per_page + 1;
  EXPECT_FALSE(well_formed(*told));
}

TEST(WellFormed, News_OneFieldOutOfRange_IsRefused) {
  auto news = std::make_unique<News>();
  news->count = limits::news_at_once;
  EXPECT_TRUE(well_formed(*news));
  news->told.back().news = static_cast<State>(kStates);
  EXPECT_FALSE(well_formed(*news));
  news->told.back().news = State::read;
  ++news->count;
  EXPECT_FALSE(well_formed(*news));
}

}  // namespace
}  // namespace fieldpost
