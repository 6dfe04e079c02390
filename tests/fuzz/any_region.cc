#include "tests/fuzz/any_region.h"

#include <algorithm>
#include <cstring>
#include <memory>

#include "agent/base/bytes.h"
#include "agent/base/crc32c.h"
#include "agent/queue/queue.h"
#include "tests/fakes/fake_clock.h"
#include "tests/fakes/unpacked.h"
#include "tests/fuzz/targets.h"

namespace fieldpost::fuzz {
namespace {

constexpr std::byte kIsNor{1}, kSealed{2};
constexpr StoreId kStoreId = {std::byte{0x11}, std::byte{0x22}, std::byte{0x33}};

std::size_t number16(std::span<const std::byte> bytes, std::size_t at) {
  return load_le<std::uint16_t>(bytes.subspan(at).first<2>());
}

void put_sum(std::span<std::byte> bytes, std::size_t at, std::uint32_t sum) {
  store_le<std::uint32_t>(bytes.subspan(at).first<4>(), sum);
}

// Makes the sums of the commit that begins here right, and those of its records.
void seal(std::span<std::byte> bytes) {
  if (bytes.size() < kBodyAt) return;
  if (load_le<std::uint32_t>(bytes.first<4>()) != kCommitMagic) return;
  const std::size_t header = number16(bytes, kHeaderBytesAt);
  const std::size_t body = load_le<std::uint32_t>(bytes.subspan<kBodyBytesAt, 4>());
  if (header < kBodyAt || header > bytes.size() || body > bytes.size() - header) return;
  const auto commit = bytes.first(header + body);
  for (std::size_t at = header; commit.size() - at >= kRecordBodyAt;) {
    const auto record = commit.subspan(at);
    const std::size_t length = number16(record, kRecordBytesAt);
    if (length > record.size() - kRecordBodyAt) break;
    const std::uint32_t head_sum = crc32c(record.first(kRecordCrcAt));
    put_sum(record, kRecordCrcAt, crc32c(record.subspan(kRecordBodyAt, length), head_sum));
    at += kRecordBodyAt + length;
  }
  put_sum(commit, kCrcAt, crc32c(commit.subspan(kVersionAt)));
}

// At worst each unit begins like a commit of the greatest length: then all of that is read for each,
// and as much again to look for what follows. open() goes through the region three times.
std::uint64_t reading_bound(const FlashGeometry& geometry) {
  const std::uint64_t unit = std::max(geometry.write_unit, kUnitBytesMin);
  return 3 * geometry.bytes() / unit * 2 * (limits::commit_bytes_max + unit);
}

bool same(const Queue& a, const Queue& b) {
  return std::equal(a.live().begin(), a.live().end(), b.live().begin(), b.live().end(),
                    [](const Live& x, const Live& y) {
                      return x.id == y.id && x.state == y.state && x.reason == y.reason &&
                             x.attempts == y.attempts;
                    });
}

// Everything that a person or the keeper may ask for.
void look_at_everything(Queue& queue) {
  Message message;
  Standing standing;
  for (const Live& live : queue.live()) (void)queue.read(live.id, message, standing);
  std::uint64_t cursor = 0;
  while (queue.next_ended(cursor, message, standing) == Status::ok) {
  }
  (void)queue.find_text(1, message);
  Stamp when;
  cursor = 0;
  for (int i = 0; i < 100 && queue.next_event(cursor, message, standing, when) == Status::ok; ++i) {
  }
}

// Whatever a region holds, going on may be refused, but not go wrong.
void go_on(Queue& queue) {
  Message message;
  (void)message.scenario.assign("service-changed");
  (void)message.to.assign("12025550100");
  for (int i = 0; i < 3; ++i) (void)queue.take(message);
  (void)queue.commit();
  if (queue.live().empty()) return;
  Standing standing;
  standing.state = State::dropped;
  standing.ended = true;
  (void)queue.record(queue.live().front().id, standing);
  (void)queue.commit();
}

}  // namespace

FakeFlash region_of(std::span<const std::byte> description) {
  const std::byte flags = description.empty() ? std::byte{0} : description[0];
  FakeFlash flash((flags & kIsNor) != std::byte{0} ? FakeFlash::nor() : FakeFlash::file());
  const std::span<std::byte> bytes = flash.bytes();
  const std::size_t unit = std::max(flash.geometry().write_unit, kUnitBytesMin);
  auto rest = description.subspan(std::min<std::size_t>(1, description.size()));
  while (rest.size() > 4) {
    const auto room = bytes.subspan(number16(rest, 0) * unit % bytes.size());
    const std::size_t length = std::min({number16(rest, 2), rest.size() - 4, room.size()});
    std::memcpy(room.data(), rest.data() + 4, length);
    if ((flags & kSealed) != std::byte{0}) seal(room.first(length));
    rest = rest.subspan(4 + length);
  }
  flash.settle();
  return flash;
}

std::string survive(const FakeFlash& region) {
  FakeFlash flash(region);
  FakeClock clock;
  RecoveryReport report;
  const auto queue = std::make_unique<Queue>(flash, clock, limits::queue_messages_max);
  const Status status = queue->open(kStoreId, report);
  if (flash.bytes_read() > reading_bound(flash.geometry())) return "recovery reads without end";
  if (!report.created && flash.bytes() != region.bytes()) return "recovery wrote";
  if (status != Status::ok) {
    if (unpacked(report.trouble).empty()) return "refused without words";
    return flash.misuse();
  }
  FakeFlash again_flash(flash);
  RecoveryReport again_report;
  const auto again = std::make_unique<Queue>(again_flash, clock, limits::queue_messages_max);
  if (again->open(kStoreId, again_report) != Status::ok || !same(*queue, *again)) {
    return "a second recovery finds something else";
  }
  look_at_everything(*queue);
  go_on(*queue);
  look_at_everything(*queue);
  return flash.misuse();
}

std::string wrong_with_recovery(std::string_view description) {
  return survive(region_of(std::as_bytes(std::span(description))));
}

}  // namespace fieldpost::fuzz
