#include "platform/linux/local_socket.h"

#include <gtest/gtest.h>
#include <sys/stat.h>

#include "tests/fakes/test_folder.h"

namespace fieldpost {
namespace {

TEST(ListenAt, NewFolder_IsMadeAndTheSocketIsForItsGroup) {
  const TestFolder folder;
  const std::string path = folder / "run/fieldpost/sock";
  Fd listener, app;
  TextBuffer<256> why;
  ASSERT_EQ(listen_at(path, std::nullopt, listener, why), Status::ok) << why.written();
  struct stat about {};
  ASSERT_EQ(::stat(path.c_str(), &about), 0);
  EXPECT_EQ(about.st_mode & 07777, 0660u);
  EXPECT_EQ(connect_to(path, app), Status::ok);
}

TEST(ListenAt, StaleSocket_IsReplaced) {
  const TestFolder folder;
  const std::string path = folder / "sock";
  Fd first, second, app;
  TextBuffer<256> why;
  ASSERT_EQ(listen_at(path, std::nullopt, first, why), Status::ok);
  first.reset();
  EXPECT_EQ(connect_to(path, app), Status::not_found);
  ASSERT_EQ(listen_at(path, std::nullopt, second, why), Status::ok) << why.written();
  EXPECT_EQ(connect_to(path, app), Status::ok);
}

TEST(ListenAt, SomethingElseThere_IsLeftAlone) {
  const TestFolder folder;
  const std::string path = folder.write("sock", "precious");
  Fd listener;
  TextBuffer<256> why;
  EXPECT_EQ(listen_at(path, std::nullopt, listener, why), Status::invalid);
  EXPECT_EQ(folder.read("sock"), "precious");
}

TEST(ListenAt, PathTooLong_SaysSo) {
  const TestFolder folder;
  Fd listener;
  TextBuffer<512> why;
  EXPECT_EQ(listen_at(folder / std::string(108, 'a'), std::nullopt, listener, why),
            Status::invalid);
  EXPECT_NE(std::string(why.written()).find("longer than 107 bytes"), std::string::npos);
}

TEST(ConnectTo, NobodyThere_IsNotFound) {
  const TestFolder folder;
  Fd app;
  EXPECT_EQ(connect_to(folder / "sock", app), Status::not_found);
}

}  // namespace
}  // namespace fieldpost
