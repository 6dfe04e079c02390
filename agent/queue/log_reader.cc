#include "agent/queue/log_reader.h"

#include <algorithm>

#include "agent/base/bytes.h"
#include "agent/base/crc32c.h"

namespace fieldpost {
namespace {

std::uint32_t number32(std::span<const std::byte> header, std::size_t at) {
  return load_le<std::uint32_t>(header.subspan(at).first<4>());
}
std::uint64_t number64(std::span<const std::byte> header, std::size_t at) {
  return load_le<std::uint64_t>(header.subspan(at).first<8>());
}

bool all_are(std::span<const std::byte> bytes, std::byte value) {
  for (const std::byte byte : bytes) {
    if (byte != value) return false;
  }
  return true;
}

// Counting one up at a time, no store gets here; only forged bytes hold more.
constexpr std::uint64_t kNumberMax = std::uint64_t{1} << 62;
constexpr std::uint64_t kRunMax = UINT32_MAX;  // not reached: a cursor counts from 1

}  // namespace

std::uint32_t LogReader::unit_bytes() const {
  return std::max(geometry_.write_unit, kUnitBytesMin);
}

std::uint32_t LogReader::round_up(std::uint32_t bytes) const {
  const std::uint32_t unit = unit_bytes();
  return (bytes + unit - 1) / unit * unit;
}

Status LogReader::load(std::uint32_t segment, std::uint32_t offset, std::uint32_t bytes,
                       std::uint32_t ahead, std::span<const std::byte>& out) {
  if (segment >= geometry_.segments || offset > geometry_.segment_bytes ||
      bytes > geometry_.segment_bytes - offset || bytes > window_.size()) {
    return Status::invalid;
  }
  if (segment != held_segment_ || offset < held_at_ || offset - held_at_ + bytes > held_bytes_) {
    held_bytes_ = 0;
    std::uint32_t wanted = std::max(bytes, std::min(ahead, geometry_.segment_bytes - offset));
    if (flash_.read(segment, offset, std::span(window_).first(wanted)) != Status::ok) {
      if (wanted == bytes) return Status::io;
      wanted = bytes;  // what lies ahead may be what is bad
      TRY(flash_.read(segment, offset, std::span(window_).first(wanted)));
    }
    held_segment_ = segment;
    held_at_ = offset;
    held_bytes_ = wanted;
  }
  out = std::span(window_).subspan(offset - held_at_, bytes);
  return Status::ok;
}

Status LogReader::view(std::uint32_t segment, std::uint32_t offset, std::uint32_t bytes,
                       std::span<const std::byte>& out) {
  return load(segment, offset, bytes, 0, out);
}

Status LogReader::commit_at(std::uint32_t segment, std::uint32_t offset, CommitView& commit) {
  std::span<const std::byte> header;
  if (geometry_.segment_bytes - offset < kBodyAt) return Status::not_found;
  TRY(load(segment, offset, kBodyAt, limits::commit_bytes_max, header));
  if (number32(header, kMagicAt) != kCommitMagic) return Status::not_found;

  const std::uint32_t header_bytes = load_le<std::uint16_t>(header.subspan<kHeaderBytesAt, 2>());
  const std::uint32_t body_bytes = number32(header, kBodyBytesAt);
  if (header_bytes < kBodyAt || header_bytes > limits::commit_bytes_max ||
      body_bytes > limits::commit_bytes_max - header_bytes ||
      header_bytes + body_bytes > geometry_.segment_bytes - offset) {
    return Status::not_found;
  }
  std::span<const std::byte> whole;
  TRY(load(segment, offset, header_bytes + body_bytes, limits::commit_bytes_max, whole));
  if (crc32c(whole.subspan(kVersionAt)) != number32(whole, kCrcAt)) return Status::not_found;

  commit = CommitView{};
  commit.version = static_cast<std::uint8_t>(whole[kVersionAt]);
  commit.offset = offset;
  commit.end = offset + round_up(header_bytes + body_bytes);
  if (commit.version > kFormatVersion) return Status::ok;  // no field behind is ours to read
  commit.number = number64(whole, kNumberAt);
  commit.lap = number32(whole, kLapAt);
  commit.segment = number32(whole, kSegmentAt);
  commit.reach = number32(whole, kReachAt);
  commit.stamp = {number64(whole, kBootAt), Instant{number64(whole, kBootMsAt)},
                  UnixTime{number64(whole, kWallAt)}};
  commit.body_at = offset + header_bytes;
  commit.body = whole.subspan(header_bytes);
  const std::uint32_t copied = number32(whole, kCopiedBytesAt);
  if (copied > body_bytes) return Status::not_found;
  commit.news = commit.body.first(body_bytes - copied);
  const std::uint64_t run = std::uint64_t{commit.lap} * geometry_.segments + segment;
  const bool plausible = commit.version != 0 && header_bytes == kBodyAt &&
                         commit.segment == segment && commit.number != 0 &&
                         commit.number < kNumberMax && run < kRunMax &&
                         commit.reach < geometry_.segments && commit.reach <= run;
  return plausible ? Status::ok : Status::not_found;
}

Status LogReader::next_commit(std::uint32_t segment, std::uint32_t lap, std::uint32_t offset,
                              CommitView& commit) {
  while (offset < geometry_.segment_bytes) {
    if (commit_at(segment, offset, commit) == Status::ok) {
      if (commit.version <= kFormatVersion && commit.lap == lap) return Status::ok;
      offset = commit.end;
    } else {
      offset += unit_bytes();
    }
  }
  return Status::not_found;
}

// Where bytes are erased first, only 0xff can be written; elsewhere a new file is of zeros, and one
// copied from NOR of 0xff.
bool LogReader::blank(std::span<const std::byte> bytes) const {
  return all_are(bytes, std::byte{0xff}) ||
         (!geometry_.erase_first && all_are(bytes, std::byte{0x00}));
}

bool LogReader::unit_is_free(std::uint32_t segment, std::uint32_t lap, std::uint32_t offset) {
  std::span<const std::byte> unit;
  if (load(segment, offset, unit_bytes(), 0, unit) != Status::ok) return false;
  if (blank(unit)) return true;
  return number32(unit, kMagicAt) == kCommitMagic && number32(unit, kSegmentAt) == segment &&
         number32(unit, kLapAt) != lap;
}

Status LogReader::check_blank(std::uint32_t segment, std::uint32_t offset, std::uint32_t bytes) {
  while (bytes != 0) {
    const std::uint32_t piece = std::min(bytes, unit_bytes());
    std::span<const std::byte> unit;
    TRY(load(segment, offset, piece, limits::commit_bytes_max, unit));
    if (!blank(unit)) return Status::corrupt;
    offset += piece;
    bytes -= piece;
  }
  return Status::ok;
}

}  // namespace fieldpost
