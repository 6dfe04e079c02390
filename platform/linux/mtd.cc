#include "platform/linux/mtd.h"

#include <algorithm>

#include "config/limits.h"
#include "platform/linux/control.h"

namespace fieldpost {
namespace {

constexpr std::uint8_t kNor = 3;
constexpr std::uint32_t kWriteable = 0x400;

// Not every libc's kernel headers have them at hand, and they never change.
constexpr unsigned long kGetInfo = _IOR('M', 1, MtdInfo);

}  // namespace

Status geometry_of(const MtdInfo& info, FlashGeometry& geometry, PackedText& trouble) {
  if (info.type != kNor) {
    trouble = "is flash of another kind than NOR; NAND is used through a file on UBIFS"_packed;
    return Status::invalid;
  }
  if ((info.flags & kWriteable) == 0) {
    trouble = "is flash that cannot be written"_packed;
    return Status::invalid;
  }
  geometry = {.segment_bytes = std::max<std::uint32_t>(info.erase_bytes, limits::segment_bytes),
              .segments = 0,
              .write_unit = info.write_bytes,
              .erase_first = true};
  if (info.erase_bytes == 0 || geometry.segment_bytes % info.erase_bytes != 0) {
    trouble = "has erase blocks that do not make 64 KiB"_packed;
    return Status::invalid;
  }
  geometry.segments = info.bytes / geometry.segment_bytes;
  return Status::ok;
}

Status read_geometry(int fd, FlashGeometry& geometry, PackedText& trouble) {
  MtdInfo info{};
  if (control(fd, kGetInfo, &info) != 0) {
    trouble = "is no flash device"_packed;
    return Status::invalid;
  }
  return geometry_of(info, geometry, trouble);
}

Status erase_blocks(int fd, std::uint32_t from, std::uint32_t bytes) {
  MtdBlocks blocks{from, bytes};
  return control(fd, kEraseRequest, &blocks) == 0 ? Status::ok : Status::io;
}

}  // namespace fieldpost
