#include "platform/linux/file.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include "tests/fakes/test_folder.h"

namespace fieldpost {
namespace {

TEST(ReadFile, Path_GivesAllOrSaysWhy) {
  const TestFolder folder;
  const std::string path = folder.write("a", "four");
  std::array<char, 4> room{};
  EXPECT_EQ(read_file(path, room).value(), 4u);
  EXPECT_EQ(read_file(path, std::span(room).first(3)).status(), Status::full);
  EXPECT_EQ(read_file(folder / "missing", room).status(), Status::not_found);
}

TEST(ReadFile, SpecialFiles_AreRefusedWithoutWaiting) {
  const TestFolder folder;
  ASSERT_EQ(mkfifo((folder / "fifo").c_str(), 0600), 0);
  std::array<char, 4> room{};
  EXPECT_EQ(read_file(folder / "fifo", room).status(), Status::io);
  EXPECT_EQ(read_file(folder / ".", room).status(), Status::io);
  EXPECT_EQ(errno, EISDIR);
}

TEST(ReplaceFile, NewContent_ReplacesWholeAndLeavesNothingBeside) {
  const TestFolder folder;
  const std::string path = folder.write("a", "a long text that was there before");
  const std::array<std::string_view, 2> pieces{"ne", "w"};
  ASSERT_EQ(replace_file(path, pieces, 0640), Status::ok);
  EXPECT_EQ(folder.read("a"), "new");
  EXPECT_FALSE(std::filesystem::exists(path + ".new"));
}

TEST(ReplaceFile, LeftoverOfAnEarlierTry_DoesNotLendItsMode) {
  const TestFolder folder;
  ASSERT_EQ(chmod(folder.write("a.new", "half").c_str(), 0644), 0);
  const std::array<std::string_view, 1> pieces{"secret"};
  ASSERT_EQ(replace_file(folder / "a", pieces, 0600), Status::ok);
  EXPECT_EQ(std::filesystem::status(folder / "a").permissions(), std::filesystem::perms(0600));
}

TEST(ReplaceFile, OnlyNew_LeavesWhatIsThere) {
  const TestFolder folder;
  const std::array<std::string_view, 1> pieces{"new"};
  ASSERT_EQ(replace_file(folder / "a", pieces, 0640, true), Status::ok);
  EXPECT_EQ(folder.read("a"), "new");
  const std::array<std::string_view, 1> later{"later"};
  EXPECT_EQ(replace_file(folder / "a", later, 0640, true), Status::io);
  EXPECT_EQ(errno, EEXIST);
  EXPECT_EQ(folder.read("a"), "new");
  EXPECT_FALSE(std::filesystem::exists(folder / "a.new"));
}

TEST(ReplaceFile, FolderMissing_LeavesNothing) {
  const TestFolder folder;
  const std::array<std::string_view, 1> pieces{"new"};
  EXPECT_EQ(replace_file(folder / "no/a", pieces, 0640), Status::io);
}

TEST(MakeFolders, Deep_MakesWhatIsMissing) {
  const TestFolder folder;
  EXPECT_TRUE(make_folders(folder / "a/b/c", 0750));
  EXPECT_TRUE(make_folders(folder / "a/b/c", 0750));
  EXPECT_TRUE(std::filesystem::is_directory(folder / "a/b/c"));
  folder.write("file", "");
  EXPECT_FALSE(make_folders(folder / "file/below", 0750));
}

TEST(FolderOf, EveryForm_IsWhatStandsAbove) {
  EXPECT_EQ(folder_of("/a/b/c"), "/a/b");
  EXPECT_EQ(folder_of("/a"), "/");
  EXPECT_EQ(folder_of("a"), ".");
  EXPECT_EQ(folder_of("/"), "/");
}

TEST(CPath, TooLongOrWithAZero_IsNotSound) {
  EXPECT_TRUE(CPath("/a", ".lock").sound());
  EXPECT_STREQ(CPath("/a", ".lock").c_str(), "/a.lock");
  EXPECT_FALSE(CPath(std::string(5000, 'a')).sound());
  EXPECT_FALSE(CPath(std::string_view("a\0b", 3)).sound());
}

TEST(Fd, Moved_ClosesOnce) {
  Fd first(::open("/dev/null", O_RDONLY));
  const int number = first.get();
  Fd second(std::move(first));
  EXPECT_FALSE(first.is_open());
  EXPECT_EQ(second.get(), number);
  second.reset();
  EXPECT_EQ(::fcntl(number, F_GETFD), -1);
}

}  // namespace
}  // namespace fieldpost
