// Raw NOR flash, as the kernel shows it at /dev/mtdN (its include/uapi/mtd/mtd-abi.h).
//
// What is written or erased is on the flash when the call returns: there is no cache, and nothing to
// sync. Raw NAND has bad blocks and bits that flip when they are read; UBIFS knows how to live with
// that, so a queue on NAND is a file there.
#pragma once

#include <sys/ioctl.h>

#include <cstdint>
#include <string_view>

#include "agent/base/packed_text.h"
#include "agent/base/status.h"
#include "agent/port/flash.h"

namespace fieldpost {

// As the kernel hands it out, MEMGETINFO.
struct MtdInfo {
  std::uint8_t type;
  std::uint32_t flags;
  std::uint32_t bytes;
  std::uint32_t erase_bytes;
  std::uint32_t write_bytes;
  std::uint32_t spare_bytes;
  std::uint64_t reserved;
};
static_assert(sizeof(MtdInfo) == 32);

// The ioctl(2) that erases, MEMERASE.
struct MtdBlocks {
  std::uint32_t from;
  std::uint32_t bytes;
};
inline constexpr std::uint32_t kEraseRequest = _IOW('M', 2, MtdBlocks);

// A segment is an erase block, or as many of them as make 64 KiB.
//   invalid: `trouble` says what it is that no queue can live on.
Status geometry_of(const MtdInfo& info, FlashGeometry& geometry, PackedText& trouble);

// The same of an open device.   io: errno says why.
Status read_geometry(int fd, FlashGeometry& geometry, PackedText& trouble);

// Both in whole erase blocks.   io: the device failed.
Status erase_blocks(int fd, std::uint32_t from, std::uint32_t bytes);

}  // namespace fieldpost
