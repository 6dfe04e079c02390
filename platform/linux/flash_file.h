// The queue's region: a file of fixed size, or raw NOR flash (mtd.h).
#pragma once

#include <sys/types.h>

#include <cstdint>
#include <string_view>

#include "agent/base/packed_text.h"
#include "agent/base/status.h"
#include "agent/base/text_writer.h"
#include "agent/port/flash.h"
#include "platform/linux/file.h"

namespace fieldpost {

// An open region. It stays open in every process that is forked; a FlashFile is built on it where the
// queue is.
struct Region {
  Fd file;
  FlashGeometry geometry;
  bool created = false;
  bool is_volatile = false;        // in memory, or on another machine, and allowed to be
  PackedText trouble = ""_packed;  // why open_region() refused, as the end of "queue.path …"
};

struct RegionWish {
  std::string_view path;
  std::uint64_t bytes = 0;       // for a region that is made now; one that exists keeps its size
  std::uint32_t write_unit = 0;  // 0 = 4 KiB of a file, what the device says of NOR
  bool may_be_volatile = false;  // queue.volatile
  // For open_existing_region(): whoever only reads may be given a copy that was cut short, too. Its
  // last segment is then whole in the geometry, and ends early.
  bool read_only = false;
};

// Opens the region, or makes its file by writing it whole (fallocate would leave extents whose first
// write each costs a conversion in the file system's journal), synced with its folder. The caller
// holds the queue's lock.
//   not_found: its folder does not exist.   full: no space for it.   io: errno says why.
//   invalid: in memory or on a network and not allowed to be, or neither NOR flash nor a regular
//   file of a size that a queue can use.
// With each but ok, `trouble` has the words.
Status open_region(const RegionWish& wish, Region& region);

// The same, but never makes one: for commands that only look.
//   not_found: there is none.   Others as above.
Status open_existing_region(const RegionWish& wish, Region& region);

// "/path is in memory and …", for whoever opened it and got `status`; reads errno.
void put_trouble(TextWriter& why, std::string_view path, Status status, const Region& region);

class FlashFile final : public Flash {
 public:
  // `fd` is borrowed, and outlives this.
  FlashFile(int fd, const FlashGeometry& geometry) : fd_(fd), geometry_(geometry) {}

  FlashGeometry geometry() const override { return geometry_; }
  Status read(std::uint32_t segment, std::uint32_t offset, std::span<std::byte> out) override;
  Status write(std::uint32_t segment, std::uint32_t offset,
               std::span<const std::byte> bytes) override;
  Status erase(std::uint32_t segment) override;
  Status sync() override;
  Status refresh() override;

 private:
  off_t place(std::uint32_t segment, std::uint32_t offset) const;

  int fd_;
  FlashGeometry geometry_;
};

}  // namespace fieldpost
