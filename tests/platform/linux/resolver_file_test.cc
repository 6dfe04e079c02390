#include "platform/linux/resolver_file.h"

#include <gtest/gtest.h>
#include <poll.h>

#include "tests/fakes/test_folder.h"

namespace fieldpost {
namespace {

std::string written(const Address& address) {
  TextBuffer<64> text;
  put_address(text, address);
  return std::string(text.written());
}

TEST(ReadNameServers, UsualFile_GivesTheAddressesInOrder) {
  const NameServers list = read_name_servers(
      "# made by hand\nsearch example.com\nnameserver 192.0.2.1\n"
      "nameserver\t2001:db8::1  \noptions ndots:2\nnameserver 127.0.0.53\nnameserver 192.0.2.9");
  ASSERT_EQ(list.count, 3u);
  EXPECT_EQ(written(list.servers[0]), "192.0.2.1");
  EXPECT_EQ(written(list.servers[1]), "2001:db8::1");
  EXPECT_EQ(written(list.servers[2]), "127.0.0.53");
}

TEST(ReadNameServers, WhatIsNoAddress_IsPassedOver) {
  const NameServers list = read_name_servers(
      "nameserver\nnameserver example.com\nnameservers 192.0.2.1\n;nameserver 192.0.2.2\n"
      "nameserver fe80::1%no-such-interface\nnameserver 192.0.2.3\r\n");
  ASSERT_EQ(list.count, 1u);
  EXPECT_EQ(written(list.servers[0]), "192.0.2.3");
  EXPECT_EQ(read_name_servers("").count, 0u);
}

TEST(ReadNameServers, LinkLocalAddress_KeepsItsInterface) {
  const NameServers list = read_name_servers("nameserver fe80::1%lo\n");
  ASSERT_EQ(list.count, 1u);
  EXPECT_NE(list.servers[0].scope, 0u);
}

bool has_news(const ResolverFile& file) {
  pollfd wait{file.fd(), POLLIN, 0};
  return ::poll(&wait, 1, 0) == 1;
}

TEST(ResolverFile, ReplacedByRename_IsNoticedAndReadAgain) {
  const TestFolder folder;
  const std::string path = folder.write("resolv.conf", "nameserver 192.0.2.1\n");
  ResolverFile file(path);
  ASSERT_EQ(file.servers().count, 1u);
  EXPECT_FALSE(has_news(file));
  folder.write("new", "nameserver 192.0.2.2\n");
  std::filesystem::rename(folder / "new", path);
  EXPECT_TRUE(has_news(file));
  EXPECT_TRUE(file.refresh());
  EXPECT_EQ(written(file.servers().servers[0]), "192.0.2.2");
  EXPECT_FALSE(has_news(file));
  EXPECT_FALSE(file.refresh());
}

TEST(ResolverFile, BehindALink_IsWatchedWhereItIs) {
  const TestFolder folder;
  folder.write("run/stub", "nameserver 192.0.2.1\n");
  const std::string path = folder / "etc/resolv.conf";
  std::filesystem::create_directories(folder / "etc");
  std::filesystem::create_symlink("../run/stub", path);
  ResolverFile file(path);
  ASSERT_EQ(file.servers().count, 1u);
  folder.write("run/stub", "nameserver 192.0.2.2\nnameserver 192.0.2.3\n");
  EXPECT_TRUE(has_news(file));
  EXPECT_TRUE(file.refresh());
  EXPECT_EQ(file.servers().count, 2u);
}

TEST(ResolverFile, Missing_GivesNoneUntilItComes) {
  const TestFolder folder;
  const std::string path = folder / "resolv.conf";
  ResolverFile file(path);
  EXPECT_EQ(file.servers().count, 0u);
  folder.write("resolv.conf", "nameserver 192.0.2.1\n");
  EXPECT_TRUE(has_news(file));
  EXPECT_TRUE(file.refresh());
}

}  // namespace
}  // namespace fieldpost
