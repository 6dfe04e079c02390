// Sessions that are taken up again, with OpenSSL as the server: it says which ones.

#include <arpa/inet.h>
#include <fcntl.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include <algorithm>
#include <memory>
#include <string>
#include <vector>

#include "platform/linux/file.h"
#include "platform/mbedtls/heap.h"
#include "platform/mbedtls/tls_connection.h"
#include "tests/platform/linux/uplink/real_clock.h"
#include "tests/platform/mbedtls/openssl_server.h"

namespace fieldpost {
namespace {

const std::vector<std::string> kOld = {"-tls1_2"};
const std::vector<std::string> kNew = {"-tls1_3"};

class Resumption : public testing::Test {
 protected:
  void SetUp() override {
    ca_ = ::open((certificates() + "/trusted.pem").c_str(), O_RDONLY | O_CLOEXEC);
    ASSERT_EQ(roots_->open(ca_), Status::ok);
    tls_heap::limit_for_test(limits::tls_heap_bytes);
    start_afresh();
  }
  // As another process would, which knows no session.
  void start_afresh() {
    tls_ = std::make_unique<TlsConnection>(clock_, *roots_);
    ASSERT_EQ(tls_->start(), Status::ok);
    resting_bytes_ = tls_heap::used_bytes();
  }
  void TearDown() override {
    tls_->close();
    ::close(ca_);
  }

  bool open(std::uint16_t port, std::string_view host, Duration wait = 5_s) {
    Address loopback;
    EXPECT_TRUE(read_address("127.0.0.1", loopback));
    socket_.close();
    EXPECT_EQ(socket_.connect(loopback, port, "", clock_.in(5_s)), 0);
    return tls_->open(socket_, host, clock_.in(wait), trouble_);
  }

  // A request, an answer, and the end, with all that came in between; whether the server says that it
  // knew the session.
  enum class Was { resumed, verified, broken };
  Was exchange(OpensslServer& server, std::string_view host = "localhost") {
    const std::size_t before = server.so_far().size();
    if (!open(server.port(), host)) return Was::broken;
    EXPECT_EQ(tls_->send("the-request\n", clock_.in(5_s)).kind, Io::Kind::moved);
    EXPECT_TRUE(server.prints("the-request"));
    server.say("the answer\n");
    char room[64];
    const Io got = tls_->receive(room, clock_.in(5_s));
    EXPECT_EQ(got.kind, Io::Kind::moved);
    tls_->say_goodbye();
    tls_->close();
    socket_.close();
    EXPECT_EQ(tls_heap::used_bytes(), resting_bytes_);
    EXPECT_TRUE(server.prints("DONE"));
    return server.so_far().find("Reused session-id", before) != std::string::npos ? Was::resumed
                                                                                  : Was::verified;
  }

  // The types of the extensions in the first thing that a server on `listener` is told, in order.
  std::vector<int> hello_to(int listener, std::string& hello) {
    sockaddr_in at{};
    socklen_t size = sizeof at;
    EXPECT_EQ(::getsockname(listener, reinterpret_cast<sockaddr*>(&at), &size), 0);
    EXPECT_FALSE(open(ntohs(at.sin_port), "localhost", 50_ms));
    const Fd peer(::accept4(listener, nullptr, nullptr, SOCK_CLOEXEC));
    char room[4096];
    const ssize_t got = ::recv(peer.get(), room, sizeof room, 0);
    hello.assign(room, got > 0 ? static_cast<std::size_t>(got) : 0);
    const auto number = [&](std::size_t from) {
      return static_cast<unsigned char>(hello.at(from)) << 8 |
             static_cast<unsigned char>(hello.at(from + 1));
    };
    std::size_t i = 5 + 4 + 2 + 32;                         // record, message, version, random
    i += 1 + static_cast<unsigned char>(hello.at(i));       // session id
    i += 2 + static_cast<std::size_t>(number(i));           // suites
    i += 1 + static_cast<unsigned char>(hello.at(i)) + 2u;  // compressions; all extensions' size
    std::vector<int> types;
    while (i < hello.size()) {
      types.push_back(number(i));
      if (types.back() == 45) modes_ = hello.substr(i + 4, static_cast<std::size_t>(number(i + 2)));
      i += 4 + static_cast<std::size_t>(number(i + 2));
    }
    return types;
  }

  RealClock clock_;
  int ca_ = -1;
  std::unique_ptr<RootStore> roots_ = std::make_unique<RootStore>();
  std::unique_ptr<TlsConnection> tls_;
  Socket socket_{clock_};
  Trouble trouble_;
  std::size_t resting_bytes_ = 0;
  std::string modes_;
};

TEST_F(Resumption, Open_TheSameServerAgain_ResumesInBothVersions) {
  for (const auto& version : {kOld, kNew}) {
    SCOPED_TRACE(version[0]);
    start_afresh();
    OpensslServer server("under", version);
    EXPECT_EQ(exchange(server), Was::verified);
    const UnixTime until = tls_->certificate_until();
    for (int i = 0; i < 3; ++i) EXPECT_EQ(exchange(server), Was::resumed);
    EXPECT_EQ(tls_->certificate_until(), until);
  }
}

TEST_F(Resumption, Open_ServerThatWantsAnotherGroup_ResumesAfterItsRetry) {
  OpensslServer server("p384", {"-tls1_3", "-groups", "P-384"});
  EXPECT_EQ(exchange(server), Was::verified);
  EXPECT_EQ(exchange(server), Was::resumed);
}

TEST_F(Resumption, Open_TicketOfAnotherServer_IsOneNormalHandshake) {
  for (const auto& version : {kOld, kNew}) {
    SCOPED_TRACE(version[0]);
    start_afresh();
    OpensslServer one("p256", version), other("p256", version), bad("expired", version);
    EXPECT_EQ(exchange(one), Was::verified);
    EXPECT_EQ(exchange(other), Was::verified);
    EXPECT_TRUE(tls_->showed_ticket());
    EXPECT_EQ(exchange(other), Was::resumed);
    // Whoever cannot take the ticket up is judged by its certificate.
    EXPECT_EQ(exchange(bad), Was::broken);
    EXPECT_TRUE(tls_->showed_ticket());
    EXPECT_EQ(trouble_.reason, Reason::tls_expired);
    // And no ticket is shown a second time.
    EXPECT_EQ(exchange(other), Was::verified);
    EXPECT_FALSE(tls_->showed_ticket());
  }
}

TEST_F(Resumption, Open_ServerHasChangedItsVersion_WorksAtTheNextTry) {
  for (const bool newer : {true, false}) {
    SCOPED_TRACE(newer);
    start_afresh();
    OpensslServer before("p256", newer ? kOld : kNew), after("p256", newer ? kNew : kOld);
    EXPECT_EQ(exchange(before), Was::verified);
    EXPECT_EQ(exchange(after), Was::broken);
    EXPECT_TRUE(tls_->showed_ticket());
    EXPECT_EQ(exchange(after), Was::verified);
    EXPECT_FALSE(tls_->showed_ticket());
  }
}

TEST_F(Resumption, Open_AnotherNameOfTheSameServer_IsVerified) {
  OpensslServer server("p256");
  EXPECT_EQ(exchange(server), Was::verified);
  EXPECT_EQ(exchange(server, "127.0.0.1"), Was::verified);
  EXPECT_EQ(exchange(server, "127.0.0.1"), Was::resumed);
}

TEST_F(Resumption, Open_ACertificateOfTheChainHasEnded_IsVerified) {
  for (const auto& version : {kOld, kNew}) {
    SCOPED_TRACE(version[0]);
    start_afresh();
    OpensslServer server("by_ending", version);  // its issuer ends in 30 days
    EXPECT_EQ(exchange(server), Was::verified);
    clock_.wall_ahead_s = 29 * 86'400;
    EXPECT_EQ(exchange(server), Was::resumed);
    clock_.wall_ahead_s = 31 * 86'400;
    EXPECT_EQ(exchange(server), Was::verified);  // by the library's own clock, which is right
    clock_.wall_ahead_s = 0;
  }
}

TEST_F(Resumption, Open_TicketTooOld_IsNotShown) {
  for (const auto& version : {kOld, kNew}) {
    SCOPED_TRACE(version[0]);
    start_afresh();
    OpensslServer server("p256", version);
    EXPECT_EQ(exchange(server), Was::verified);
    clock_.ahead.ms += (7200_s).ms;  // what OpenSSL gives
    EXPECT_EQ(exchange(server), Was::verified);
    EXPECT_FALSE(tls_->showed_ticket());
    EXPECT_EQ(exchange(server), Was::resumed);
  }
}

TEST_F(Resumption, Open_TooLittleMemoryForTheTicket_IsNeverABadCertificate) {
  OpensslServer server("p256", kNew);
  EXPECT_EQ(exchange(server), Was::verified);
  tls_heap::limit_for_test(resting_bytes_ + 500);
  EXPECT_EQ(exchange(server), Was::broken);
  EXPECT_EQ(trouble_.reason, Reason::tls_failed);
  EXPECT_EQ(tls_heap::used_bytes(), resting_bytes_);
}

TEST_F(Resumption, Open_AThousandTimes_TakesNoMoreMemoryThanOnce) {
  OpensslServer server("p256", kOld), newer("p256", kNew);
  EXPECT_EQ(exchange(server), Was::verified);
  EXPECT_EQ(exchange(server), Was::resumed);
  EXPECT_EQ(exchange(newer), Was::broken);
  EXPECT_EQ(exchange(newer), Was::verified);
  const std::size_t peak = tls_heap::peak_bytes();
  for (int i = 0; i < 50; ++i) ASSERT_EQ(exchange(newer), Was::resumed);
  EXPECT_EQ(exchange(server), Was::broken);
  for (int i = 0; i < 1000; ++i) ASSERT_NE(exchange(server), Was::broken);
  EXPECT_EQ(exchange(server), Was::resumed);
  EXPECT_EQ(tls_heap::peak_bytes(), peak);
  EXPECT_FALSE(tls_heap::refused());
}

TEST_F(Resumption, Open_WithATicket_OffersNoEarlyDataAndFreshKeys) {
  constexpr int kPreSharedKey = 41, kEarlyData = 42, kKeyShare = 51;
  const Fd listener(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
  sockaddr_in at{};
  at.sin_family = AF_INET;
  at.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  ASSERT_EQ(::bind(listener.get(), reinterpret_cast<sockaddr*>(&at), sizeof at), 0);
  ASSERT_EQ(::listen(listener.get(), 2), 0);
  std::string hello;
  const auto has = [](const std::vector<int>& types, int type) {
    return std::find(types.begin(), types.end(), type) != types.end();
  };

  auto types = hello_to(listener.get(), hello);
  EXPECT_FALSE(has(types, kPreSharedKey));
  EXPECT_FALSE(has(types, kEarlyData));

  OpensslServer server("p256", {"-tls1_3", "-early_data"});  // whose tickets allow it
  EXPECT_EQ(exchange(server), Was::verified);
  types = hello_to(listener.get(), hello);
  ASSERT_FALSE(types.empty());
  EXPECT_EQ(types.back(), kPreSharedKey);
  EXPECT_TRUE(has(types, kKeyShare));
  EXPECT_FALSE(has(types, kEarlyData));
  EXPECT_EQ(modes_, std::string("\1\1")) << "only with a fresh key, psk_dhe_ke";
}

}  // namespace
}  // namespace fieldpost
