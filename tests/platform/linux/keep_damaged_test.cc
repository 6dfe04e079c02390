#include "platform/linux/keep_damaged.h"

#include <fcntl.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <string>

#include "platform/linux/file.h"
#include "tests/fakes/quiet_log.h"
#include "tests/fakes/test_folder.h"

namespace fieldpost {
namespace {

class KeepDamaged : public testing::Test {
 protected:
  void keep() {
    const Fd file = open_file(region_, O_RDONLY);
    keep_damaged(file.get(), bytes_.size(), region_, log_.log);
  }
  std::string copied() const { return folder_.read("queue.damaged"); }
  bool is_there(const char* name) const { return std::filesystem::exists(folder_ / name); }

  TestFolder folder_;
  QuietLog log_;
  std::string bytes_ = std::string(4096, 'a') + std::string(4096, 'b');
  std::string region_ = folder_.write("queue", bytes_);
};

TEST_F(KeepDamaged, RestOfACopyThatWasCutOff_IsNotTakenForOne) {
  folder_.write("queue.damaged.new", bytes_ + bytes_ + "what an earlier one had");
  keep();
  EXPECT_EQ(copied(), bytes_);
  EXPECT_FALSE(is_there("queue.damaged.new"));
}

TEST_F(KeepDamaged, CopyThatIsThere_Stays) {
  folder_.write("queue.damaged", "the first damage");
  keep();
  EXPECT_EQ(copied(), "the first damage");
  EXPECT_FALSE(is_there("queue.damaged.new"));
  EXPECT_TRUE(log_.lines.empty());
}

TEST_F(KeepDamaged, NameThatCannotBeTaken_IsToldAndLeavesNothing) {
  std::filesystem::create_symlink("elsewhere", folder_ / "queue.damaged.new");
  keep();
  EXPECT_FALSE(is_there("queue.damaged"));
  EXPECT_FALSE(is_there("elsewhere"));
  ASSERT_EQ(log_.lines.size(), 1u);
  EXPECT_TRUE(log_.lines[0].starts_with("damage_not_copied")) << log_.lines[0];
}

}  // namespace
}  // namespace fieldpost
