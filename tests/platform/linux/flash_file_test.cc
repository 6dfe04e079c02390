#include "platform/linux/flash_file.h"

#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <memory>
#include <string>

#include "agent/queue/queue.h"
#include "platform/linux/memory_backed.h"
#include "tests/fakes/fake_clock.h"
#include "tests/fakes/unpacked.h"

namespace fieldpost {
namespace {

class FlashFileTest : public testing::Test {
 protected:
  FlashFileTest() {
    std::string folder = (std::filesystem::temp_directory_path() / "fieldpost-XXXXXX").string();
    EXPECT_NE(::mkdtemp(folder.data()), nullptr);
    folder_ = folder;
    path_ = (folder_ / "queue").string();
  }
  ~FlashFileTest() override { std::filesystem::remove_all(folder_); }

  // The folder for tests may itself be in memory.
  RegionWish wish() const {
    return {.path = path_, .bytes = 1 << 20, .write_unit = 0, .may_be_volatile = true};
  }

  std::filesystem::path folder_;
  std::string path_;
};

TEST_F(FlashFileTest, OpenRegion_NoFile_WritesItWhole) {
  Region region;
  ASSERT_EQ(open_region(wish(), region), Status::ok);
  EXPECT_TRUE(region.created);
  EXPECT_EQ(region.geometry.bytes(), 1u << 20);
  struct stat about {};
  ASSERT_EQ(::fstat(region.file.get(), &about), 0);
  EXPECT_EQ(about.st_size, 1 << 20);
  EXPECT_GE(about.st_blocks * 512, 1 << 20) << "a hole would be filled by the first message";
  EXPECT_EQ(about.st_mode & 0777, 0600u);
  EXPECT_FALSE(std::filesystem::exists(path_ + ".new"));

  ASSERT_EQ(open_region(wish(), region), Status::ok);
  EXPECT_FALSE(region.created);
}

TEST_F(FlashFileTest, OpenRegion_RestOfOneCutOff_IsMadeAgain) {
  std::ofstream(path_ + ".new") << "half";
  Region region;
  ASSERT_EQ(open_region(wish(), region), Status::ok);
  EXPECT_TRUE(region.created);
}

TEST_F(FlashFileTest, OpenRegion_ExistingOfAnotherSize_KeepsItsSize) {
  Region region;
  ASSERT_EQ(open_region(wish(), region), Status::ok);
  RegionWish other = wish();
  other.bytes = 8 << 20;
  ASSERT_EQ(open_region(other, region), Status::ok);
  EXPECT_EQ(region.geometry.bytes(), 1u << 20);
}

TEST_F(FlashFileTest, OpenRegion_WhatNoQueueIs_IsRefusedWithWords) {
  Region region;
  std::ofstream(path_) << "a letter";
  EXPECT_EQ(open_region(wish(), region), Status::invalid);
  EXPECT_EQ(unpacked(region.trouble), "has a size that no queue has");
  std::filesystem::remove(path_);
  std::filesystem::create_symlink("elsewhere", path_);
  EXPECT_EQ(open_region(wish(), region), Status::invalid);
  EXPECT_EQ(unpacked(region.trouble), "is a symbolic link");
  std::filesystem::remove(path_);
  ASSERT_EQ(::mkfifo(path_.c_str(), 0600), 0);
  EXPECT_EQ(open_region(wish(), region), Status::invalid);
  EXPECT_EQ(unpacked(region.trouble), "is not a regular file");
  EXPECT_FALSE(region.file.is_open());
  const std::string nowhere = path_ + "/none/queue";
  RegionWish other = wish();
  std::filesystem::remove(path_);
  other.path = nowhere;
  EXPECT_EQ(open_region(other, region), Status::not_found);
}

TEST_F(FlashFileTest, OpenExistingRegion_None_MakesNone) {
  Region region;
  EXPECT_EQ(open_existing_region(wish(), region), Status::not_found);
  EXPECT_FALSE(std::filesystem::exists(path_));
}

TEST_F(FlashFileTest, OpenExistingRegion_CutShort_IsForWhoOnlyReads) {
  Region region;
  ASSERT_EQ(open_region(wish(), region), Status::ok);
  std::filesystem::resize_file(path_, limits::segment_bytes + 5000);
  EXPECT_EQ(open_existing_region(wish(), region), Status::invalid);
  RegionWish reader = wish();
  reader.read_only = true;
  ASSERT_EQ(open_existing_region(reader, region), Status::ok);
  EXPECT_EQ(region.geometry.segments, 2u);
  FlashFile flash(region.file.get(), region.geometry);
  std::array<std::byte, 4> bytes{};
  EXPECT_EQ(flash.read(1, 4996, bytes), Status::ok);
  EXPECT_EQ(flash.read(1, 4997, bytes), Status::io);
  EXPECT_EQ(flash.write(0, 0, bytes), Status::io);
}

TEST_F(FlashFileTest, OpenRegion_InMemory_IsRefusedUnlessAllowed) {
  if (what_keeps("/dev/shm") != Keeps::memory) GTEST_SKIP() << "no memory file system here";
  std::string folder = "/dev/shm/fieldpost-XXXXXX";
  ASSERT_NE(::mkdtemp(folder.data()), nullptr);
  const std::string path = folder + "/queue";
  RegionWish memory = {.path = path, .bytes = 1 << 20, .write_unit = 0, .may_be_volatile = false};
  Region region;
  EXPECT_EQ(open_region(memory, region), Status::invalid);
  EXPECT_EQ(unpacked(region.trouble), "is in memory and would be lost at power-off");
  EXPECT_FALSE(std::filesystem::exists(path));
  memory.may_be_volatile = true;
  EXPECT_EQ(open_region(memory, region), Status::ok);
  EXPECT_TRUE(region.is_volatile);
  std::filesystem::remove_all(folder);
}

TEST(MemoryBacked, WhatKeeps_ByFileSystem) {
  EXPECT_EQ(what_keeps(std::uint32_t{0x01021994}), Keeps::memory);
  EXPECT_EQ(what_keeps(std::uint32_t{0x858458f6}), Keeps::memory);
  EXPECT_EQ(what_keeps(std::uint32_t{0x6969}), Keeps::network);
  EXPECT_EQ(what_keeps(std::uint32_t{0xff534d42}), Keeps::network);
  EXPECT_EQ(what_keeps(std::uint32_t{0x0000ef53}), Keeps::yes);  // ext4
  EXPECT_EQ(what_keeps(std::uint32_t{0x24051905}), Keeps::yes);  // UBIFS
  EXPECT_EQ(what_keeps(std::uint32_t{0x000072b6}), Keeps::yes);  // JFFS2
  EXPECT_EQ(what_keeps("/no/such/folder"), Keeps::yes);
}

TEST_F(FlashFileTest, Queue_OnAFile_FindsItsMessagesAgain) {
  constexpr StoreId kId{};
  FakeClock clock;
  Message message;
  ASSERT_EQ(message.to.assign("12025550123"), Status::ok);
  for (const bool first : {true, false}) {
    Region region;
    ASSERT_EQ(open_region(wish(), region), Status::ok);
    FlashFile flash(region.file.get(), region.geometry);
    const auto queue = std::make_unique<Queue>(flash, clock, 100);
    RecoveryReport report;
    ASSERT_EQ(queue->open(kId, report), Status::ok) << unpacked(report.trouble);
    EXPECT_EQ(report.created, first);
    if (first) {
      ASSERT_TRUE(queue->take(message).ok());
      ASSERT_EQ(queue->commit(), Status::ok);
    }
    EXPECT_EQ(queue->live().size(), 1u);
  }
}

TEST_F(FlashFileTest, Read_FileCutShort_FailsInsteadOfInventing) {
  Region region;
  ASSERT_EQ(open_region(wish(), region), Status::ok);
  FlashFile flash(region.file.get(), region.geometry);
  std::filesystem::resize_file(path_, 4096);
  std::array<std::byte, 64> bytes;
  EXPECT_EQ(flash.read(0, 0, bytes), Status::ok);
  EXPECT_EQ(flash.read(1, 0, bytes), Status::io);
}

}  // namespace
}  // namespace fieldpost
