// herd [--agents N] [--seed N] [--verbose]
//
// A thousand devices with customers of their own, and an API that is away for an hour. How hard do
// they fall upon it when it is back? Counts the requests in bins of 30 s from the moment of its
// return until the last message of before has been accepted. The last line is JSON; ends with 1
// where a bin holds more than twice the mean, or where somebody starves.
#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <memory>
#include <string>
#include <vector>

#include "tests/world/device.h"

namespace fieldpost::world {
namespace {

constexpr Instant kAway{3'600'000}, kBack{7'200'000}, kEnd{4 * 3'600'000};
constexpr Duration kBin = 30_s;
constexpr Duration kBetweenMessages = 20_min;  // of one device, in the mean

// Answers 503 at once while it is away, or, to every other one, nothing.
class Api final : public Network {
 public:
  explicit Api(const World& world) : world_(world), bins_(kEnd.ms / kBin.ms + 1) {}

  bool connects(Duration&) override { return true; }
  Reply serve(const Request& request) override {
    ++bins_[world_.now().ms / kBin.ms];
    const bool away = world_.now() >= kAway && world_.now() < kBack;
    if (away && ++refused_ % 2 == 0) return {.http = 503, .body = R"({"error":"away"})"};
    if (away) return {.after = 1_h};
    if (request.purpose == Purpose::hook_info) {
      return {.http = 200, .body = R"({"hooks":[{"status":"delivered"}]})"};
    }
    if (request.purpose != Purpose::send_template) {
      return {.http = 200, .body = R"({"status":"connected"})"};
    }
    return {.http = 200, .body = R"({"sent":true,"id":"wamid.A"})"};
  }

  const std::vector<std::uint32_t>& bins() const { return bins_; }

 private:
  const World& world_;
  std::vector<std::uint32_t> bins_;
  std::uint64_t refused_ = 0;
};

struct One {
  std::unique_ptr<Device> device;
  std::uint64_t customers = 0;
};

Message to_customer(std::uint64_t number) {
  Message m;
  MUST(m.scenario.assign("next-step"));
  // +1, any area, 555 01xx: numbers of nobody.
  MUST(m.to.assign("1" + std::to_string(200 + number / 100 % 800) + "55501" +
                   std::to_string(100 + number % 100).substr(1)));
  MUST(m.template_name.assign("next_step"));
  MUST(m.template_namespace.assign("NS"));
  MUST(m.language.assign("en"));
  MUST(m.values.add("visit " + std::to_string(number)));
  return m;
}

std::size_t waiting(const std::vector<One>& herd) {
  std::size_t count = 0;
  for (const One& one : herd) {
    const auto live = one.device->queue().live();
    count += std::ranges::any_of(live, [](const Live& m) { return m.state == State::queued; });
  }
  return count;
}

}  // namespace

int run(std::uint64_t agents, std::uint64_t seed, bool verbose) {
  World world(seed);
  Api api(world);
  auto settings = std::make_unique<Settings>();
  MUST(settings->api.channel.assign("VID1"));

  std::vector<One> herd(agents);
  for (One& one : herd)
    one.device = std::make_unique<Device>(world, api, *settings, world.random()());
  // Events come before, in, and after the hour, as they would.
  for (One& one : herd) {
    for (Instant at = world.now(); (at = at + world.wait_for_one_in(kBetweenMessages)) < kEnd;) {
      world.at(at, [&one] { (void)one.device->take(to_customer(one.customers++)); });
    }
  }

  // The backlog of the outage is gone when every device that waited has been empty once.
  world.run_until(kBack);
  std::vector<bool> waits(agents);
  std::size_t left = 0, most = waiting(herd);
  for (std::size_t i = 0; i < agents; ++i) {
    waits[i] = !herd[i].device->queue().live().empty();
    left += waits[i];
  }
  Instant drained = kBack;
  while (left != 0 && drained < kEnd) {
    drained = drained + kBin;
    world.run_until(drained);
    for (std::size_t i = 0; i < agents; ++i) {
      const auto live = herd[i].device->queue().live();
      const bool empty =
          std::ranges::none_of(live, [](const Live& m) { return m.state == State::queued; });
      if (waits[i] && empty) waits[i] = false, --left;
    }
    if (isatty(1)) std::printf("\r%zu of %zu still wait ", left, most), std::fflush(stdout);
  }
  if (isatty(1)) std::printf("\r                        \r");

  const auto first = kBack.ms / kBin.ms, last = drained.ms / kBin.ms;
  std::uint64_t sum = 0, peak = 0;
  for (auto bin = first; bin < last; ++bin) {
    sum += api.bins()[bin];
    peak = std::max<std::uint64_t>(peak, api.bins()[bin]);
    if (verbose)
      std::printf("%5llu s %5u\n", static_cast<unsigned long long>((bin - first) * kBin.ms / 1000),
                  api.bins()[bin]);
  }
  const double mean =
      static_cast<double>(sum) / static_cast<double>(std::max<std::uint64_t>(1, last - first));
  const double ratio = static_cast<double>(peak) / mean;
  const bool good = left == 0 && ratio <= 2.0;
  std::printf(
      "{\"agents\":%llu,\"seed\":%llu,\"waited\":%zu,\"drained_after_s\":%llu,\"requests\":%llu,"
      "\"peak\":%llu,\"mean\":%.1f,\"ratio\":%.2f,\"starved\":%zu}\n",
      static_cast<unsigned long long>(agents), static_cast<unsigned long long>(seed), most,
      static_cast<unsigned long long>((drained - kBack).ms / 1000),
      static_cast<unsigned long long>(sum), static_cast<unsigned long long>(peak), mean, ratio,
      left);
  return good ? 0 : 1;
}

}  // namespace fieldpost::world

int main(int argc, char** argv) {
  std::uint64_t agents = 1000, seed = 1;
  bool verbose = false;
  for (int i = 1; i < argc; ++i) {
    const bool more = i + 1 < argc;
    if (std::strcmp(argv[i], "--verbose") == 0) {
      verbose = true;
    } else if (more && std::strcmp(argv[i], "--agents") == 0) {
      agents = std::strtoull(argv[++i], nullptr, 10);
    } else if (more && std::strcmp(argv[i], "--seed") == 0) {
      seed = std::strtoull(argv[++i], nullptr, 10);
    } else {
      std::fprintf(stderr, "usage: herd [--agents N] [--seed N] [--verbose]\n");
      return 64;
    }
  }
  return fieldpost::world::run(agents, seed, verbose);
}
