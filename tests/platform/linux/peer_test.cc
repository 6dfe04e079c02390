#include "platform/linux/peer.h"

#include <grp.h>
#include <gtest/gtest.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <memory>
#include <vector>

#include "platform/linux/file.h"
#include "tests/fakes/quiet_log.h"

namespace fieldpost {
namespace {

// The kernel notes who makes a pair of sockets.
class PeerTest : public testing::Test {
 protected:
  void allow(const char* user, const char* group) {
    Allowance& one = settings_->intake.allow.items[settings_->intake.allow.count++];
    MUST(one.user.assign(user));
    MUST(one.group.assign(group));
  }
  // REQUIRES: root.
  Caller caller(uid_t user, gid_t group, std::vector<gid_t> more = {}) {
    std::array<int, 2> ends{};
    EXPECT_EQ(::setgroups(more.size(), more.data()), 0);
    EXPECT_EQ(::setegid(group), 0);
    EXPECT_EQ(::seteuid(user), 0);
    EXPECT_EQ(::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends.data()), 0);
    EXPECT_EQ(::seteuid(0), 0);
    EXPECT_EQ(::setegid(0), 0);
    EXPECT_EQ(::setgroups(0, nullptr), 0);
    const Fd one(ends[0]), other(ends[1]);
    name_.clear();
    const IntakeSettings& intake = settings_->intake;
    return caller_at(one.get(), intake, find_allowed(intake, log_.log), name_);
  }
  const Allowance* entry(std::size_t i) const { return &settings_->intake.allow.items[i]; }
  void SetUp() override {
    if (::geteuid() != 0) GTEST_SKIP() << "needs root, to be somebody else";
  }

  std::unique_ptr<Settings> settings_ = std::make_unique<Settings>();
  TextBuffer<limits::source_bytes_max> name_;
  QuietLog log_;
};

TEST_F(PeerTest, NoList_GivesWhoCameInEveryRight) {
  const Caller one = caller(4001, 4001);
  EXPECT_EQ(one.source, "uid:4001");
  EXPECT_EQ(one.may, nullptr);
  EXPECT_FALSE(one.is_stranger);
}

TEST_F(PeerTest, List_GivesTheFirstEntryThatFits_ByUserGroupAndFurtherGroups) {
  allow("4001", "");
  allow("", "4100");
  allow("4002", "");
  allow("", "daemon");
  EXPECT_EQ(caller(4001, 4100).may, entry(0));
  EXPECT_EQ(caller(4002, 4100).may, entry(1));
  EXPECT_EQ(caller(4002, 4003).may, entry(2));
  EXPECT_EQ(caller(4009, 4009, {77, 4100}).may, entry(1));
  EXPECT_EQ(caller(4009, 1).may, entry(3)) << "daemon is group 1";
}

TEST_F(PeerTest, WhoIsNotListed_IsAStranger_AndRootIsNot) {
  allow("4001", "");
  allow("nobody-of-this-name", "");
  for (const uid_t user : {4002u, 65534u}) {
    const Caller one = caller(user, 4001);
    EXPECT_TRUE(one.is_stranger);
    EXPECT_EQ(one.may, nullptr);
  }
  const Caller root = caller(0, 0);
  EXPECT_FALSE(root.is_stranger);
  EXPECT_EQ(root.may, nullptr);
}

}  // namespace
}  // namespace fieldpost
