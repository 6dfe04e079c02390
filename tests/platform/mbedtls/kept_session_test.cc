#include "platform/mbedtls/kept_session.h"

#include <gtest/gtest.h>

#include <string>

#include "tests/fakes/fake_clock.h"

namespace fieldpost {
namespace {

constexpr UnixTime kToday{1'790'000'000};

// A session as the library leaves it behind a handshake.
class Kept : public testing::Test {
 protected:
  void SetUp() override {
    clock_.set_wall(kToday);
    kept_.verified_until({kToday.s + 90 * 86'400});
    session_.MBEDTLS_PRIVATE(ticket) = ticket_;
    session_.MBEDTLS_PRIVATE(ticket_len) = 200;
    session_.MBEDTLS_PRIVATE(ticket_lifetime) = 7200;
    session_.MBEDTLS_PRIVATE(hostname) = host_.data();
    tls_.MBEDTLS_PRIVATE(session) = &session_;
  }
  bool keeps() {
    kept_.keep(tls_);
    return kept_.usable_for("api.test");
  }

  FakeClock clock_;
  KeptSession kept_{clock_};
  unsigned char ticket_[limits::ticket_bytes_max + 1] = {};
  std::string host_ = "api.test";
  mbedtls_ssl_session session_{};
  mbedtls_ssl_context tls_{};
};

TEST_F(Kept, UsableFor_TheSameHostOnly_SaysYes) {
  EXPECT_FALSE(kept_.usable_for("api.test"));
  EXPECT_FALSE(kept_.usable_for(""));
  EXPECT_TRUE(keeps());
  EXPECT_FALSE(kept_.usable_for("api.tes"));
  EXPECT_FALSE(kept_.usable_for("api.test2"));
  EXPECT_FALSE(kept_.usable_for(""));
  kept_.forget();
  EXPECT_FALSE(kept_.usable_for("api.test"));
  EXPECT_FALSE(kept_.usable_for(""));
}

TEST_F(Kept, UsableFor_TicketsLifetime_EndsWithIt) {
  EXPECT_TRUE(keeps());
  clock_.advance(7199_s);
  EXPECT_TRUE(kept_.usable_for("api.test"));
  clock_.advance(1_s);
  EXPECT_FALSE(kept_.usable_for("api.test"));
}

TEST_F(Kept, UsableFor_NoLifetimeSaidOrALongOne_EndsADayAfterTheLastVerification) {
  for (const std::uint32_t seconds : {0u, 604'800u}) {
    SCOPED_TRACE(seconds);
    session_.MBEDTLS_PRIVATE(ticket_lifetime) = seconds;
    kept_.verified_until({clock_.wall()->s + 90 * 86'400});
    EXPECT_TRUE(keeps());
    clock_.advance(23_h);
    EXPECT_TRUE(keeps());  // a new ticket, but nobody looked at a certificate
    clock_.advance(1_h);
    EXPECT_FALSE(keeps());
  }
}

TEST_F(Kept, UsableFor_CertificateEndsOrTheClockIsNotRight_SaysNo) {
  EXPECT_TRUE(keeps());
  clock_.set_wall({kToday.s + 90 * 86'400 - 1});
  EXPECT_TRUE(kept_.usable_for("api.test"));
  clock_.set_wall({kToday.s + 90 * 86'400});
  EXPECT_FALSE(kept_.usable_for("api.test"));
  clock_.set_wall({kToday.s - 1});
  EXPECT_FALSE(kept_.usable_for("api.test"));
  clock_.unset_wall();
  EXPECT_FALSE(kept_.usable_for("api.test"));
  clock_.set_wall(kToday);
  EXPECT_TRUE(kept_.usable_for("api.test"));
}

TEST_F(Kept, Keep_NoTicketOrOneThatIsTooLarge_LeavesNone) {
  EXPECT_TRUE(keeps());
  session_.MBEDTLS_PRIVATE(ticket_len) = limits::ticket_bytes_max;
  EXPECT_TRUE(keeps());
  session_.MBEDTLS_PRIVATE(ticket_len) = limits::ticket_bytes_max + 1;
  EXPECT_FALSE(keeps());
  session_.MBEDTLS_PRIVATE(ticket_len) = 200;
  EXPECT_TRUE(keeps());
  session_.MBEDTLS_PRIVATE(ticket_len) = 0;
  EXPECT_FALSE(keeps());
}

}  // namespace
}  // namespace fieldpost
