#include "platform/linux/log_sink.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <string>

#include "tests/fakes/fake_clock.h"

namespace fieldpost {
namespace {

// Standard error goes into a pipe while the test runs.
class LinuxLogTest : public testing::Test {
 protected:
  LinuxLogTest() : before_(::dup(STDERR_FILENO)) {
    EXPECT_EQ(::pipe(ends_.data()), 0);
    ::dup2(ends_[1], STDERR_FILENO);
    ::close(ends_[1]);
  }
  ~LinuxLogTest() override {
    ::dup2(before_.get(), STDERR_FILENO);
    ::close(ends_[0]);
  }
  std::string written() {
    ::dup2(before_.get(), STDERR_FILENO);  // the pipe's last writer is gone
    std::string all;
    std::array<char, 4096> piece;
    for (ssize_t got = 0; (got = ::read(ends_[0], piece.data(), piece.size())) > 0;) {
      all.append(piece.data(), static_cast<std::size_t>(got));
    }
    return all;
  }
  Fd before_;
  std::array<int, 2> ends_{};
  FakeClock clock_;
};

TEST_F(LinuxLogTest, NoTerminal_LinesCarryTheirPriority) {
  LinuxLog sink(clock_);
  sink.open(LogTarget::automatic, "keeper");
  const Log log(sink);
  log.line(LogLevel::warning, "odd").key("n", 1u);
  log.line("fine");
  EXPECT_EQ(written(), "<4>keeper: odd n=1\n<6>keeper: fine\n");
}

TEST_F(LinuxLogTest, Repeats_AreCountedUntilSomethingElseComes) {
  LinuxLog sink(clock_);
  const Log log(sink);
  for (int i = 0; i < 13; ++i) log.line("again");
  log.line("other");
  EXPECT_EQ(written(),
            "<6>fieldpost: again\n<6>fieldpost: repeated times=12\n<6>fieldpost: other\n");
}

TEST_F(LinuxLogTest, Repeats_ForLongerThanAMinute_AreSaid) {
  LinuxLog sink(clock_);
  const Log log(sink);
  log.line("again");
  for (int i = 0; i < 7; ++i) {
    clock_.advance(10_s);
    log.line("again");
  }
  EXPECT_EQ(written(), "<6>fieldpost: again\n<6>fieldpost: repeated times=7\n");
}

}  // namespace
}  // namespace fieldpost
