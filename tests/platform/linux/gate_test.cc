#include "platform/linux/gate.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <poll.h>
#include <sys/socket.h>

#include <atomic>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "platform/linux/linux_clock.h"
#include "platform/linux/local_socket.h"
#include "tests/fakes/quiet_log.h"
#include "tests/fakes/test_folder.h"

namespace fieldpost {
namespace {

// The real one, which can be put ahead.
class AheadClock final : public Clock {
 public:
  explicit AheadClock(Entropy& entropy) : real_(entropy) {}
  Instant now() const override { return real_.now() + Duration{ahead_ms}; }
  std::optional<UnixTime> wall() const override { return real_.wall(); }
  std::uint64_t boot() const override { return real_.boot(); }
  std::atomic<std::uint64_t> ahead_ms = 0;

 private:
  const LinuxClock real_;
};

// The gate runs in a thread, as its process would; the test is the app, the keeper and the
// supervisor.
class GateTest : public testing::Test {
 protected:
  GateTest() {
    EXPECT_TRUE(make_frame_pair(keeper_));
    EXPECT_TRUE(make_frame_pair(orders_));
    for (const int fd : {keeper_.a, orders_.a}) EXPECT_EQ(::fcntl(fd, F_SETFL, O_NONBLOCK), 0);
    TextBuffer<256> why;
    EXPECT_EQ(listen_at(path_, std::nullopt, listener_, why), Status::ok) << why.written();
    TemplateSettings& one = settings_->templates[settings_->template_count++];
    MUST(one.scenario.assign("next-step"));
    MUST(one.name.assign("next_step"));
    MUST(one.name_space.assign("NS"));
    MUST(one.language.assign("en"));
    gate_ = std::make_unique<Gate>(listener_.get(), keeper_.a, orders_.a, *settings_, AllowedIds{},
                                   clock_, quiet_.log, arena_);
    gate_->start_tags_at(41);
    thread_ = std::thread([this] { gate_->run(); });
  }
  ~GateTest() override {
    stop();
    for (const int fd : {keeper_.a, keeper_.b, orders_.a, orders_.b}) ::close(fd);
  }
  void stop() {
    if (!thread_.joinable()) return;
    EXPECT_EQ(send_frame<FrameKind::stop>(orders_.b, {}), Status::ok);
    thread_.join();
  }

  Fd connect() {
    Fd socket;
    EXPECT_EQ(connect_to(path_, socket), Status::ok);
    EXPECT_EQ(::fcntl(socket.get(), F_SETFL, 0), 0);
    return socket;
  }
  static void say(const Fd& socket, std::string_view text) {
    EXPECT_EQ(::send(socket.get(), text.data(), text.size(), MSG_NOSIGNAL),
              static_cast<ssize_t>(text.size()));
  }
  // Until `end` has come, or the connection ends.
  static std::string hear(const Fd& socket, std::string_view end = "}\n") {
    std::string all;
    std::array<char, 4096> piece;
    while (all.find(end) == all.npos) {
      const ssize_t got = ::recv(socket.get(), piece.data(), piece.size(), 0);
      if (got <= 0) break;
      all.append(piece.data(), static_cast<std::size_t>(got));
    }
    return all;
  }
  const Ask& next_ask() {
    EXPECT_TRUE(asks_->receive(keeper_.b).ok());
    return asks_->body<FrameKind::ask>();
  }
  void tell(const Ask& ask, MessageId id) {
    auto told = std::make_unique<Told>();
    told->tag = ask.tag;
    told->wish = ask.wish;
    told->id = id;
    EXPECT_EQ(send_frame<FrameKind::told>(keeper_.b, *told), Status::ok);
  }

  // One that follows the events, and has heard all there were.
  Fd follow() {
    Fd app = connect();
    say(app, kFollow);
    for (int i = 0; i < 2; ++i) {
      const Ask& ask = next_ask();
      auto told = std::make_unique<Told>();
      told->tag = ask.tag;
      told->wish = ask.wish;
      told->cursor = 512;
      EXPECT_EQ(send_frame<FrameKind::told>(keeper_.b, *told), Status::ok);
    }
    EXPECT_NE(hear(app).find("{\"event\":512}"), std::string::npos);
    return app;
  }
  void tell_news() {
    auto told = std::make_unique<Told>();
    told->wish = Wish::events;
    EXPECT_EQ(send_frame<FrameKind::told>(keeper_.b, *told), Status::ok);
  }
  static constexpr std::string_view kFollow = "GET /v1/events HTTP/1.1\r\nHost: h\r\n\r\n";

  static std::string post(std::string_view body) {
    return "POST /v1/messages HTTP/1.1\r\nHost: h\r\nContent-Type: application/json\r\n"
           "Content-Length: " +
           std::to_string(body.size()) + "\r\n\r\n" + std::string(body);
  }

  static constexpr std::string_view kMessage =
      R"({"scenario":"next-step","to":"12025550123","fields":)"
      R"({"customerName":"Maria","process":"loan","nextStep":"call"}})";

  TestFolder folder_;
  std::string path_ = folder_ / "sock";
  FramePair keeper_, orders_;
  Fd listener_;
  LinuxEntropy entropy_;
  AheadClock clock_{entropy_};
  QuietLog quiet_;
  std::unique_ptr<Settings> settings_ = std::make_unique<Settings>();
  std::vector<std::byte> arena_ = std::vector<std::byte>(limits::json_arena_bytes);
  std::unique_ptr<Inbox<FrameKind::ask>> asks_ = std::make_unique<Inbox<FrameKind::ask>>();
  std::unique_ptr<Gate> gate_;
  std::thread thread_;
};

TEST_F(GateTest, Post_Message_BecomesAnAskAndItsAnswer202) {
  const Fd app = connect();
  say(app, post(kMessage));
  const Ask& ask = next_ask();
  EXPECT_EQ(ask.wish, Wish::take);
  EXPECT_EQ(ask.message.to.view(), "12025550123");
  EXPECT_EQ(ask.message.source.view(), "uid:" + std::to_string(::geteuid()));
  tell(ask, 17);
  const std::string answer = hear(app);
  EXPECT_TRUE(answer.starts_with("HTTP/1.1 202 ")) << answer;
  EXPECT_NE(answer.find("\"id\":17"), answer.npos) << answer;
}

TEST_F(GateTest, Requests_OneAfterTheOther_ShareAConnection) {
  const Fd app = connect();
  say(app, post(kMessage) + post(kMessage));
  tell(next_ask(), 1);
  EXPECT_NE(hear(app).find("\"id\":1,"), std::string::npos);
  tell(next_ask(), 2);
  EXPECT_NE(hear(app).find("\"id\":2,"), std::string::npos);
}

TEST_F(GateTest, BadRequests_AreAnsweredWithoutTheKeeper) {
  const Fd app = connect();
  say(app, post(R"({"scenario":"next-step","to":"letters","fields":{}})"));
  EXPECT_TRUE(hear(app).starts_with("HTTP/1.1 422 "));
  say(app, "GET /v1/nothing HTTP/1.1\r\nHost: h\r\n\r\n");
  EXPECT_TRUE(hear(app).starts_with("HTTP/1.1 404 "));
  say(app, "complete nonsense\r\n\r\n");
  EXPECT_TRUE(hear(app).starts_with("HTTP/1.1 4"));
  EXPECT_EQ(hear(app), "");  // closed: where the next request would begin is not known
}

TEST_F(GateTest, Told_WithATagOfAnotherGate_IsLeftAlone) {
  const Fd app = connect();
  say(app, post(kMessage));
  Ask ask = next_ask();
  const std::uint32_t right = ask.tag;
  ask.tag = right + 1000;
  tell(ask, 99);
  ask.tag = right;
  tell(ask, 17);
  EXPECT_NE(hear(app).find("\"id\":17"), std::string::npos);
}

TEST_F(GateTest, AppGone_BeforeItsAnswer_HurtsNobodyElse) {
  {
    const Fd app = connect();
    say(app, post(kMessage));
    tell(next_ask(), 1);
  }
  const Fd other = connect();
  say(other, post(kMessage));
  tell(next_ask(), 2);
  EXPECT_NE(hear(other).find("\"id\":2"), std::string::npos);
}

TEST_F(GateTest, Keeper_TooLate_IsBusyForAQuestionAndUnknownForWhatChangesSomething) {
  const Fd question = connect();
  say(question, "GET /v1/status HTTP/1.1\r\nHost: h\r\n\r\n");
  next_ask();
  const Fd take = connect();
  say(take, post(kMessage));
  next_ask();
  clock_.ahead_ms = 11'000;
  const Fd other = connect();  // wakes the gate
  say(other, "GET /v1/scenarios HTTP/1.1\r\nHost: h\r\n\r\n");
  EXPECT_TRUE(hear(other, "\r\n\r\n").starts_with("HTTP/1.1 200 "));
  EXPECT_TRUE(hear(question).starts_with("HTTP/1.1 503 "));
  EXPECT_EQ(hear(take), "") << "who hears `try again` sends what may be queued already";
}

TEST_F(GateTest, MoreConnectionsThanPlaces_EvictWhoIsIdle) {
  std::vector<Fd> idle;
  for (std::size_t i = 0; i < limits::local_connections_max; ++i) {
    idle.push_back(connect());
    say(idle.back(), "GET /v1/scenarios HTTP/1.1\r\nHost: h\r\n\r\n");
    EXPECT_TRUE(hear(idle.back(), "\r\n\r\n").starts_with("HTTP/1.1 200 "));
  }
  const Fd late = connect();
  say(late, post(kMessage));
  tell(next_ask(), 5);
  EXPECT_NE(hear(late).find("\"id\":5"), std::string::npos);
}

TEST_F(GateTest, Events_NothingNew_WaitsUntilTheKeeperHasSome) {
  const Fd app = follow();
  tell_news();
  const Ask& ask = next_ask();
  EXPECT_EQ(ask.wish, Wish::events);
  EXPECT_EQ(ask.query.cursor, 512u);
  auto told = std::make_unique<Told>();
  told->tag = ask.tag;
  told->wish = Wish::events;
  told->row_count = 1;
  told->rows[0].event = told->cursor = 768;
  told->rows[0].id = 17;
  EXPECT_EQ(send_frame<FrameKind::told>(keeper_.b, *told), Status::ok);
  EXPECT_NE(hear(app).find("{\"event\":768,\"id\":17,"), std::string::npos);
}

TEST_F(GateTest, Events_FollowedByAsManyAsMay_TellsTheNextSoAndServesOthers) {
  std::vector<Fd> streams;
  for (std::size_t i = 0; i < limits::event_streams_max; ++i) streams.push_back(follow());
  Fd one_more = connect();
  say(one_more, kFollow);
  EXPECT_TRUE(hear(one_more).starts_with("HTTP/1.1 429 "));
  streams.pop_back();
  streams.push_back(follow());
  const Fd other = connect();
  say(other, post(kMessage));
  tell(next_ask(), 17);
  EXPECT_TRUE(hear(other).starts_with("HTTP/1.1 202 "));
}

TEST_F(GateTest, Stop_WithAnAnswerOnItsWay_WaitsForIt) {
  const Fd app = connect();
  say(app, post(kMessage));
  const Ask& ask = next_ask();
  ASSERT_EQ(send_frame<FrameKind::stop>(orders_.b, {}), Status::ok);
  tell(ask, 17);
  EXPECT_NE(hear(app).find("\"id\":17"), std::string::npos);
  thread_.join();
}

TEST_F(GateTest, KeeperGone_EndsTheGate) {
  ::shutdown(keeper_.b, SHUT_RDWR);
  thread_.join();
}

}  // namespace
}  // namespace fieldpost
