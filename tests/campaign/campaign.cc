#include "tests/campaign/campaign.h"

#include <array>
#include <cstring>

#include "tests/fakes/unpacked.h"

namespace fieldpost::campaign {
namespace {

constexpr std::uint32_t kStepsOfHistory = 60;
constexpr std::uint32_t kStepsAfterCrash = 2;
constexpr int kDepth = 6;

constexpr std::array<const char*, kFaults> kNames = {
    "cut",     "all torn",  "all lost", "all kept",       "unreadable tip",
    "failure", "read-only", "rot",      "unreadable old", "scribble"};

FlashGeometry geometry_of(std::uint64_t seed) {
  FlashGeometry geometry = seed / 6 % 3 == 1 ? FakeFlash::nor() : FakeFlash::file();
  if (seed / 6 % 3 == 2) geometry.write_unit = 512;
  return geometry;
}

FakeFlash::Fate fate_of(Fault fault) {
  switch (fault) {
    case Fault::all_torn: return FakeFlash::Fate::all_torn;
    case Fault::all_lost: return FakeFlash::Fate::all_lost;
    case Fault::all_kept:
    case Fault::unreadable_tip: return FakeFlash::Fate::all_kept;
    case Fault::cut:
    case Fault::failure:
    case Fault::read_only:
    case Fault::rot:
    case Fault::unreadable_old:
    case Fault::scribble: break;
  }
  return FakeFlash::Fate::by_seed;
}

std::uint64_t mix(std::uint64_t seed, std::uint64_t step) {
  std::uint64_t z = seed * 0x9e3779b97f4a7c15 + step;
  z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9;
  z = (z ^ z >> 27) * 0x94d049bb133111eb;
  return z ^ z >> 31;
}

// A byte that is older than what a cut may leave torn: damage to the newest commits cannot be told
// from a cut, by nobody.
bool find_old_byte(const FakeFlash& flash, std::mt19937_64& random, std::uint64_t& at) {
  for (int tries = 0; tries < 20; ++tries) {
    at = random() % flash.geometry().bytes();
    const std::uint64_t page = at / kUnitBytesMax * kUnitBytesMax;
    bool is_new = false;
    for (const FakeFlash::Stretch& write : flash.newest_writes()) {
      is_new |= page < write.at + write.bytes && write.at < page + kUnitBytesMax;
    }
    if (!is_new) return true;
  }
  return false;
}

void scribble(FakeFlash& flash, std::mt19937_64& random) {
  std::vector<std::byte>& bytes = flash.bytes();
  for (std::uint64_t i = 1 + random() % 24; i > 0; --i) {
    const std::size_t length = 1 + random() % (random() % 4 == 0 ? kUnitBytesMax : 16);
    const std::size_t to = random() % (bytes.size() - length);
    const std::size_t from = random() % (bytes.size() - length);
    for (std::size_t b = 0; b < length; ++b) {
      bytes[to + b] = i % 2 == 0 ? static_cast<std::byte>(random()) : bytes[from + b];
    }
  }
  flash.settle();
}

}  // namespace

std::string Campaign::run(std::uint64_t seed) {
  clock_ = FakeClock{};
  FakeFlash flash(geometry_of(seed));
  const std::string wrong = seed % 37 == 0 ? live_on_liar(seed, flash) : live_on(seed, flash);
  if (wrong.empty() && !flash.misuse().empty()) return flash.misuse();
  return wrong.empty() ? wrong : wrong + " (history: " + character_of(seed).name + ")";
}

std::string Campaign::live_on(std::uint64_t seed, FakeFlash& flash) {
  Recovered now;
  if (std::string wrong = recover(flash, clock_, now); !wrong.empty()) return wrong;
  Model model;
  History history(*now.queue, model, seed);
  std::mt19937_64 random(mix(seed, 0));
  std::string wrong;
  std::uint64_t operation = 0;
  flash.in_operation = [&] {
    ++operation;
    if (!wrong.empty()) return;
    for (int i = 0; i < 3 && wrong.empty(); ++i) {
      const Fault fault = i == 0 ? Fault::cut : choose_fault(random, flash, false);
      const int depth = random() % 8 == 0 ? kDepth : 0;
      wrong =
          crash(flash, model, fault, mix(seed, operation * 4 + static_cast<unsigned>(i)), depth);
    }
    if (!wrong.empty()) wrong += ", operation " + std::to_string(operation);
  };
  for (std::uint32_t i = 0; i < kStepsOfHistory && wrong.empty(); ++i) {
    clock_.advance(1_s);
    if (!history.step()) break;
  }
  flash.in_operation = nullptr;
  if (!wrong.empty()) return wrong;
  if (!history.wrong().empty()) return history.wrong();
  return now.queue->failed() ? "no room for what was promised" : "";
}

// A medium that is smaller than it says can keep no promise. It must be found out or at least not
// make the queue send twice, or hang.
std::string Campaign::live_on_liar(std::uint64_t seed, FakeFlash& flash) {
  const auto segments = static_cast<std::uint32_t>(2 + mix(seed, 1) % 14);
  const bool fails = mix(seed, 2) % 4 == 0;
  flash.lie_about_size(segments,
                       fails ? FakeFlash::Beyond::fails : FakeFlash::Beyond::begins_again);
  Model model;
  Recovered now;
  for (int start = 0; start < 8; ++start) {
    if (std::string wrong = recover(flash, clock_, now); !wrong.empty()) return wrong;
    count(flash);
    if (now.status != Status::ok) return {};
    model.damage();
    if (std::string wrong = model.settle(*now.queue, now.report); !wrong.empty()) return wrong;
    History history(*now.queue, model, seed);
    for (int i = 0; i < 15 && history.step(); ++i) {
    }
  }
  return {};
}

Fault Campaign::choose_fault(std::mt19937_64& random, const FakeFlash& flash, bool nested) const {
  const std::uint32_t faults = nested ? static_cast<std::uint32_t>(Fault::read_only) : kFaults;
  const auto fault = static_cast<Fault>(random() % faults);
  const bool tip = fault == Fault::unreadable_tip;
  return tip && (nested || !flash.has_unsynced_write()) ? Fault::cut : fault;
}

std::string Campaign::crash(const FakeFlash& flash, const Model& model, Fault fault,
                            std::uint64_t seed, int depth) {
  if (!flash.has_volatile()) return {};
  Crash now{flash.after_cut(seed, fate_of(fault)), model, fault, seed, depth};
  ++crashes_;
  std::string wrong = hurt(now);
  count(now.flash);
  if (wrong.empty()) wrong = survive(now);
  if (wrong.empty()) wrong = now.flash.misuse();
  if (wrong.empty()) return wrong;
  return wrong + "; " + kNames[static_cast<std::size_t>(fault)];
}

// What befalls the device besides the cut.
std::string Campaign::hurt(Crash& crash) {
  std::mt19937_64 random(mix(crash.seed, 3));
  std::uint64_t at = 0;
  switch (crash.fault) {
    case Fault::cut:
    case Fault::all_torn:
    case Fault::all_lost:
    case Fault::all_kept:
    case Fault::failure: return {};
    case Fault::unreadable_tip:
      crash.flash.fail_reads(crash.flash.newest_writes()[0].at, kUnitBytesMin);
      crash.model.hide_tip();
      return {};
    case Fault::rot:
      if (!find_old_byte(crash.flash, random, at)) return {};
      crash.flash.rot(at, static_cast<std::byte>(1 + random() % 255));
      crash.model.damage();
      return {};
    case Fault::unreadable_old:
      if (!find_old_byte(crash.flash, random, at)) return {};
      crash.flash.fail_reads(at / kUnitBytesMax * kUnitBytesMax, kUnitBytesMax);
      crash.model.damage();
      return {};
    case Fault::scribble: scribble(crash.flash, random); return {};
    case Fault::read_only: {
      Recovered now;
      crash.flash.make_read_only();
      std::string wrong = recover(crash.flash, clock_, now);
      if (wrong.empty() && now.status == Status::ok) wrong = "opened what it cannot write";
      crash.flash.make_read_only(false);
      return wrong;
    }
  }
  return {};
}

std::string Campaign::survive(Crash& crash) {
  Recovered now;
  if (std::string wrong = recover(crash.flash, clock_, now); !wrong.empty()) return wrong;
  const bool any_bytes = crash.fault == Fault::scribble;
  if (any_bytes && now.status != Status::ok) return {};
  if (now.status != Status::ok) return "cannot be opened: " + unpacked(now.report.trouble);
  Model fresh;
  if (!any_bytes) {
    const std::string wrong = crash.model.settle(*now.queue, now.report);
    if (!wrong.empty()) return wrong;
  }
  History history(*now.queue, any_bytes ? fresh : crash.model, crash.seed);
  if (any_bytes) {
    for (std::uint32_t i = 0; i < kStepsAfterCrash && history.step(); ++i) {
    }
    return recover_again(crash, now);
  }
  if (crash.fault == Fault::failure) return fail_later(crash, now, history);
  if (std::string wrong = go_on(crash, now, history); !wrong.empty()) return wrong;
  if (crash.seed % 2 == 0) crash.flash.fail_reads(0, 0);  // what could not be read can again
  if (std::string wrong = start_again(crash, now); !wrong.empty()) return wrong;
  const bool settled = !crash.model.damaged() && history.wrong().empty();
  if (settled && crash.seed % 16 == 0) {
    History last(*now.queue, crash.model, crash.seed);
    if (!last.drain()) return "no room for the ends of what was promised";
    return start_again(crash, now);
  }
  return {};
}

std::string Campaign::go_on(Crash& crash, Recovered& now, History& history) {
  std::string wrong;
  std::mt19937_64 random(mix(crash.seed, 4));
  std::uint64_t operation = 0;
  if (crash.depth > 0) {
    crash.flash.in_operation = [&] {
      ++operation;
      if (!wrong.empty()) return;
      // All the way down only here and there. What is torn again and again takes the most room.
      if (crash.depth < kDepth && random() % 3 != 0) return;
      const Fault fault =
          random() % 2 == 0 ? Fault::all_torn : choose_fault(random, crash.flash, true);
      wrong = this->crash(crash.flash, crash.model, fault, mix(crash.seed, 16 + operation),
                          crash.depth - 1);
    };
  }
  for (std::uint32_t i = 0; i < kStepsAfterCrash && wrong.empty() && history.step(); ++i) {
  }
  crash.flash.in_operation = nullptr;
  if (!wrong.empty()) return wrong;
  if (!history.wrong().empty() && !crash.model.damaged()) return history.wrong();
  if (now.queue->failed()) return "no room for what was promised";
  return {};
}

// Nothing is promised on the strength of what failed, and nothing is tried again.
std::string Campaign::fail_later(Crash& crash, Recovered& now, History& history) {
  crash.flash.fail_after(mix(crash.seed, 5) % 6, mix(crash.seed, 6));
  for (int i = 0; i < 6 && history.step(); ++i) {
  }
  if (!history.wrong().empty()) return history.wrong();
  if (now.queue->failed()) {
    const std::uint64_t operations = crash.flash.operations();
    if (now.queue->take(message_of({})).status() != Status::io ||
        now.queue->commit() != Status::io || crash.flash.operations() != operations) {
      return "went on after the device had failed";
    }
  }
  crash.flash.fail_after(UINT64_MAX, 0);
  return start_again(crash, now);
}

// What one recovery stepped over, torn or damaged, a later one must not take for new damage: the
// first commit names it. It has room for eight stretches, two of which may be torn. Only a region
// that is scribbled over has more; the rest is news again, six the less with each start.
std::string Campaign::recover_again(Crash& crash, Recovered& now) {
  // To blank what is free is to write, but names nothing.
  const bool named = now.queue->newest_event() != now.newest_event;
  const std::uint32_t known = now.report.corrupt_units;
  if (std::string wrong = recover(crash.flash, clock_, now); !wrong.empty()) return wrong;
  const std::uint32_t news = now.report.corrupt_units;
  if (named && news != 0 && news + kSkippedPerCommitMax - 2 > known) {
    return "what was stepped over is taken for new damage";
  }
  return {};
}

std::string Campaign::start_again(Crash& crash, Recovered& now) {
  if (std::string wrong = recover_again(crash, now); !wrong.empty()) return wrong;
  if (now.status != Status::ok) return "cannot be opened again: " + unpacked(now.report.trouble);
  return crash.model.settle(*now.queue, now.report);
}

void Campaign::count(const FakeFlash& flash) {
  std::uint64_t hash = flash.geometry().write_unit;
  const auto& bytes = flash.bytes();
  for (std::size_t at = 0; at + 8 <= bytes.size(); at += 8) {
    std::uint64_t word = 0;
    std::memcpy(&word, bytes.data() + at, sizeof word);
    hash = (hash ^ word) * 0x9fb21c651e98df25;
    hash ^= hash >> 32;
  }
  states_.insert(hash);
}

}  // namespace fieldpost::campaign
