// An update of the program, and back: A/B.
#include <gtest/gtest.h>

#include <memory>

#include "tests/agent/agent_test.h"
#include "tests/agent/queue/next_program.h"
#include "tests/agent/queue/store.h"
#include "tests/fakes/unpacked.h"

namespace fieldpost {
namespace {

FakeFlash device_with(const std::vector<std::byte>& bytes) {
  FakeFlash device;
  device.bytes() = bytes;
  device.settle();
  return device;
}

void check_all_readable(Store& store) {
  const auto message = std::make_unique<Message>();
  Standing standing;
  for (const Live& one : store.queue->live()) {
    EXPECT_EQ(store.queue->read(one.id, *message, standing), Status::ok);
    EXPECT_EQ(standing.state, State::queued);
  }
}

TEST(Upgrade, UpdateTakesAHundredAndIsRolledBack_EachIsStillThere) {
  Store before;
  for (int i = 0; i < 3; ++i) before.take_one(i);
  const next_program::Region update = next_program::run(before.flash.bytes(), 100, false);
  ASSERT_TRUE(update.opens);
  EXPECT_EQ(update.version, 1u);
  EXPECT_EQ(update.live, 103u);

  Store back(device_with(update.bytes));
  EXPECT_EQ(back.queue->live().size(), 103u);
  check_all_readable(back);
  EXPECT_EQ(back.take_one(7), 104u);
}

// The same with an agent over it that sends.
using UpgradedAgent = AgentTest;
TEST_F(UpgradedAgent, UpdateTakesAHundredAndIsRolledBack_AllAreSent) {
  Store before;
  for (int i = 0; i < 3; ++i) before.take_one(i);
  flash = device_with(next_program::run(before.flash.bytes(), 100, false).bytes);
  start();
  agent->turn();
  connect();
  for (std::size_t sent = 1; sent <= 103; ++sent) {
    ASSERT_EQ(uplink.sent.size(), sent);
    answer(accepted(), true);
  }
  EXPECT_EQ(uplink.sent.size(), 103u);
  EXPECT_TRUE(queue->live().empty());
}

TEST(Upgrade, WhenTold_TheNewVersionIsWrittenAndTheOldProgramRefusesIt) {
  Store before;
  for (int i = 0; i < 3; ++i) before.take_one(i);
  const next_program::Region update = next_program::run(before.flash.bytes(), 100, true);
  EXPECT_EQ(update.version, 2u);
  EXPECT_EQ(update.live, 103u);

  FakeFlash device = device_with(update.bytes);
  const FakeClock clock;
  const auto old = std::make_unique<Queue>(device, clock, 4096);
  RecoveryReport report;
  EXPECT_EQ(old->open(kTestStoreId, report), Status::newer);
  EXPECT_EQ(unpacked(report.trouble), "a newer program wrote it");
  EXPECT_EQ(device.bytes(), update.bytes) << "a refused store is not written to";

  const next_program::Region later = next_program::run(update.bytes, 1, false);
  EXPECT_EQ(later.version, 2u);
  EXPECT_EQ(later.live, 104u);
}

TEST(Upgrade, ToldAlone_IsDurableByItself) {
  Store before;
  before.take_one(1);
  const next_program::Region upgraded = next_program::run(before.flash.bytes(), 0, true);
  EXPECT_NE(upgraded.bytes, before.flash.bytes());
  EXPECT_EQ(next_program::run(upgraded.bytes, 0, false).version, 2u);
}

TEST(Upgrade, NothingNewerIsKnown_WritesNothing) {
  Store store;
  store.take_one(1);
  const std::vector<std::byte> before = store.flash.bytes();
  EXPECT_EQ(store.queue->upgrade(), Status::ok);
  EXPECT_EQ(store.flash.bytes(), before);
  EXPECT_EQ(store.queue->version(), 1u);
}

}  // namespace
}  // namespace fieldpost
