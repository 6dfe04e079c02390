// Flash in memory, stricter than any device. Its fault model:
//
//   - A write covers whole write units. Where the device erases first, a byte is written once
//     between two erases. What breaks these rules is kept in misuse(): tests expect it empty.
//   - Reads see what was written. It is volatile until sync(), where there is a cache (a file);
//     without one (raw NOR) a write is durable when it returns.
//   - A power cut may come before, in and after every operation. Each unit that was written and
//     not synced is then, by the seed: kept, lost, or torn, independently of the others. A torn
//     unit of a file is random bytes from end to end; a torn byte of NOR has some of its new zeros.
//     An erase that is cut leaves random bytes.
//     So nothing follows from the order of the writes between two syncs.
//   - A sync may fail: what it held is lost, but reads go on showing it until refresh(). Or any
//     operation fails, and each unit not yet synced meets one of the three fates.
//   - Any stretch may fail to read, for a time, or until it is written again. Any bit may rot.
//   - It may be read-only: writes, erases and syncs fail.
//   - It may lie about its size: what lies beyond the true one fails, or is the beginning again.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <random>
#include <set>
#include <string>
#include <vector>

#include "agent/port/flash.h"

namespace fieldpost {

class FakeFlash final : public Flash {
 public:
  // As a file of 16 segments of 16 KiB in pages of 4 KiB.
  static FlashGeometry file(std::uint32_t segments = 16, std::uint32_t segment_bytes = 16 * 1024);
  static FlashGeometry nor(std::uint32_t segments = 16, std::uint32_t segment_bytes = 16 * 1024);

  explicit FakeFlash(FlashGeometry geometry = file());
  FakeFlash(const FakeFlash&) = default;

  FlashGeometry geometry() const override { return geometry_; }
  Status read(std::uint32_t segment, std::uint32_t offset, std::span<std::byte> out) override;
  Status write(std::uint32_t segment, std::uint32_t offset,
               std::span<const std::byte> bytes) override;
  Status erase(std::uint32_t segment) override;
  Status sync() override;
  Status refresh() override;

  // What the device would hold after a power cut now, its power restored.
  enum class Fate { by_seed, all_lost, all_torn, all_kept };
  FakeFlash after_cut(std::uint64_t seed, Fate fate = Fate::by_seed) const;

  bool has_unsynced_write() const { return !dirty_.empty(); }
  bool has_volatile() const { return !dirty_.empty() || !erasing_.empty(); }

  // Power goes in the operation (write, erase, sync) after `operations` more; what it was doing
  // counts as written and not synced. Everything fails from then on.
  void cut_power_after(std::uint64_t operations) { operations_left_ = operations; }
  bool lost_power() const { return lost_power_; }

  // Called in every write, erase and sync when its effect has reached the cache.
  std::function<void()> in_operation;

  void fail_next_sync() { sync_fails_ = true; }
  // The operation after `operations` more answers io, once.
  void fail_after(std::uint64_t operations, std::uint64_t seed) {
    operations_to_failure_ = operations;
    failure_seed_ = seed;
  }
  void fail_reads(std::uint64_t at, std::uint64_t bytes) { bad_at_ = at, bad_bytes_ = bytes; }
  void make_read_only(bool on = true) { read_only_ = on; }
  enum class Beyond { fails, begins_again };
  void lie_about_size(std::uint32_t true_segments, Beyond beyond) {
    true_segments_ = true_segments;
    beyond_ = beyond;
  }
  void rot(std::uint64_t at, std::byte bits = std::byte{0x10});

  std::vector<std::byte>& bytes() { return cached_; }  // what reads see; after changes: settle()
  const std::vector<std::byte>& bytes() const { return cached_; }
  void settle() { durable_ = cached_; }

  // Where the newest writes went, the last one first.
  struct Stretch {
    std::uint64_t at = 0, bytes = 0;
    bool holds(std::uint64_t byte) const { return at <= byte && byte - at < bytes; }
  };
  using NewestWrites = std::array<Stretch, 24>;
  const NewestWrites& newest_writes() const { return newest_writes_; }

  const std::string& misuse() const { return misuse_; }
  std::uint64_t operations() const { return operations_; }
  std::uint64_t writes() const { return writes_; }
  std::uint64_t syncs() const { return syncs_; }
  std::uint64_t bytes_read() const { return bytes_read_; }
  const std::vector<std::uint32_t>& erases() const { return erases_; }

 private:
  enum class Course { done, cut, failed };
  Course begin_operation();
  Status end_operation(Course course);
  // Where a segment begins. False: beyond the true size, and that fails.
  bool find_segment(std::uint32_t segment, std::size_t& at) const;
  bool is_bad(std::size_t at, std::size_t bytes) const;
  void heal(std::size_t at, std::size_t bytes);
  void make_durable();
  void meet_fates(std::uint64_t seed, Fate fate);
  std::size_t tear_bytes() const;
  void tear(std::size_t at, std::size_t bytes, std::mt19937_64& random);

  FlashGeometry geometry_;
  std::vector<std::byte> cached_;
  std::vector<std::byte> durable_;
  std::set<std::size_t> dirty_;      // units, by number
  std::set<std::uint32_t> erasing_;  // segments whose erase is under way
  std::vector<std::uint32_t> erases_;
  NewestWrites newest_writes_{};
  std::uint64_t operations_ = 0, writes_ = 0, syncs_ = 0, bytes_read_ = 0;
  std::uint64_t operations_left_ = UINT64_MAX;
  std::uint64_t operations_to_failure_ = UINT64_MAX, failure_seed_ = 0;
  std::uint64_t bad_at_ = 0, bad_bytes_ = 0;
  bool lost_power_ = false;
  bool sync_fails_ = false;
  bool read_only_ = false;
  std::uint32_t true_segments_ = UINT32_MAX;
  Beyond beyond_ = Beyond::fails;
  std::string misuse_;
};

}  // namespace fieldpost
