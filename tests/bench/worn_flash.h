// A fake flash that counts what wears it: how often each segment was begun anew, and each page of a
// file written.
#pragma once

#include <algorithm>
#include <cstdint>
#include <vector>

#include "agent/queue/format.h"
#include "tests/fakes/fake_flash.h"

namespace fieldpost::bench {

struct Wear {
  std::uint64_t least = 0, most = 0;
  std::uint64_t spread() const { return most - least; }
};

class WornFlash final : public Flash {
 public:
  explicit WornFlash(FlashGeometry geometry)
      : device_(geometry), begun_(geometry.segments), written_(geometry.bytes() / kUnitBytesMax) {}

  FlashGeometry geometry() const override { return device_.geometry(); }
  Status read(std::uint32_t segment, std::uint32_t offset, std::span<std::byte> out) override {
    return device_.read(segment, offset, out);
  }
  Status write(std::uint32_t segment, std::uint32_t offset,
               std::span<const std::byte> bytes) override {
    const FlashGeometry geometry = device_.geometry();
    if (!geometry.erase_first) {
      if (offset == 0) ++begun_[segment];
      const std::uint64_t at = std::uint64_t{segment} * geometry.segment_bytes + offset;
      for (std::uint64_t done = 0; done < bytes.size(); done += kUnitBytesMax) {
        ++written_[(at + done) / kUnitBytesMax];
      }
    }
    bytes_written_ += bytes.size();
    return device_.write(segment, offset, bytes);
  }
  Status erase(std::uint32_t segment) override {
    ++begun_[segment];
    return device_.erase(segment);
  }
  Status sync() override { return device_.sync(); }
  Status refresh() override { return device_.refresh(); }

  // Power goes and comes back.
  void lose_power(std::uint64_t seed) { device_ = device_.after_cut(seed); }

  Wear segments() const { return wear_of(begun_); }
  Wear pages() const { return wear_of(written_); }  // of a file; NOR is worn by erasing
  std::uint64_t bytes_written() const { return bytes_written_; }
  const std::string& misuse() const { return device_.misuse(); }

 private:
  static Wear wear_of(const std::vector<std::uint64_t>& counts) {
    const auto [least, most] = std::minmax_element(counts.begin(), counts.end());
    return {*least, *most};
  }

  FakeFlash device_;
  std::vector<std::uint64_t> begun_;
  std::vector<std::uint64_t> written_;
  std::uint64_t bytes_written_ = 0;
};

}  // namespace fieldpost::bench
