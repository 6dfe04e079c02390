#include "platform/linux/flash_file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <utility>

#include "agent/queue/format.h"
#include "config/limits.h"
#include "platform/linux/error_words.h"
#include "platform/linux/memory_backed.h"
#include "platform/linux/mtd.h"

namespace fieldpost {
namespace {

constexpr std::uint64_t kRegionBytesMin = limits::segments_min * limits::segment_bytes;
constexpr std::uint64_t kRegionBytesMax = limits::segments_max * limits::segment_bytes;

Status refuse(Region& region, Status status, PackedText trouble) {
  region.file.reset();
  region.trouble = trouble;
  return status;
}

Status check_keeps(const RegionWish& wish, Region& region) {
  switch (what_keeps(folder_of(wish.path))) {
    case Keeps::yes: return Status::ok;
    case Keeps::memory:
      region.is_volatile = true;
      if (wish.may_be_volatile) return Status::ok;
      return refuse(region, Status::invalid, "is in memory and would be lost at power-off"_packed);
    case Keeps::network:
      region.is_volatile = true;
      if (wish.may_be_volatile) return Status::ok;
      return refuse(
          region, Status::invalid,
          "is on a network file system, which cannot promise to keep what is synced"_packed);
  }
  return Status::ok;
}

Status make_region(const RegionWish& wish, Region& region) {
  const CPath name(wish.path), aside(wish.path, ".new");
  const std::uint64_t bytes = std::clamp(wish.bytes, kRegionBytesMin, kRegionBytesMax) /
                              limits::segment_bytes * limits::segment_bytes;
  // Whoever was cut off while making one left this name behind, if anything.
  Fd file(::open(aside.c_str(), O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0600));
  if (!file.is_open()) {
    return errno == ENOENT
               ? refuse(region, Status::not_found, "is in a folder that does not exist"_packed)
               : refuse(region, Status::io, "cannot be made"_packed);
  }
  const std::array<char, 4096> zeros{};  // on the stack: in the program it would be 4 KiB of file
  bool done = true;
  for (std::uint64_t at = 0; done && at < bytes; at += zeros.size()) {
    done = write_all(file.get(), {zeros.data(), zeros.size()}) == Status::ok;
  }
  done = done && ::fsync(file.get()) == 0 && ::rename(aside.c_str(), name.c_str()) == 0 &&
         sync_folder(folder_of(wish.path)) == Status::ok;
  if (!done) {
    const int why = errno;
    ::unlink(aside.c_str());
    errno = why;
    return why == ENOSPC || why == EDQUOT ? refuse(region, Status::full, "has no space"_packed)
                                          : refuse(region, Status::io, "cannot be written"_packed);
  }
  region.file = std::move(file);
  region.created = true;
  return Status::ok;
}

Status measure_file(const RegionWish& wish, const struct stat& about, Region& region) {
  if (!S_ISREG(about.st_mode))
    return refuse(region, Status::invalid, "is not a regular file"_packed);
  TRY(check_keeps(wish, region));
  const auto bytes = static_cast<std::uint64_t>(about.st_size);
  const bool whole = bytes >= kRegionBytesMin && bytes % limits::segment_bytes == 0;
  if (bytes > kRegionBytesMax || !(whole || (wish.read_only && bytes >= kUnitBytesMax))) {
    return refuse(region, Status::invalid, "has a size that no queue has"_packed);
  }
  region.geometry = {.segment_bytes = limits::segment_bytes,
                     .segments = static_cast<std::uint32_t>((bytes + limits::segment_bytes - 1) /
                                                            limits::segment_bytes),
                     .write_unit = kUnitBytesMax,
                     .erase_first = false};
  return Status::ok;
}

}  // namespace

Status open_existing_region(const RegionWish& wish, Region& region) {
  region = Region{};
  const CPath name(wish.path);
  if (!name.sound()) return refuse(region, Status::invalid, "is too long"_packed);
  // O_NONBLOCK: opening a FIFO would wait for its other end.
  region.file = Fd(::open(
      name.c_str(), (wish.read_only ? O_RDONLY : O_RDWR) | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK));
  if (!region.file.is_open()) {
    if (errno == ENOENT) return refuse(region, Status::not_found, "does not exist"_packed);
    if (errno == ELOOP) return refuse(region, Status::invalid, "is a symbolic link"_packed);
    return refuse(region, Status::io, "cannot be opened"_packed);
  }
  struct stat about {};
  if (::fstat(region.file.get(), &about) != 0)
    return refuse(region, Status::io, "cannot be read"_packed);
  if (S_ISCHR(about.st_mode)) {
    PackedText trouble;
    if (read_geometry(region.file.get(), region.geometry, trouble) != Status::ok) {
      return refuse(region, Status::invalid, trouble);
    }
  } else {
    TRY(measure_file(wish, about, region));
  }
  if (wish.write_unit != 0) region.geometry.write_unit = wish.write_unit;
  return Status::ok;
}

Status open_region(const RegionWish& wish, Region& region) {
  Status status = open_existing_region(wish, region);
  if (status != Status::not_found || is_flash_device(wish.path)) return status;
  region = Region{};
  TRY(check_keeps(wish, region));
  TRY(make_region(wish, region));
  status = open_existing_region(wish, region);
  region.created = status == Status::ok;
  return status;
}

void put_trouble(TextWriter& why, std::string_view path, Status status, const Region& region) {
  const int error = errno;
  why.put(path).put(' ').put(region.trouble);
  if (status == Status::io) why.put(": ").put(error_words(error));
}

off_t FlashFile::place(std::uint32_t segment, std::uint32_t offset) const {
  return static_cast<off_t>(std::uint64_t{segment} * geometry_.segment_bytes + offset);
}

Status FlashFile::read(std::uint32_t segment, std::uint32_t offset, std::span<std::byte> out) {
  while (!out.empty()) {
    const ssize_t got = ::pread(fd_, out.data(), out.size(), place(segment, offset));
    if (got < 0 && errno == EINTR) continue;
    if (got <= 0) return Status::io;  // 0: somebody cut the file short
    offset += static_cast<std::uint32_t>(got);
    out = out.subspan(static_cast<std::size_t>(got));
  }
  return Status::ok;
}

Status FlashFile::write(std::uint32_t segment, std::uint32_t offset,
                        std::span<const std::byte> bytes) {
  while (!bytes.empty()) {
    const ssize_t done = ::pwrite(fd_, bytes.data(), bytes.size(), place(segment, offset));
    if (done < 0 && errno == EINTR) continue;
    if (done < 0) return errno == ENOSPC || errno == EDQUOT ? Status::full : Status::io;
    offset += static_cast<std::uint32_t>(done);
    bytes = bytes.subspan(static_cast<std::size_t>(done));
  }
  return Status::ok;
}

// A page of a file is written over as it is.
Status FlashFile::erase(std::uint32_t segment) {
  if (!geometry_.erase_first) return Status::invalid;
  return erase_blocks(fd_, static_cast<std::uint32_t>(place(segment, 0)), geometry_.segment_bytes);
}

// The size never changes and the name was synced when the region was made: the data is all there
// is. Interrupted, the kernel may have dropped what it could not write, so there is no second try.
// NOR has nothing to sync, and says EINVAL.
Status FlashFile::sync() {
  return geometry_.erase_first || ::fdatasync(fd_) == 0 ? Status::ok : Status::io;
}

Status FlashFile::refresh() {
  TRY(sync());
  // All pages are clean now, and those that could not be written are too: none of them may be
  // believed. Where the file system keeps them all the same, there is nothing more to be had.
  (void)::posix_fadvise(fd_, 0, 0, POSIX_FADV_DONTNEED);
  return Status::ok;
}

}  // namespace fieldpost
