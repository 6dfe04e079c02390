// Callbacks as they come over loopback. The webhook runs in a thread; the test is the proxy and the
// keeper.
#include "platform/linux/webhook.h"

#include <arpa/inet.h>
#include <fcntl.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include <atomic>
#include <fstream>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "platform/linux/frames.h"
#include "platform/linux/linux_clock.h"
#include "platform/linux/local_socket.h"
#include "platform/linux/poll.h"
#include "tests/fakes/quiet_log.h"
#include "tests/fakes/test_folder.h"

namespace fieldpost {
namespace {

constexpr std::string_view kSecret = "0123456789abcdefghijABCDEFGHIJ-_";
static_assert(kSecret.size() == limits::webhook_path_bytes_min);

class WebhookTest : public testing::Test {
 protected:
  WebhookTest() {
    EXPECT_TRUE(make_frame_pair(keeper_));
    for (const int fd : {keeper_.a, keeper_.b}) EXPECT_EQ(::fcntl(fd, F_SETFL, O_NONBLOCK), 0);
    TextBuffer<256> why;
    EXPECT_EQ(listen_at_port("key", "127.0.0.1", listener_, why), Status::ok) << why.written();
    start(kSecret);
  }
  ~WebhookTest() override {
    stop();
    ::close(keeper_.a);
    ::close(keeper_.b);
  }
  void start(std::string_view content) {
    std::ofstream(folder_ / "path") << content << '\n';
    const Fd file = open_file(folder_ / "path", O_RDONLY);
    room_ = std::make_unique<GateRoom>(*settings_, AllowedIds{}, clock_, keeper_.a, arena_);
    webhook_ = std::make_unique<Webhook>(listener_.get(), file.get(), quiet_.log);
    over_ = false;
    thread_ = std::thread([this] { run(); });
  }
  void stop() {
    over_ = true;
    if (thread_.joinable()) thread_.join();
  }
  // As the gate's rounds do.
  void run() {
    auto answers = std::make_unique<Inbox<FrameKind::told>>();
    while (!over_) {
      std::array<pollfd, 1 + Webhook::kWaits> waits{};
      waits[0] = {keeper_.a, POLLIN, 0};
      const Webhook::Waits mine = std::span(waits).last<Webhook::kWaits>();
      webhook_->add_waits(mine, false);
      wait_for_any(waits, Deadline{earlier(webhook_->deadline(), clock_.now() + 20_ms)}, clock_);
      if (waits[0].revents != 0 && answers->receive(keeper_.a).ok()) {
        webhook_->on_told(answers->body<FrameKind::told>(), *room_);
      }
      webhook_->on_events(mine, *room_);
    }
  }

  Fd connect() {
    sockaddr_in to{};
    socklen_t bytes = sizeof to;
    EXPECT_EQ(::getsockname(listener_.get(), reinterpret_cast<sockaddr*>(&to), &bytes), 0);
    Fd socket(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
    EXPECT_EQ(::connect(socket.get(), reinterpret_cast<sockaddr*>(&to), bytes), 0);
    return socket;
  }
  static void say(const Fd& socket, std::string_view text) {
    EXPECT_EQ(::send(socket.get(), text.data(), text.size(), MSG_NOSIGNAL),
              static_cast<ssize_t>(text.size()));
  }
  static std::string hear(const Fd& socket) {
    std::string all;
    std::array<char, 4096> piece;
    for (;;) {
      const ssize_t got = ::recv(socket.get(), piece.data(), piece.size(), 0);
      if (got <= 0) return all;
      all.append(piece.data(), static_cast<std::size_t>(got));
    }
  }
  std::string answer_to(std::string_view request) {
    const Fd socket = connect();
    say(socket, request);
    return hear(socket);
  }
  const News& next_news() {
    std::array<pollfd, 1> wait{{{keeper_.b, POLLIN, 0}}};
    wait_for_any(wait, Deadline{clock_.now() + 10_s}, clock_);
    EXPECT_TRUE(news_->receive(keeper_.b).ok());
    return news_->body<FrameKind::news>();
  }
  void tell(std::uint32_t tag, Refusal refusal = Refusal::none) {
    auto told = std::make_unique<Told>();
    told->tag = tag;
    told->refusal = refusal;
    EXPECT_EQ(send_frame<FrameKind::told>(keeper_.b, *told), Status::ok);
  }
  bool nothing_is_asked() { return news_->receive(keeper_.b).status() == Status::timeout; }

  static std::string post(std::string_view body, std::string_view path = kSecret) {
    return "POST /" + std::string(path) +
           " HTTP/1.0\r\nContent-Length: " + std::to_string(body.size()) + "\r\n\r\n" +
           std::string(body);
  }
  static std::string acks(std::size_t count) {
    std::string items;
    for (std::size_t i = 0; i < count; ++i) {
      items += (i == 0 ? "" : ",") + (R"({"id":"m)" + std::to_string(i) + R"(","status":"read"})");
    }
    return R"({"ack":[)" + items + "]}";
  }

  TestFolder folder_;
  FramePair keeper_;
  Fd listener_;
  LinuxEntropy entropy_;
  LinuxClock clock_{entropy_};
  QuietLog quiet_;
  std::unique_ptr<Settings> settings_ = std::make_unique<Settings>();
  std::vector<std::byte> arena_ = std::vector<std::byte>(limits::json_arena_bytes);
  std::unique_ptr<Inbox<FrameKind::news>> news_ = std::make_unique<Inbox<FrameKind::news>>();
  std::unique_ptr<GateRoom> room_;
  std::unique_ptr<Webhook> webhook_;
  std::atomic<bool> over_ = false;
  std::thread thread_;
};

TEST_F(WebhookTest, Callback_IsAnsweredWhenTheKeeperHasIt) {
  const Fd sender = connect();
  say(sender, post(acks(2)));
  const News& news = next_news();
  ASSERT_EQ(news.count, 2u);
  EXPECT_EQ(news.told[1].message_id, "m1");
  EXPECT_EQ(news.told[1].news, State::read);
  tell(news.tag);
  EXPECT_TRUE(hear(sender).starts_with("HTTP/1.1 200 "));
}

TEST_F(WebhookTest, KeeperRefuses_Is503WithATimeToComeBack) {
  const Fd sender = connect();
  say(sender, post(acks(1)));
  tell(next_news().tag, Refusal::storage);
  const std::string answer = hear(sender);
  EXPECT_TRUE(answer.starts_with("HTTP/1.1 503 ")) << answer;
  EXPECT_NE(answer.find("Retry-After: "), answer.npos) << answer;
}

TEST_F(WebhookTest, MoreThanAFrameHolds_IsAskedPieceByPieceAndAnsweredOnce) {
  const Fd sender = connect();
  say(sender, post(acks(limits::news_at_once + 1)));
  const News& first = next_news();
  ASSERT_EQ(first.count, limits::news_at_once);
  EXPECT_TRUE(first.more);
  tell(first.tag);
  const News& second = next_news();
  ASSERT_EQ(second.count, 1u);
  EXPECT_EQ(second.told[0].message_id, "m8");
  EXPECT_FALSE(second.more);
  tell(second.tag);
  EXPECT_TRUE(hear(sender).starts_with("HTTP/1.1 200 "));
}

TEST_F(WebhookTest, SecondPieceRefused_IsNoYes) {
  const Fd sender = connect();
  say(sender, post(acks(limits::news_at_once + 1)));
  tell(next_news().tag);
  tell(next_news().tag, Refusal::storage);
  EXPECT_TRUE(hear(sender).starts_with("HTTP/1.1 503 "));
}

TEST_F(WebhookTest, AnswerOfAnEarlierGate_IsLeftAlone) {
  const Fd sender = connect();
  say(sender, post(acks(1)));
  const std::uint32_t tag = next_news().tag;
  tell(tag + 7, Refusal::storage);
  tell(tag);
  EXPECT_TRUE(hear(sender).starts_with("HTTP/1.1 200 "));
}

TEST_F(WebhookTest, WithoutNews_IsAnsweredAtOnce) {
  for (const char* body :
       {"{}", R"({"messages":[{"body":"hi"}]})", R"({"ack":[{"id":"m","status":"pending"}]})"}) {
    EXPECT_TRUE(answer_to(post(body)).starts_with("HTTP/1.1 200 ")) << body;
  }
  EXPECT_TRUE(nothing_is_asked());
}

TEST_F(WebhookTest, AnythingElse_IsTheSame404) {
  const std::string news = acks(1);
  const std::string nowhere = answer_to(post(news, "x"));
  EXPECT_TRUE(nowhere.starts_with("HTTP/1.1 404 ")) << nowhere;
  const std::string secret(kSecret);
  std::string nearly = secret;
  nearly.back() = '.';
  for (const std::string& path :
       {std::string(), nearly, secret.substr(0, 31), secret + "x", secret + "/", "/" + secret,
        secret + "?a", std::string("v1/messages"), std::string("v1/status")}) {
    EXPECT_EQ(answer_to(post(news, path)), nowhere) << path;
  }
  for (const char* method : {"GET", "HEAD", "OPTIONS", "PUT", "DELETE", "BREW"}) {
    EXPECT_EQ(answer_to(method + (" /" + secret + " HTTP/1.0\r\n\r\n")), nowhere) << method;
  }
  EXPECT_TRUE(nothing_is_asked());
}

// Half an emoji, and more in it than the arena holds: what cannot be read today will not be readable
// tomorrow, news beside it or not.
TEST_F(WebhookTest, WhatCannotBeRead_IsNotAskedForAgainAndIsSaid) {
  std::string long_list = "0";
  while (long_list.size() < limits::local_body_bytes_max - 100) long_list += ",0";
  const std::string news = acks(1).substr(1);
  for (const std::string& body : {std::string(R"({"messages":[{"body":"\ud83d"}]})"),
                                  R"({"messages":[)" + long_list + "]," + news,
                                  std::string(R"({"ack":[{"id":"m","status":"read"},]})")}) {
    EXPECT_TRUE(answer_to(post(body)).starts_with("HTTP/1.1 200 ")) << body;
  }
  EXPECT_TRUE(answer_to("nonsense\r\n\r\n").starts_with("HTTP/1.1 404 "));
  EXPECT_TRUE(nothing_is_asked());
  stop();
  EXPECT_EQ(std::ranges::count(quiet_.lines, "webhook state=\"not readable\""), 3);
}

TEST_F(WebhookTest, TooLarge_IsRefused) {
  EXPECT_TRUE(
      answer_to("POST / HTTP/1.0\r\nContent-Length: 16385\r\n\r\n").starts_with("HTTP/1.1 413 "));
  const std::string head = "POST / HTTP/1.0\r\nx: " + std::string(5000, 'x') + "\r\n\r\n";
  EXPECT_TRUE(answer_to(head).starts_with("HTTP/1.1 404 "));
}

TEST_F(WebhookTest, InChunksAndWithAnyContentType_IsRead) {
  const Fd sender = connect();
  say(sender, "POST /" + std::string(kSecret) +
                  " HTTP/1.1\r\nHost: h\r\nContent-Type: text/plain; charset=utf-8\r\n"
                  "Transfer-Encoding: chunked\r\n\r\n2b\r\n" +
                  R"({"hooks":[{"id":"m","status":"delivered"}]})" + "\r\n0\r\n\r\n");
  tell(next_news().tag);
  EXPECT_TRUE(hear(sender).starts_with("HTTP/1.1 200 "));
}

TEST_F(WebhookTest, InTwoPieces_IsReadWhenItIsWhole) {
  const std::string request = post(acks(1));
  const Fd sender = connect();
  say(sender, request.substr(0, 20));
  const Fd other = connect();
  say(other, request.substr(0, request.size() - 1));
  // By the time that this one is answered the halves have been looked at.
  EXPECT_TRUE(answer_to(post("{}")).starts_with("HTTP/1.1 200 "));
  EXPECT_TRUE(nothing_is_asked());
  for (const Fd* one : {&sender, &other}) {
    say(*one, one == &sender ? request.substr(20) : request.substr(request.size() - 1));
    tell(next_news().tag);
    EXPECT_TRUE(hear(*one).starts_with("HTTP/1.1 200 "));
  }
}

TEST_F(WebhookTest, EndInTheMiddle_EndsTheConnection) {
  const Fd sender = connect();
  say(sender, "POST /");
  ::shutdown(sender.get(), SHUT_WR);
  EXPECT_EQ(hear(sender), "");
}

TEST_F(WebhookTest, MoreThanThereArePlaces_TheOldestYields) {
  std::vector<Fd> silent;
  for (std::size_t i = 0; i < 3 * Webhook::kPlaces; ++i) {
    silent.push_back(connect());
    if (i % 2 != 0) say(silent.back(), "POST /");
  }
  EXPECT_TRUE(answer_to(post("{}")).starts_with("HTTP/1.1 200 "));
  EXPECT_EQ(hear(silent.front()), "");
}

TEST_F(WebhookTest, WhoWaitsForTheKeeper_YieldsToNobody) {
  const Fd sender = connect();
  say(sender, post(acks(1)));
  const std::uint32_t tag = next_news().tag;
  std::vector<Fd> silent;
  for (std::size_t i = 0; i < 2 * Webhook::kPlaces; ++i) silent.push_back(connect());
  tell(tag);
  EXPECT_TRUE(hear(sender).starts_with("HTTP/1.1 200 "));
  EXPECT_EQ(hear(silent.front()), "");
}

TEST_F(WebhookTest, WholeOnesWhileTheKeeperIsBusy_AreAllServedInTheEnd) {
  std::vector<Fd> senders;
  for (std::size_t i = 0; i < 2 * Webhook::kPlaces; ++i) {
    senders.push_back(connect());
    say(senders.back(), post(acks(1)));
  }
  for (std::size_t i = 0; i < senders.size(); ++i) tell(next_news().tag);
  for (const Fd& sender : senders) EXPECT_TRUE(hear(sender).starts_with("HTTP/1.1 200 "));
}

TEST_F(WebhookTest, PathThatCanBeGuessed_IsNoWebhook) {
  stop();
  start(kSecret.substr(1));
  std::array<pollfd, Webhook::kWaits> waits{};
  webhook_->add_waits(waits, false);
  EXPECT_EQ(waits[0].fd, -1);
}

}  // namespace
}  // namespace fieldpost
