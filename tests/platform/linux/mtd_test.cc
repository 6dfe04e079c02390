// The devices themselves are tried on the emulated board (tests/board).
#include "platform/linux/mtd.h"

#include <gtest/gtest.h>

#include "platform/linux/configuration.h"
#include "platform/linux/file_lock.h"
#include "platform/linux/flash_file.h"
#include "tests/fakes/fake_clock.h"
#include "tests/fakes/unpacked.h"

namespace fieldpost {
namespace {

constexpr std::uint8_t kNor = 3, kNand = 4;
constexpr std::uint32_t kKib = 1024, kWriteable = 0x400;

MtdInfo nor(std::uint32_t bytes, std::uint32_t erase_bytes) {
  return {.type = kNor,
          .flags = kWriteable,
          .bytes = bytes,
          .erase_bytes = erase_bytes,
          .write_bytes = 1,
          .spare_bytes = 0,
          .reserved = 0};
}

TEST(Mtd, Geometry_EraseBlocksOfAnySize_MakeSegmentsOf64KiBOrMore) {
  const struct {
    std::uint32_t bytes, erase_bytes, segment_bytes, segments;
  } devices[] = {
      {2048 * kKib, 4 * kKib, 64 * kKib, 32},
      {1024 * kKib, 64 * kKib, 64 * kKib, 16},
      {8192 * kKib, 256 * kKib, 256 * kKib, 32},
      {(1024 + 32) * kKib, 32 * kKib, 64 * kKib, 16},  // what is left over is left alone
  };
  for (const auto& device : devices) {
    FlashGeometry geometry;
    PackedText trouble;
    ASSERT_EQ(geometry_of(nor(device.bytes, device.erase_bytes), geometry, trouble), Status::ok);
    EXPECT_EQ(geometry.segment_bytes, device.segment_bytes);
    EXPECT_EQ(geometry.segments, device.segments);
    EXPECT_EQ(geometry.write_unit, 1u);
    EXPECT_TRUE(geometry.erase_first);
  }
}

TEST(Mtd, Geometry_WhatNoQueueCanLiveOn_IsRefusedWithWords) {
  MtdInfo nand = nor(2048 * kKib, 64 * kKib), locked = nand, odd = nand, none = nand;
  nand.type = kNand;
  locked.flags = 0;
  odd.erase_bytes = 24 * kKib;
  none.erase_bytes = 0;
  const std::pair<MtdInfo, std::string_view> devices[] = {
      {nand, "is flash of another kind than NOR; NAND is used through a file on UBIFS"},
      {locked, "is flash that cannot be written"},
      {odd, "has erase blocks that do not make 64 KiB"},
      {none, "has erase blocks that do not make 64 KiB"},
  };
  for (const auto& [info, words] : devices) {
    FlashGeometry geometry;
    PackedText trouble;
    EXPECT_EQ(geometry_of(info, geometry, trouble), Status::invalid);
    EXPECT_EQ(unpacked(trouble), words);
  }
}

TEST(Mtd, OpenRegion_DeviceThatIsNoFlash_IsRefusedWithWords) {
  Region region;
  EXPECT_EQ(open_region({.path = "/dev/null"}, region), Status::invalid);
  EXPECT_EQ(unpacked(region.trouble), "is no flash device");
  EXPECT_FALSE(region.file.is_open());
}

TEST(Mtd, OpenRegion_DeviceThatIsNotThere_IsNotMadeAsAFile) {
  Region region;
  EXPECT_EQ(open_region({.path = "/dev/mtd-none", .may_be_volatile = true}, region),
            Status::not_found);
  EXPECT_EQ(unpacked(region.trouble), "does not exist");
  FileLock lock;
  const FakeClock clock;
  EXPECT_EQ(lock.take("/dev/mtd-none", Deadline{}, clock), Status::not_found);
}

TEST(Mtd, LastGoodConfiguration_IsNotKeptAmongTheDevices) {
  TextBuffer<64> room;
  EXPECT_EQ(copy_path_of("/dev/mtd3", room), "/var/lib/fieldpost/queue.config");
}

}  // namespace
}  // namespace fieldpost
