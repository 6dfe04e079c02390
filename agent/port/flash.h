// What a device must provide: a region of flash, in segments.
//
// A segment is what is given back whole: an erase block of raw NOR, 64 KiB of a file. A write unit
// is what one write may spoil when power goes: a page of a file, a byte of NOR.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

#include "agent/base/status.h"

namespace fieldpost {

struct FlashGeometry {
  std::uint32_t segment_bytes = 0;
  std::uint32_t segments = 0;
  std::uint32_t write_unit = 0;  // writes start at a multiple of it and are whole multiples long
  bool erase_first = false;      // a byte can be written once after each erase, to which it is 0xff

  std::uint64_t bytes() const { return std::uint64_t{segment_bytes} * segments; }
};

class Flash {
 public:
  virtual FlashGeometry geometry() const = 0;

  // Fills all of `out` from `offset` of `segment`; what was written but not synced reads back too.
  //   io: the device failed; nothing in `out` means anything.
  virtual Status read(std::uint32_t segment, std::uint32_t offset, std::span<std::byte> out) = 0;

  // Nothing is promised about power loss until sync(): any of the units may be kept, lost or
  // spoiled, in any order.
  //   io: the device failed; any of the units may have been written.   full: no space behind the
  //   file, for file systems where none can be reserved.
  virtual Status write(std::uint32_t segment, std::uint32_t offset,
                       std::span<const std::byte> bytes) = 0;

  // Makes every byte of the segment 0xff. Durable with the next sync(); until then the segment may
  // hold anything. Called where geometry().erase_first says so, and nowhere else.
  //   io: the device failed; the segment may hold anything.
  virtual Status erase(std::uint32_t segment) = 0;

  // Returns ok only when every byte written so far, and the region's own name, would survive
  // losing power now.
  //   io: some of it may never become durable, whatever a later sync() says (what the kernel could
  //   not write it may have dropped).
  virtual Status sync() = 0;

  // A sync, and then forgets what is cached: from now on read() tells what the device holds, as far
  // as that can be had. After a sync that failed, a cache may go on showing what was lost.
  //   io: as sync().
  virtual Status refresh() = 0;

 protected:
  ~Flash() = default;  // they live in static storage and are never deleted through this type
};

}  // namespace fieldpost
