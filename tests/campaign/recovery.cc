#include "tests/campaign/recovery.h"

#include <algorithm>

#include "tests/fakes/unpacked.h"

namespace fieldpost::campaign {
namespace {

constexpr StoreId kStoreId = {std::byte{0x11}, std::byte{0x22}};

// Survey, replay, and what looks for the tip: each once, and units that are no commit again.
constexpr std::uint64_t kReadsOfRegionMax = 8;

std::string open_once(FakeFlash& flash, const Clock& clock, Recovered& out) {
  const std::uint64_t read_before = flash.bytes_read(), written_before = flash.writes();
  const auto erased_before = flash.erases();
  out = Recovered{
      std::make_unique<Queue>(flash, clock, limits::queue_messages_max, Remembering{.keys = kKeys}),
      {}};
  out.status = out.queue->open(kStoreId, out.report);
  out.newest_event = out.queue->newest_event();
  if (flash.bytes_read() - read_before > kReadsOfRegionMax * flash.geometry().bytes()) {
    return "recovery read " + std::to_string(flash.bytes_read() - read_before) + " bytes";
  }
  if (out.status != Status::ok && unpacked(out.report.trouble).empty())
    return "refused without words";
  if (out.report.created || out.status != Status::ok) return {};
  if (flash.writes() != written_before || flash.erases() != erased_before) {
    return "recovery has written";
  }
  return {};
}

bool same_live(const Queue& a, const Queue& b) {
  return std::equal(a.live().begin(), a.live().end(), b.live().begin(), b.live().end(),
                    [](const Live& x, const Live& y) {
                      return x.id == y.id && x.state == y.state && x.reason == y.reason &&
                             x.attempts == y.attempts && x.message_at == y.message_at &&
                             x.standing_at == y.standing_at;
                    });
}

bool same_report(const RecoveryReport& a, const RecoveryReport& b) {
  return a.torn_units == b.torn_units && a.corrupt_units == b.corrupt_units && a.live == b.live &&
         a.were_sending == b.were_sending && a.lost == b.lost && a.in_doubt == b.in_doubt &&
         unpacked(a.trouble) == unpacked(b.trouble);
}

}  // namespace

std::string recover(FakeFlash& flash, const Clock& clock, Recovered& out) {
  Recovered first;
  if (const std::string wrong = open_once(flash, clock, first); !wrong.empty()) return wrong;
  if (const std::string wrong = open_once(flash, clock, out); !wrong.empty()) return wrong;
  if (first.status != out.status ||
      (out.status == Status::ok && !same_live(*first.queue, *out.queue)) ||
      !same_report(first.report, out.report)) {
    return "a second recovery finds something else";
  }
  return {};
}

}  // namespace fieldpost::campaign
