#include "platform/linux/child.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include "agent/cli/cli.h"

namespace fieldpost {
namespace {

TEST(Restart, DyingAtOnce_WaitsTwiceAsLongEachTimeUpToABound) {
  Restart restart;
  const Instant start{1'000'000};
  EXPECT_EQ(restart.after(start, start + 1_s), start + 1_s + 100_ms);
  EXPECT_EQ(restart.after(start, start + 1_s), start + 1_s + 200_ms);
  for (int i = 0; i < 20; ++i) restart.after(start, start);
  EXPECT_EQ(restart.after(start, start), start + 30_s);
}

TEST(Restart, HavingLivedWell_BeginsAnew) {
  Restart restart;
  const Instant start{1'000'000};
  for (int i = 0; i < 20; ++i) restart.after(start, start);
  EXPECT_EQ(restart.after(start, start + 60_s), start + 60_s + 100_ms);
}

// What a forked process says with its exit code.
template <typename Body>
int exit_code_of(Body body) {
  const pid_t pid = fork_child("test-child");
  if (pid == 0) ::_exit(body());
  int status = -1;
  EXPECT_EQ(::waitpid(pid, &status, 0), pid);
  return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

TEST(CloseAllBut, ManyOpen_KeepsOnlyWhatWasNamed) {
  EXPECT_EQ(exit_code_of([] {
              std::array<int, 20> open{};
              for (int& fd : open) fd = ::open("/dev/null", O_RDONLY);
              const std::array mine{open[17], -1, open[3], open[4]};
              close_all_but(mine);
              int kept = 0;
              for (const int fd : open) kept += ::fcntl(fd, F_GETFD) >= 0;
              const bool right = ::fcntl(open[3], F_GETFD) >= 0 && ::fcntl(open[4], F_GETFD) >= 0 &&
                                 ::fcntl(open[17], F_GETFD) >= 0 && ::fcntl(2, F_GETFD) >= 0;
              return right ? kept : 100;
            }),
            3);
}

TEST(DropRights, ByRoot_AreGoneForGood) {
  if (::geteuid() != 0) GTEST_SKIP() << "only root has rights to give up";
  EXPECT_EQ(exit_code_of([] {
              if (!drop_rights(UserIds{65534, 65534})) return 1;
              if (::geteuid() != 65534 || ::getegid() != 65534) return 2;
              return ::setuid(0) == 0 ? 3 : 0;
            }),
            0);
}

TEST(DropRights, NobodyNamed_ChangesNothing) { EXPECT_TRUE(drop_rights(std::nullopt)); }

}  // namespace
}  // namespace fieldpost
