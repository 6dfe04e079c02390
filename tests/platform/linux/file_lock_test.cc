#include "platform/linux/file_lock.h"

#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include "tests/fakes/fake_clock.h"
#include "tests/fakes/test_folder.h"

namespace fieldpost {
namespace {

TEST(FileLock, HeldByAnother_TimesOutAndIsFreeAfterRelease) {
  const TestFolder folder;
  const FakeClock clock;
  FileLock first, second;
  const Deadline at_once{clock.now()};
  ASSERT_EQ(first.take(folder / "queue", at_once, clock), Status::ok);
  EXPECT_EQ(second.take(folder / "queue", at_once, clock), Status::timeout);
  EXPECT_FALSE(second.is_taken());
  first.release();
  EXPECT_EQ(second.take(folder / "queue", at_once, clock), Status::ok);
}

TEST(FileLock, HolderForked_StaysTakenUntilBothAreGone) {
  const TestFolder folder;
  const FakeClock clock;
  const Deadline at_once{clock.now()};
  FileLock first, second;
  ASSERT_EQ(first.take(folder / "queue", at_once, clock), Status::ok);
  std::array<int, 2> ends{};
  ASSERT_EQ(::pipe(ends.data()), 0);
  const pid_t child = ::fork();
  if (child == 0) {
    ::close(ends[1]);
    char byte = 0;
    [[maybe_unused]] const ssize_t end = ::read(ends[0], &byte, 1);  // until the test lets go
    ::_exit(0);
  }
  first.release();
  EXPECT_EQ(second.take(folder / "queue", at_once, clock), Status::timeout);
  ::close(ends[1]);
  ::close(ends[0]);
  ASSERT_EQ(::waitpid(child, nullptr, 0), child);
  EXPECT_EQ(second.take(folder / "queue", at_once, clock), Status::ok);
}

TEST(FileLock, FolderMissing_SaysSo) {
  const TestFolder folder;
  const FakeClock clock;
  FileLock lock;
  EXPECT_EQ(lock.take(folder / "no/queue", Deadline{clock.now()}, clock), Status::not_found);
}

}  // namespace
}  // namespace fieldpost
