// Finds commits on flash. It believes nothing: any bytes may be on the device.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>

#include "agent/base/status.h"
#include "agent/base/time.h"
#include "agent/port/flash.h"
#include "agent/queue/format.h"
#include "config/limits.h"

namespace fieldpost {

// The header of a commit, and its body for as long as the reader is not asked for anything else.
struct CommitView {
  std::uint8_t version = 0;
  std::uint64_t number = 0;
  std::uint32_t lap = 0;
  std::uint32_t segment = 0;
  std::uint32_t reach = 0;
  std::uint32_t offset = 0;   // within its segment
  std::uint32_t body_at = 0;  // the same
  std::uint32_t end = 0;      // the same: the unit behind it
  Stamp stamp;
  std::span<const std::byte> body;
  std::span<const std::byte> news;  // the part of the body that is no copy
};

class LogReader {
 public:
  explicit LogReader(Flash& flash) : flash_(flash), geometry_(flash.geometry()) {}
  LogReader(const LogReader&) = delete;
  LogReader& operator=(const LogReader&) = delete;

  std::uint32_t unit_bytes() const;
  std::uint32_t round_up(std::uint32_t bytes) const;  // to whole units

  // The commit that begins at `offset`.
  //   not_found: none does, or it does not check out.   io: the device failed.
  Status commit_at(std::uint32_t segment, std::uint32_t offset, CommitView& commit);

  // The next commit of this lap at or behind `offset`. Units that cannot be read are stepped over
  // like those that hold none: one bad page must not hide what is behind it.
  //   not_found: no more in this segment.
  Status next_commit(std::uint32_t segment, std::uint32_t lap, std::uint32_t offset,
                     CommitView& commit);

  // Whether the unit at `offset` may be written over without a trace: it is blank, or begins with
  // the header of a commit from another lap. What cannot be read is not.
  bool unit_is_free(std::uint32_t segment, std::uint32_t lap, std::uint32_t offset);
  // Whether all bytes of the stretch are blank.
  //   corrupt: one is not.   io: the device failed.
  Status check_blank(std::uint32_t segment, std::uint32_t offset, std::uint32_t bytes);

  // The bytes at a place, until the next call.
  //   invalid: not within one segment, or more than limits::commit_bytes_max.   io: the device
  //   failed.
  Status view(std::uint32_t segment, std::uint32_t offset, std::uint32_t bytes,
              std::span<const std::byte>& out);

  // Something was written or erased: what is kept of it here is no longer true.
  void forget() { held_bytes_ = 0; }

 private:
  bool blank(std::span<const std::byte> bytes) const;
  // As view(); where it has to read, it reads up to `ahead` bytes, for who will want the next too.
  Status load(std::uint32_t segment, std::uint32_t offset, std::uint32_t bytes, std::uint32_t ahead,
              std::span<const std::byte>& out);

  Flash& flash_;
  const FlashGeometry geometry_;
  std::uint32_t held_segment_ = 0;
  std::uint32_t held_at_ = 0;
  std::uint32_t held_bytes_ = 0;
  std::array<std::byte, limits::commit_bytes_max> window_{};
};

}  // namespace fieldpost
