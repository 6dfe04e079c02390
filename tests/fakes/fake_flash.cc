#include "tests/fakes/fake_flash.h"

#include <algorithm>
#include <cstring>

namespace fieldpost {

FlashGeometry FakeFlash::file(std::uint32_t segments, std::uint32_t segment_bytes) {
  return {segment_bytes, segments, 4096, false};
}

FlashGeometry FakeFlash::nor(std::uint32_t segments, std::uint32_t segment_bytes) {
  return {segment_bytes, segments, 1, true};
}

FakeFlash::FakeFlash(FlashGeometry geometry)
    : geometry_(geometry),
      cached_(geometry.bytes(), geometry.erase_first ? std::byte{0xff} : std::byte{0}),
      durable_(cached_),
      erases_(geometry.segments) {}

Status FakeFlash::read(std::uint32_t segment, std::uint32_t offset, std::span<std::byte> out) {
  if (lost_power_) return Status::io;
  if (segment >= geometry_.segments || offset + out.size() > geometry_.segment_bytes) {
    misuse_ = "read outside of a segment";
    return Status::io;
  }
  std::size_t at = 0;
  if (!find_segment(segment, at)) return Status::io;
  at += offset;
  if (is_bad(at, out.size())) return Status::io;
  bytes_read_ += out.size();
  std::memcpy(out.data(), cached_.data() + at, out.size());
  return Status::ok;
}

Status FakeFlash::write(std::uint32_t segment, std::uint32_t offset,
                        std::span<const std::byte> bytes) {
  if (lost_power_ || read_only_) return Status::io;
  if (segment >= geometry_.segments || offset + bytes.size() > geometry_.segment_bytes ||
      offset % geometry_.write_unit != 0 || bytes.size() % geometry_.write_unit != 0) {
    misuse_ = "write outside of a segment or across units";
    return Status::io;
  }
  std::size_t at = 0;
  if (!find_segment(segment, at)) return Status::io;
  at += offset;
  const Course course = begin_operation();
  ++writes_;
  std::move_backward(newest_writes_.begin(), newest_writes_.end() - 1, newest_writes_.end());
  newest_writes_[0] = {at, bytes.size()};
  const auto under = std::span(cached_).subspan(at, bytes.size());
  const bool honest = true_segments_ >= geometry_.segments;
  if (geometry_.erase_first && honest &&
      std::any_of(under.begin(), under.end(), [](std::byte b) { return b != std::byte{0xff}; })) {
    misuse_ = "write to bytes that are not erased";
  }
  std::copy(bytes.begin(), bytes.end(), under.begin());
  heal(at, bytes.size());
  const std::size_t unit = tear_bytes();
  for (std::size_t u = at / unit; u <= (at + bytes.size() - 1) / unit; ++u) dirty_.insert(u);
  return end_operation(course);
}

Status FakeFlash::erase(std::uint32_t segment) {
  if (lost_power_ || read_only_) return Status::io;
  if (segment >= geometry_.segments || !geometry_.erase_first) {
    misuse_ = "erase where there is nothing to erase";
    return Status::io;
  }
  std::size_t at = 0;
  if (!find_segment(segment, at)) return Status::io;
  const Course course = begin_operation();
  ++erases_[segment];
  std::fill_n(cached_.begin() + static_cast<std::ptrdiff_t>(at), geometry_.segment_bytes,
              std::byte{0xff});
  heal(at, geometry_.segment_bytes);
  erasing_.insert(static_cast<std::uint32_t>(at / geometry_.segment_bytes));
  return end_operation(course);
}

Status FakeFlash::sync() {
  if (lost_power_ || read_only_) return Status::io;
  const Course course = begin_operation();
  ++syncs_;
  if (sync_fails_) {
    sync_fails_ = false;
    dirty_.clear();  // the kernel took its pages for clean
    return Status::io;
  }
  TRY(end_operation(course));
  make_durable();
  return Status::ok;
}

Status FakeFlash::refresh() {
  TRY(sync());
  cached_ = durable_;
  return Status::ok;
}

void FakeFlash::make_durable() {
  const auto copy = [this](std::size_t at, std::size_t bytes) {
    std::memcpy(durable_.data() + at, cached_.data() + at, bytes);
  };
  for (const std::size_t unit : dirty_) copy(unit * tear_bytes(), tear_bytes());
  for (const std::uint32_t segment : erasing_) {
    copy(std::size_t{segment} * geometry_.segment_bytes, geometry_.segment_bytes);
  }
  dirty_.clear();
  erasing_.clear();
}

bool FakeFlash::find_segment(std::uint32_t segment, std::size_t& at) const {
  if (segment >= true_segments_ && beyond_ == Beyond::fails) return false;
  at = std::size_t{segment % true_segments_} * geometry_.segment_bytes;
  return true;
}

bool FakeFlash::is_bad(std::size_t at, std::size_t bytes) const {
  return bad_bytes_ != 0 && at < bad_at_ + bad_bytes_ && bad_at_ < at + bytes;
}

// What could not be read is given other cells when it is written.
void FakeFlash::heal(std::size_t at, std::size_t bytes) {
  if (is_bad(at, bytes)) bad_bytes_ = 0;
}

FakeFlash::Course FakeFlash::begin_operation() {
  ++operations_;
  if (operations_left_-- == 0) return Course::cut;
  return operations_to_failure_-- == 0 ? Course::failed : Course::done;
}

// What the operation did has reached the cache.
Status FakeFlash::end_operation(Course course) {
  if (in_operation) in_operation();
  switch (course) {
    case Course::cut: lost_power_ = true; return Status::io;
    case Course::failed: meet_fates(failure_seed_, Fate::by_seed); return Status::io;
    case Course::done: break;
  }
  if (geometry_.erase_first) make_durable();  // no cache
  return Status::ok;
}

std::size_t FakeFlash::tear_bytes() const {
  return std::max<std::size_t>(geometry_.write_unit, 16);
}

void FakeFlash::tear(std::size_t at, std::size_t bytes, std::mt19937_64& random) {
  for (std::size_t i = at; i < at + bytes; ++i) {
    const auto noise = static_cast<std::byte>(random());
    durable_[i] = geometry_.erase_first ? durable_[i] & (cached_[i] | noise) : noise;
  }
}

void FakeFlash::meet_fates(std::uint64_t seed, Fate fate) {
  std::mt19937_64 random(seed);
  const auto choose = [&] {
    return fate == Fate::by_seed ? static_cast<Fate>(1 + random() % 3) : fate;
  };
  for (const std::uint32_t segment : erasing_) {
    const std::size_t at = std::size_t{segment} * geometry_.segment_bytes;
    const Fate chosen = choose();
    for (std::size_t i = at; i < at + geometry_.segment_bytes; ++i) {
      if (chosen == Fate::all_torn) durable_[i] |= static_cast<std::byte>(random());
      if (chosen == Fate::all_kept) durable_[i] = std::byte{0xff};
    }
  }
  for (const std::size_t unit : dirty_) {
    const std::size_t at = unit * tear_bytes();
    const Fate chosen = choose();
    if (chosen == Fate::all_torn) tear(at, tear_bytes(), random);
    if (chosen == Fate::all_kept) {
      std::memcpy(durable_.data() + at, cached_.data() + at, tear_bytes());
    }
  }
  dirty_.clear();
  erasing_.clear();
}

FakeFlash FakeFlash::after_cut(std::uint64_t seed, Fate fate) const {
  FakeFlash after(*this);
  after.in_operation = nullptr;
  after.meet_fates(seed, fate);
  after.cached_ = after.durable_;
  after.lost_power_ = false;
  after.operations_left_ = after.operations_to_failure_ = UINT64_MAX;
  return after;
}

void FakeFlash::rot(std::uint64_t at, std::byte bits) {
  cached_[at] ^= bits;
  durable_[at] ^= bits;
}

}  // namespace fieldpost
