#include "platform/linux/uplink/dialer.h"

#include <gtest/gtest.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include <array>
#include <string>
#include <vector>

#include "platform/linux/file.h"
#include "tests/platform/linux/uplink/fake_name_server.h"
#include "tests/platform/linux/uplink/real_clock.h"

namespace fieldpost {
namespace {

constexpr const char* kHost = "api.example.com";
const RealClock kClock;

Address address(const char* text) {
  Address out;
  EXPECT_TRUE(read_address(text, out));
  return out;
}

// Listens at an address of loopback.
class Host {
 public:
  // `silent`: so many wait already to be let in that the kernel answers nobody.
  Host(const char* at, std::uint16_t port, bool silent = false) {
    const Address here = address(at);
    sockaddr_storage place;
    const socklen_t size = to_sockaddr(here, port, place);
    listener_ = Fd(::socket(place.ss_family, SOCK_STREAM | SOCK_CLOEXEC, 0));
    const int on = 1;
    ::setsockopt(listener_.get(), SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
    EXPECT_EQ(::bind(listener_.get(), reinterpret_cast<const sockaddr*>(&place), size), 0) << at;
    EXPECT_EQ(::listen(listener_.get(), silent ? 0 : 8), 0);
    sockaddr_storage bound;
    socklen_t length = sizeof bound;
    ::getsockname(listener_.get(), reinterpret_cast<sockaddr*>(&bound), &length);
    port_ = ntohs(reinterpret_cast<const sockaddr_in*>(&bound)->sin_port);
    for (int i = 0; silent && i < 3; ++i) {
      Fd& waiting = waiting_.emplace_back();
      (void)begin_connect(here, port_, "", waiting);
    }
  }
  std::uint16_t port() const { return port_; }

 private:
  Fd listener_;
  std::uint16_t port_ = 0;
  std::vector<Fd> waiting_;
};

// A name with these addresses.
class Named {
 public:
  Named(const char* v4, const char* v6)
      : server_([=](const Question& q, bool) -> std::vector<Wire> {
          std::vector<Record> records;
          if (q.type() == 1 && v4 != nullptr) records.push_back(a_record(kHost, v4));
          if (q.type() == 28 && v6 != nullptr) records.push_back(aaaa_record(kHost, v6));
          return {dns_answer(q, records)};
        }),
        resolver_(kClock, entropy_, server_.port()),
        dialer(kClock, resolver_) {
    resolver_.set_name_servers(name_servers({"127.0.0.1"}));
  }

  // Whom the socket is connected with; empty: nobody, and trouble says why.
  std::string dial(std::uint16_t port, Duration wait = 30_s) {
    Socket socket(kClock);
    trouble = {};
    if (!dialer.dial(kHost, port, false, kClock.in(wait), socket, trouble)) return "";
    sockaddr_storage peer;
    socklen_t size = sizeof peer;
    EXPECT_EQ(::getpeername(socket.fd(), reinterpret_cast<sockaddr*>(&peer), &size), 0);
    return peer.ss_family == AF_INET6 ? "v6" : "v4";
  }

 private:
  RealEntropy entropy_;
  FakeNameServer server_;
  Resolver resolver_;

 public:
  Dialer dialer;
  Trouble trouble;
};

TEST(Dialer, Dial_SilentAddress_IsLeftForTheNextAfterItsHeadStart) {
  const Host silent("::1", 0, true);
  const Host other("127.0.0.2", silent.port());
  Named name("127.0.0.2", "::1");
  EXPECT_EQ(name.dial(silent.port()), "v4");
}

TEST(Dialer, Dial_BothAnswer_PrefersIpv6AndThenWhatWorkedLast) {
  Named name("127.0.0.2", "::1");
  const Host v4("127.0.0.2", 0);
  EXPECT_EQ(name.dial(v4.port()), "v4");  // IPv6 refuses
  const Host v6("::1", v4.port());
  EXPECT_EQ(name.dial(v4.port()), "v4");
  Named fresh("127.0.0.2", "::1");
  EXPECT_EQ(fresh.dial(v4.port()), "v6");
}

TEST(Dialer, Dial_RefusedAndSilent_EndsWithTheDeadlineAndNamesTheFirst) {
  const Host silent("::1", 0, true);
  Named name("127.0.0.2", "::1");
  EXPECT_EQ(name.dial(silent.port(), 1_s), "");
  EXPECT_EQ(name.trouble.reason, Reason::connect_failed);
  EXPECT_NE(name.trouble.detail.view().find("127.0.0.2"), std::string_view::npos)
      << name.trouble.detail.view();
}

TEST(Dialer, Dial_NothingAnswers_EndsWithTheDeadline) {
  const Host silent("127.0.0.2", 0, true);
  Named name("127.0.0.2", nullptr);
  EXPECT_EQ(name.dial(silent.port(), 1_s), "");
  EXPECT_EQ(name.trouble.reason, Reason::connect_failed);
  EXPECT_NE(name.trouble.detail.view().find("127.0.0.2"), std::string_view::npos);
}

TEST(Dialer, Dial_ByAnInterfaceThatIsGone_IsTheNetworksFault) {
  Named name("192.0.2.1", nullptr);
  name.dialer.go_out_by("nosuch0");
  EXPECT_EQ(name.dial(443), "");
  EXPECT_EQ(name.trouble.reason, Reason::network_down);
  EXPECT_EQ(name.trouble.detail.view(),
            "cannot connect to 192.0.2.1 port 443 by nosuch0: there is no such device");
}

TEST(Dialer, Dial_ThisVeryDevice_NeedsNoInterface) {
  const Host here("127.0.0.2", 0);
  Named name("127.0.0.2", nullptr);
  name.dialer.go_out_by("nosuch0");
  EXPECT_EQ(name.dial(here.port()), "v4");
}

}  // namespace
}  // namespace fieldpost
