#include "platform/linux/uplink/uplink_process.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/mman.h>

#include <memory>
#include <string>
#include <thread>

#include "tests/fakes/quiet_log.h"
#include "tests/platform/linux/uplink/real_clock.h"
#include "tests/platform/mbedtls/openssl_server.h"

namespace fieldpost {
namespace {

constexpr const char* kAccepted =
    "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 30\r\n\r\n"
    R"({"sent":true,"id":"wamid.ABC"})";

int file_of(const std::string& text) {
  const int fd = ::memfd_create("file", MFD_CLOEXEC);
  EXPECT_EQ(::write(fd, text.data(), text.size()), static_cast<ssize_t>(text.size()));
  return fd;
}

// A server that the test plays itself, on a free port of loopback.
class Server {
 public:
  explicit Server(int receive_buffer = 0) {
    listening_ = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (receive_buffer != 0) {
      ::setsockopt(listening_, SOL_SOCKET, SO_RCVBUF, &receive_buffer, sizeof receive_buffer);
    }
    sockaddr_in self{};
    self.sin_family = AF_INET;
    self.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof self;
    EXPECT_EQ(::bind(listening_, reinterpret_cast<sockaddr*>(&self), size), 0);
    EXPECT_EQ(::listen(listening_, 4), 0);
    ::getsockname(listening_, reinterpret_cast<sockaddr*>(&self), &size);
    port_ = ntohs(self.sin_port);
  }
  ~Server() {
    hang_up();
    ::close(listening_);
  }
  std::uint16_t port() const { return port_; }
  void accept() { peer_ = ::accept4(listening_, nullptr, nullptr, SOCK_CLOEXEC); }
  std::string read_until(const std::string& end) {
    std::string got;
    char room[4096];
    while (got.find(end) == std::string::npos) {
      const ssize_t n = ::recv(peer_, room, sizeof room, 0);
      if (n <= 0) break;
      got.append(room, static_cast<std::size_t>(n));
    }
    return got;
  }
  void say(const std::string& text) {
    EXPECT_EQ(::send(peer_, text.data(), text.size(), MSG_NOSIGNAL),
              static_cast<ssize_t>(text.size()));
  }
  void hang_up() {
    if (peer_ >= 0) ::close(peer_);
    peer_ = -1;
  }

 private:
  int listening_ = -1, peer_ = -1;
  std::uint16_t port_ = 0;
};

class UplinkLoop : public testing::Test {
 protected:
  void start(const std::string& base_url, const std::string& token = " the-token\n",
             const std::string& second_token = "") {
    ASSERT_EQ(settings_.base_url.assign(base_url), Status::ok);
    ASSERT_TRUE(make_frame_pair(keeper_));
    ASSERT_TRUE(make_frame_pair(supervisor_));
    process_ = std::make_unique<UplinkProcess>(settings_, UplinkEnds{keeper_.b, supervisor_.b},
                                               clock_, entropy_, log_);
    const int tokens[] = {file_of(token), file_of(second_token)};
    roots_ = ::open((certificates() + "/trusted.pem").c_str(), O_RDONLY | O_CLOEXEC);
    ASSERT_EQ(process_->start(std::span(tokens).first(second_token.empty() ? 1 : 2), roots_),
              Status::ok);
    ::close(tokens[0]);
    ::close(tokens[1]);
    thread_ = std::thread([this] { process_->run(); });
  }
  void start(const Server& server) {
    start("http://127.0.0.1:" + std::to_string(server.port()) + "/api");
  }
  void TearDown() override {
    if (!thread_.joinable()) return;
    EXPECT_EQ(send_frame<FrameKind::stop>(supervisor_.a, {}), Status::ok);
    thread_.join();
    process_.reset();
    for (const int fd : {keeper_.a, keeper_.b, supervisor_.a, supervisor_.b, roots_}) ::close(fd);
  }

  UplinkReport wait_for_report(std::uint32_t exchange) {
    EXPECT_EQ(inbox_.receive(keeper_.a).status(), Status::ok);
    const UplinkReport report = inbox_.body<FrameKind::report>();
    EXPECT_EQ(report.exchange, exchange);
    return report;
  }
  UplinkReport prepare(std::uint32_t exchange) {
    EXPECT_EQ(send_frame<FrameKind::prepare>(keeper_.a, {exchange}), Status::ok);
    return wait_for_report(exchange);
  }
  void go(std::uint32_t exchange, std::size_t body_bytes = 2) {
    Request request;
    request.exchange = exchange;
    EXPECT_EQ(request.path.assign("/VID1/sendTemplate"), Status::ok);
    EXPECT_EQ(request.body.assign("{" + std::string(body_bytes - 2, ' ') + "}"), Status::ok);
    EXPECT_EQ(send_frame<FrameKind::go>(keeper_.a, request), Status::ok);
  }

  // Prepared, gone, and answered with those bytes.
  UplinkReport exchange(Server& server, std::uint32_t number, const std::string& answer,
                        bool hang_up = false) {
    EXPECT_EQ(prepare(number).kind, UplinkReport::Kind::ready);
    server.accept();
    go(number);
    request_ = server.read_until("{}");
    server.say(answer);
    if (hang_up) server.hang_up();
    return wait_for_report(number);
  }

  void expect_broken(const UplinkReport& report, Reached reached, Reason reason,
                     std::string_view words) {
    EXPECT_EQ(report.kind, UplinkReport::Kind::broken);
    EXPECT_FALSE(report.kept);
    EXPECT_EQ(report.answer.reached, reached);
    EXPECT_EQ(to_text(report.answer.broken), to_text(reason));
    EXPECT_NE(report.answer.detail.view().find(words), std::string_view::npos)
        << report.answer.detail.view();
    EXPECT_EQ(report.answer.http, 0);
  }

  RealClock clock_;
  RealEntropy entropy_;
  QuietLog quiet_;
  Log log_{quiet_};
  ApiSettings settings_;
  FramePair keeper_, supervisor_;
  int roots_ = -1;
  std::unique_ptr<UplinkProcess> process_;
  std::thread thread_;
  Inbox<FrameKind::report> inbox_;
  std::string request_;
};

TEST_F(UplinkLoop, Go_AfterReady_SendsTheRequestAndReadsTheAnswer) {
  Server server;
  start(server);
  const UplinkReport report = exchange(server, 1, kAccepted);
  EXPECT_TRUE(request_.starts_with("POST /api/VID1/sendTemplate HTTP/1.1\r\nHost: 127.0.0.1:"));
  EXPECT_NE(request_.find("\r\nAuthorization: Bearer the-token\r\n"), std::string::npos);
  EXPECT_NE(request_.find("\r\nContent-Length: 2\r\n"), std::string::npos);
  EXPECT_EQ(report.kind, UplinkReport::Kind::answered);
  EXPECT_TRUE(report.kept);
  EXPECT_EQ(report.answer.reached, Reached::all_of_it);
  EXPECT_EQ(report.answer.http, 200);
  EXPECT_TRUE(report.answer.parsed && report.answer.sent);
  EXPECT_EQ(report.answer.message_id.view(), "wamid.ABC");

  // The kept connection takes the next one without another prepare.
  go(2);
  EXPECT_TRUE(server.read_until("{}").starts_with("POST "));
  server.say(kAccepted);
  EXPECT_EQ(wait_for_report(2).kind, UplinkReport::Kind::answered);
  EXPECT_EQ(prepare(3).kind, UplinkReport::Kind::ready);
  go(3);
  EXPECT_TRUE(server.read_until("{}").starts_with("POST "));
  server.say("HTTP/1.1 302 Found\r\nLocation: http://127.0.0.1:1/\r\nContent-Length: 0\r\n\r\n");
  EXPECT_EQ(wait_for_report(3).answer.http, 302);
}

TEST_F(UplinkLoop, Go_WithoutPrepare_IsDiscarded) {
  Server server;
  start(server);
  go(7);
  expect_broken(wait_for_report(7), Reached::nothing, Reason::connect_failed, "not prepared");
  EXPECT_EQ(prepare(8).kind, UplinkReport::Kind::ready);
  go(9);
  expect_broken(wait_for_report(9), Reached::nothing, Reason::connect_failed, "not prepared");
  server.accept();
  EXPECT_EQ(prepare(10).kind, UplinkReport::Kind::ready);
}

TEST_F(UplinkLoop, Go_ConnectionEndedOrSpokeMeanwhile_SendsNothing) {
  for (const bool speaks : {true, false}) {
    Server server;
    start(server);
    EXPECT_EQ(prepare(1).kind, UplinkReport::Kind::ready);
    server.accept();
    if (speaks) server.say("HTTP/1.1 408 Request Timeout\r\n\r\n");
    if (!speaks) server.hang_up();
    // Over loopback an end is there as soon as close() has returned.
    go(1);
    expect_broken(wait_for_report(1), Reached::nothing, Reason::connect_failed, "closed");
    TearDown();
  }
}

TEST_F(UplinkLoop, Prepare_NobodyListens_IsConnectFailed) {
  std::uint16_t port = 0;
  {
    Server gone;
    port = gone.port();
  }
  start("http://localhost:" + std::to_string(port));
  expect_broken(prepare(1), Reached::nothing, Reason::connect_failed, "cannot connect to ");
}

TEST_F(UplinkLoop, Prepare_NoNameServer_IsNetworkDown) {
  start("https://api.example.com");
  expect_broken(prepare(1), Reached::nothing, Reason::network_down, "name server");
}

TEST_F(UplinkLoop, Prepare_ClockNotSet_ConnectsNowhere) {
  clock_.unset = true;
  start("https://localhost:1");
  expect_broken(prepare(1), Reached::nothing, Reason::clock_not_set, "clock");
}

TEST_F(UplinkLoop, Prepare_UnusableToken_SaysSo) {
  Server server;
  start("http://127.0.0.1:" + std::to_string(server.port()), "two\nlines\n");
  expect_broken(prepare(1), Reached::nothing, Reason::token_refused, "api.token_file");
}

TEST_F(UplinkLoop, Go_FirstTokenRefused_UsesTheNextOneNextTime) {
  Server server;
  start("http://127.0.0.1:" + std::to_string(server.port()), "old-token", "new-token\r\n");
  const std::string words = R"({"error":"Wrong token \"old-token\" for channel VID1"})";
  const UplinkReport report = exchange(
      server, 1,
      "HTTP/1.1 401 No\r\nContent-Length: " + std::to_string(words.size()) + "\r\n\r\n" + words);
  EXPECT_EQ(report.answer.http, 401);
  EXPECT_EQ(report.answer.detail.view().find("old-token"), std::string_view::npos);
  go(2);
  EXPECT_NE(server.read_until("{}").find("Bearer new-token\r\n"), std::string::npos);
  server.say(kAccepted);
  EXPECT_TRUE(wait_for_report(2).answer.sent);
}

TEST_F(UplinkLoop, Go_AnswersThatEndBadly_LeaveTheMatterOpen) {
  struct Bad {
    const char* answer;
    const char* words;
  };
  const Bad table[] = {
      {"", "without an answer"},
      {"HTTP/1.1 200 OK\r\nContent-Len", "within the answer"},
      {"HTTP/1.1 200 OK\r\nContent-Length: 30\r\n\r\n{\"sent\"", "within the answer"},
      {"<html>portal</html>", "not HTTP"},
      {"HTTP/1.1 200 OK\r\nContent-Length: 99999\r\n\r\n", "too large"},
      {"HTTP/1.1 200 OK\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n", "two lengths"},
  };
  Server server;
  start(server);
  std::uint32_t number = 0;
  for (const Bad& bad : table) {
    SCOPED_TRACE(bad.answer);
    expect_broken(exchange(server, ++number, bad.answer, true), Reached::all_of_it,
                  Reason::api_trouble, bad.words);
  }
}

TEST_F(UplinkLoop, Go_NoAnswerInTime_LeavesTheMatterOpen) {
  settings_.answer_timeout = 50_ms;
  Server server;
  start(server);
  expect_broken(exchange(server, 1, "HTTP/1.1 100 Continue\r\n\r\n"), Reached::all_of_it,
                Reason::api_trouble, "in time");
}

TEST_F(UplinkLoop, Go_RequestStuckInTheKernel_NeverLeft) {
  settings_.answer_timeout = 200_ms;
  Server server(2304);
  start(server);
  EXPECT_EQ(prepare(1).kind, UplinkReport::Kind::ready);
  server.accept();
  go(1, 10'000);
  expect_broken(wait_for_report(1), Reached::part_of_it, Reason::connect_failed, "did not leave");
}

TEST_F(UplinkLoop, Go_ConnectionThatMayNotBeKept_IsReportedSo) {
  const std::string body = R"({"sent":true,"id":"wamid.ABC"})";
  const std::string sized = "Content-Length: 30\r\n\r\n" + body;
  Server server;
  start(server);
  std::uint32_t number = 0;
  for (const std::string& answer :
       {"HTTP/1.1 200 OK\r\nConnection: close\r\n" + sized,
        "HTTP/1.1 200 OK\r\nKeep-Alive: timeout=5\r\n" + sized, "HTTP/1.0 200 OK\r\n" + sized,
        "HTTP/1.1 200 OK\r\n" + sized + "more"}) {
    SCOPED_TRACE(answer);
    const UplinkReport report = exchange(server, ++number, answer);
    EXPECT_EQ(report.kind, UplinkReport::Kind::answered);
    EXPECT_TRUE(report.answer.sent);
    EXPECT_FALSE(report.kept);
    go(++number);
    expect_broken(wait_for_report(number), Reached::nothing, Reason::connect_failed, "");
  }
  const UplinkReport until_close =
      exchange(server, ++number, "HTTP/1.1 200 OK\r\n\r\n" + body, true);
  EXPECT_TRUE(until_close.answer.sent);
  EXPECT_FALSE(until_close.kept);
  EXPECT_TRUE(
      exchange(server, ++number, "HTTP/1.1 200 OK\r\nKeep-Alive: timeout=60\r\n" + sized).kept);
}

TEST_F(UplinkLoop, Go_OverTls_IsTheSame) {
  for (const char* version : {"-tls1_2", "-tls1_3"}) {
    OpensslServer server("p256", {version});
    start("https://localhost:" + std::to_string(server.port()));
    EXPECT_EQ(prepare(1).kind, UplinkReport::Kind::ready);
    go(1);
    EXPECT_TRUE(server.prints("{}"));
    server.say(
        "HTTP/1.1 200 OK\nContent-Length: 2\n\n{}\n");  // bare line ends: s_server has no other
    expect_broken(wait_for_report(1), Reached::all_of_it, Reason::api_trouble, "not HTTP/1.1");
    EXPECT_EQ(prepare(2).kind, UplinkReport::Kind::ready);
    go(2);
    EXPECT_TRUE(server.prints("{}"));
    server.say("HTTP/1.1 429 Slow\r\nRetry-After: 7\r\nContent-Length: 3\r\n\r\n{}\n");
    const UplinkReport report = wait_for_report(2);
    EXPECT_EQ(report.kind, UplinkReport::Kind::answered);
    EXPECT_EQ(report.answer.http, 429);
    EXPECT_EQ(report.answer.retry_after_s, 7u);
    EXPECT_TRUE(report.kept);
    TearDown();
  }
}

TEST_F(UplinkLoop, Prepare_UnsoundCertificate_IsNamedInTheReport) {
  OpensslServer server("expired");
  start("https://localhost:" + std::to_string(server.port()));
  expect_broken(prepare(1), Reached::nothing, Reason::tls_expired, "expired on 2020-02-01");
  go(1);
  expect_broken(wait_for_report(1), Reached::nothing, Reason::connect_failed, "not prepared");
  EXPECT_EQ(server.stop().find("Bearer"), std::string::npos);
}

TEST_F(UplinkLoop, Prepare_ByProxy_AsksForTheApisNameAndTellsWhatItSays) {
  Server proxy;
  ASSERT_EQ(settings_.proxy.assign("http://127.0.0.1:" + std::to_string(proxy.port())), Status::ok);
  start("https://api.fieldpost.example");
  const struct {
    const char *login, *answer, *words;
  } table[] = {
      {"", "HTTP/1.1 407 No\r\nContent-Length: 2\r\n\r\nno", "wants a name and a password"},
      {"name:word\n", "HTTP/1.1 407 No\r\n\r\n", "does not take the name and password"},
      {"", "HTTP/1.1 403 No\r\n\r\n", "no way to api.fieldpost.example (HTTP 403)"},
      {"", "HTTP/1.1 200 OK\r\n\r\n\x16", "spoke before the server could"},
      {"", "HTTP/1.1 200 OK\r\n", "ended within the answer"},
      {"", "<html>", "not HTTP/1.1"},
  };
  std::uint32_t number = 0;
  for (const auto& [login, answer, words] : table) {
    SCOPED_TRACE(answer);
    const int file = *login == '\0' ? -1 : file_of(login);
    process_->set_proxy_login(file);
    EXPECT_EQ(send_frame<FrameKind::prepare>(keeper_.a, {++number}), Status::ok);
    proxy.accept();
    EXPECT_TRUE(proxy.read_until("\r\n\r\n")
                    .starts_with("CONNECT api.fieldpost.example:443 HTTP/1.1\r\n"
                                 "Host: api.fieldpost.example:443\r\n" +
                                 std::string(file < 0 ? "User-Agent: "
                                                      : "Proxy-Authorization: Basic "
                                                        "bmFtZTp3b3Jk\r\nUser-Agent: ")));
    proxy.say(answer);
    proxy.hang_up();
    expect_broken(wait_for_report(number), Reached::nothing, Reason::proxy_failed, words);
    if (file >= 0) ::close(file);
  }
  process_->set_proxy_login(file_of("a-name-alone"));
  expect_broken(prepare(++number), Reached::nothing, Reason::proxy_failed, "name:password");
}

TEST_F(UplinkLoop, Run_KeeperGone_Ends) {
  Server server;
  start(server);
  ::close(keeper_.a);
  thread_.join();
  for (const int fd : {keeper_.b, supervisor_.a, supervisor_.b, roots_}) ::close(fd);
}

}  // namespace
}  // namespace fieldpost
