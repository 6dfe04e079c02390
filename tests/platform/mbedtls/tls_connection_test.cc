#include "platform/mbedtls/tls_connection.h"

#include <arpa/inet.h>
#include <fcntl.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include <memory>
#include <string>

#include "platform/linux/file.h"
#include "platform/mbedtls/heap.h"
#include "tests/platform/linux/uplink/real_clock.h"
#include "tests/platform/mbedtls/openssl_server.h"

namespace fieldpost {
namespace {

constexpr std::string_view kRequest = "POST /the-request HTTP/1.1\r\n\r\n";

class TlsClient : public testing::Test {
 protected:
  void SetUp() override {
    ca_ = ::open((certificates() + "/trusted.pem").c_str(), O_RDONLY | O_CLOEXEC);
    ASSERT_EQ(roots_->open(ca_), Status::ok);
    ASSERT_EQ(tls_->start(), Status::ok);
    tls_heap::limit_for_test(limits::tls_heap_bytes);
    resting_bytes_ = tls_heap::used_bytes();
  }
  void TearDown() override {
    tls_->close();
    ::close(ca_);
  }

  bool open(std::uint16_t port, std::string_view host = "localhost") {
    Address loopback;
    EXPECT_TRUE(read_address("127.0.0.1", loopback));
    bool opened = false;
    do {  // as the uplink does
      socket_.close();
      EXPECT_EQ(socket_.connect(loopback, port, "", clock_.in(5_s)), 0);
      opened = tls_->open(socket_, host, clock_.in(5_s), trouble_);
    } while (!opened && tls_->showed_ticket());
    return opened;
  }

  // That the server comes to nothing, for that reason, and sees no byte of a request.
  void expect_refused(Reason reason, std::string_view words, const std::string& certificate,
                      std::vector<std::string> options = {}, std::string_view host = "localhost") {
    SCOPED_TRACE(certificate);
    OpensslServer server(certificate, options);
    if (open(server.port(), host)) {
      ADD_FAILURE() << "accepted";
      static_cast<void>(tls_->send(kRequest, clock_.in(5_s)));
      tls_->close();
    }
    EXPECT_EQ(to_text(trouble_.reason), to_text(reason)) << trouble_.detail.view();
    EXPECT_NE(trouble_.detail.view().find(words), std::string_view::npos) << trouble_.detail.view();
    EXPECT_EQ(server.stop().find("the-request"), std::string::npos);
    EXPECT_EQ(tls_heap::used_bytes(), resting_bytes_);
  }

  void expect_exchange(const std::string& certificate, std::vector<std::string> options = {},
                       std::string_view host = "localhost") {
    SCOPED_TRACE(certificate);
    OpensslServer server(certificate, options);
    ASSERT_TRUE(open(server.port(), host)) << trouble_.detail.view();
    EXPECT_TRUE(tls_->is_quiet());
    const Io sent = tls_->send(kRequest, clock_.in(5_s));
    EXPECT_EQ(sent.kind, Io::Kind::moved);
    EXPECT_EQ(sent.bytes, kRequest.size());
    EXPECT_TRUE(server.prints("the-request"));
    server.say("the answer\n");
    char room[64];
    const Io got = tls_->receive(room, clock_.in(5_s));
    ASSERT_EQ(got.kind, Io::Kind::moved);
    EXPECT_EQ(std::string_view(room, got.bytes), "the answer\n");
    EXPECT_TRUE(tls_->is_quiet());
    tls_->say_goodbye();
    tls_->close();
    EXPECT_EQ(tls_heap::used_bytes(), resting_bytes_);
    EXPECT_FALSE(tls_heap::refused());
  }

  RealClock clock_;
  int ca_ = -1;
  std::unique_ptr<RootStore> roots_ = std::make_unique<RootStore>();
  std::unique_ptr<TlsConnection> tls_ = std::make_unique<TlsConnection>(clock_, *roots_);
  Socket socket_{clock_};
  Trouble trouble_;
  std::size_t resting_bytes_ = 0;
};

const std::vector<std::string> kOld = {"-tls1_2"};
const std::vector<std::string> kNew = {"-tls1_3"};
// So that OpenSSL itself does not refuse to show what is weak.
const std::vector<std::string> kAnything = {"-cipher", "ALL:@SECLEVEL=0"};

TEST_F(TlsClient, Open_SoundServers_ExchangeInBothVersions) {
  for (const char* certificate : {"rsa2048", "rsa4096", "p256", "p384", "under", "deep"}) {
    expect_exchange(certificate, kOld);
    expect_exchange(certificate, kNew);
  }
  RecordProperty("heap_peak", static_cast<int>(tls_heap::peak_bytes()));
}

TEST_F(TlsClient, Open_FiveCertificatesOf4096BitsAndAllRootsOfDebian_FitTheHeap) {
  const std::string bundle = certificates() + "/debian.pem";
  const std::string usual = "/etc/ssl/certs/ca-certificates.crt";
  ASSERT_EQ(
      std::system(("cat " + usual + " " + certificates() + "/trusted.pem > " + bundle).c_str()), 0);
  const Fd all(::open(bundle.c_str(), O_RDONLY | O_CLOEXEC));
  ASSERT_EQ(roots_->open(all.get()), Status::ok);
  EXPECT_GT(roots_->count(), 100u);
  tls_heap::limit_for_test(limits::tls_heap_bytes * 9 / 10);
  expect_exchange("deep", kOld);
  expect_exchange("deep", kNew);
  tls_heap::limit_for_test(limits::tls_heap_bytes);
  expect_refused(Reason::tls_unknown_issuer, "issued by Unknown Root, which is not in the CA file",
                 "unknown");
}

TEST_F(TlsClient, Open_NamesOfEveryKind_AreFoundInTheCertificate) {
  expect_exchange("p256", {}, "127.0.0.1");
  expect_exchange("p256", {}, "EU.api.test.");
  expect_exchange("p256", {"-cipher", "ECDHE-ECDSA-AES256-GCM-SHA384", "-tls1_2"});
}

TEST_F(TlsClient, Open_RootsThatNeedCare_AreFound) {
  expect_exchange("by_cross");  // two roots of one name
  expect_exchange("by_old");    // a root that signed itself with SHA-1
}

TEST_F(TlsClient, Open_UnsoundCertificates_AreNamedAndNothingIsSent) {
  expect_refused(Reason::tls_expired, "expired on 2020-02-01", "expired");
  expect_refused(Reason::tls_not_yet_valid, "not valid before 2090-01-01", "future");
  expect_refused(Reason::tls_other_name, "is for a.example.net, b.example.net, not for localhost",
                 "other");
  expect_refused(Reason::tls_other_name, "names no host", "nosan");
  expect_refused(Reason::tls_other_name, "not for api.test", "p256", {}, "api.test");
  expect_refused(Reason::tls_other_name, "not for a.b.api.test", "p256", {}, "a.b.api.test");
  expect_refused(Reason::tls_other_name, "not for 127.0.0.2", "p256", {}, "127.0.0.2");
  expect_refused(Reason::tls_unknown_issuer, "issued by Unknown Root", "unknown");
  // It is for no host at all, as those of routers and portals are.
  expect_refused(Reason::intercepted, "issued by localhost", "selfsigned");
  expect_refused(Reason::tls_failed, "not meant for servers", "client");
  expect_refused(Reason::intercepted, "issued by Unknown Root: something on the way", "unknown", {},
                 "another.test");
}

TEST_F(TlsClient, Open_ExpiredInTls12_IsNamedToo) {
  expect_refused(Reason::tls_expired, "expired on 2020-02-01", "expired", kOld);
  expect_refused(Reason::tls_unknown_issuer, "Unknown Root", "unknown", kOld);
}

TEST_F(TlsClient, Open_IssuersThatMayNotIssue_AreRefused) {
  ASSERT_EQ(
      ::rename((certificates() + "/under.chain").c_str(), (certificates() + "/aside").c_str()), 0);
  expect_refused(Reason::tls_unknown_issuer, "issued by Leaf middle", "under");
  ASSERT_EQ(
      ::rename((certificates() + "/aside").c_str(), (certificates() + "/under.chain").c_str()), 0);
  expect_refused(Reason::tls_unknown_issuer, "issued by Leaf notca", "by_notca");
  expect_refused(Reason::tls_unknown_issuer, "issued by Leaf signs", "by_signs");
  expect_refused(Reason::tls_failed, "Leaf forclients", "by_forclients");
}

TEST_F(TlsClient, Open_WeakKeysHashesVersionsAndSuites_AreRefused) {
  expect_refused(Reason::tls_weak, "hash", "sha1", kAnything);
  expect_refused(Reason::tls_weak, "key", "rsa1024", kAnything);
  expect_refused(Reason::tls_weak, "", "p256", {"-tls1_1", "-cipher", "ALL:@SECLEVEL=0"});
  expect_refused(Reason::tls_weak, "", "p256", {"-tls1_2", "-cipher", "ECDHE-ECDSA-AES128-SHA256"});
  expect_refused(Reason::tls_weak, "", "rsa2048", {"-tls1_2", "-cipher", "AES128-GCM-SHA256"});
  expect_refused(Reason::tls_weak, "", "rsa2048",
                 {"-tls1_2", "-cipher", "DHE-RSA-AES128-GCM-SHA256"});
}

TEST_F(TlsClient, Open_ClockNotSet_IsNotTriedAtAll) {
  clock_.unset = true;
  const Fd listener(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
  sockaddr_in at{};
  at.sin_family = AF_INET;
  at.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof at;
  auto* const any = reinterpret_cast<sockaddr*>(&at);
  ASSERT_EQ(::bind(listener.get(), any, size), 0);
  ASSERT_EQ(::listen(listener.get(), 1), 0);
  ASSERT_EQ(::getsockname(listener.get(), any, &size), 0);
  EXPECT_FALSE(open(ntohs(at.sin_port)));
  EXPECT_EQ(trouble_.reason, Reason::clock_not_set);
  socket_.close();
  const Fd peer(::accept4(listener.get(), nullptr, nullptr, SOCK_CLOEXEC));
  char byte = 0;
  EXPECT_EQ(::recv(peer.get(), &byte, 1, 0), 0) << "not even a hello";
}

TEST_F(TlsClient, Open_TooLittleMemoryAnywhere_IsNeverABadCertificate) {
  OpensslServer server("deep");
  int refused = 0;
  for (std::size_t bytes = 2'000; bytes < limits::tls_heap_bytes; bytes += 1'000) {
    SCOPED_TRACE(bytes);
    tls_heap::limit_for_test(bytes);
    const bool opened = open(server.port());
    if (!opened) {
      ++refused;
      EXPECT_EQ(trouble_.reason, Reason::tls_failed);
      EXPECT_NE(trouble_.detail.view().find("memory"), std::string_view::npos)
          << trouble_.detail.view();
    }
    tls_->close();
    EXPECT_EQ(tls_heap::used_bytes(), resting_bytes_);
    if (opened) break;
  }
  EXPECT_GT(refused, 10);
}

TEST_F(TlsClient, IsQuiet_DataOrEndHasCome_SaysNo) {
  OpensslServer server("p256");
  ASSERT_TRUE(open(server.port()));
  ASSERT_EQ(tls_->send(kRequest, clock_.in(5_s)).kind, Io::Kind::moved);
  ASSERT_TRUE(server.prints("the-request"));
  server.say("early\n");
  ASSERT_TRUE(socket_.wait_readable(clock_.in(5_s)));
  while (tls_->is_quiet()) {
  }
  tls_->close();

  ASSERT_TRUE(open(OpensslServer("p256").port()));  // gone at once
  ASSERT_TRUE(socket_.wait_readable(clock_.in(5_s)));
  while (tls_->is_quiet()) {
  }
}

TEST_F(TlsClient, Receive_EndWithoutGoodbye_IsNoOrderlyEnd) {
  char room[64];
  {
    OpensslServer server("p256", {"-www"});
    ASSERT_TRUE(open(server.port()));
    ASSERT_EQ(tls_->send("GET / HTTP/1.0\r\n\r\n", clock_.in(5_s)).kind, Io::Kind::moved);
    Io io;
    do {
      io = tls_->receive(room, clock_.in(5_s));
    } while (io.kind == Io::Kind::moved);
    EXPECT_EQ(io.kind, Io::Kind::closed);
    tls_->close();
  }
  {
    OpensslServer server("p256", kOld);
    ASSERT_TRUE(open(server.port()));
    server.stop();
    EXPECT_EQ(tls_->receive(room, clock_.in(5_s)).kind, Io::Kind::failed);
  }
}

TEST_F(TlsClient, Receive_NothingComes_EndsWithTheDeadline) {
  OpensslServer server("p256");
  ASSERT_TRUE(open(server.port()));
  char room[64];
  EXPECT_EQ(tls_->receive(room, clock_.in(50_ms)).kind, Io::Kind::timeout);
}

TEST_F(TlsClient, Send_LargerThanARecord_ArrivesWhole) {
  OpensslServer server("p256");
  ASSERT_TRUE(open(server.port()));
  std::string large(12'000, 'x');
  large += "THE-END\n";
  EXPECT_EQ(tls_->send(large, clock_.in(5_s)).bytes, large.size());
  EXPECT_TRUE(server.prints("THE-END"));
}

}  // namespace
}  // namespace fieldpost
