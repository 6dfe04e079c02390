// wear_years [--messages N] [--seed N]
//
// Lives years of a kiosk on regions of 1 MiB, a file's and NOR's, N messages each (100,000). On a
// terminal it shows how far it is; of each region it prints one line of JSON. Ends with 1 where
// something was lost, or where the segments are not worn alike.
#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <ctime>

#include "agent/base/assert.h"
#include "tests/bench/years.h"

namespace fieldpost {

void assertion_failed(const char* file, int line) {
  std::printf("FAILED: assertion at %s:%d\n", file, line);
  std::exit(1);
}

}  // namespace fieldpost

namespace {

using fieldpost::FakeFlash;
using fieldpost::bench::Wear;
using fieldpost::bench::Years;

constexpr std::uint32_t kSegments = 16;
constexpr std::uint32_t kSegmentBytes = 64 * 1024;

unsigned long long number(std::uint64_t value) { return value; }

void print_result(const char* device, const Years& years, std::time_t seconds) {
  const Wear segments = years.flash().segments(), pages = years.flash().pages();
  std::printf(
      "{\"device\":\"%s\",\"messages\":%llu,\"lost\":0,\"commits\":%llu,\"bytes_written\":%llu,"
      "\"power_cuts\":%llu,\"laps\":%llu,\"segment_begun\":[%llu,%llu],",
      device, number(years.taken()), number(years.commits()), number(years.flash().bytes_written()),
      number(years.power_cuts()), number(years.laps()), number(segments.least),
      number(segments.most));
  if (pages.most != 0) {  // NOR has none
    std::printf("\"page_written\":[%llu,%llu],", number(pages.least), number(pages.most));
  }
  std::printf("\"seconds\":%llu}\n", number(static_cast<std::uint64_t>(seconds)));
}

bool live(const char* device, const fieldpost::FlashGeometry& geometry, std::uint64_t messages,
          std::uint64_t seed) {
  const std::time_t started = std::time(nullptr);
  const bool shown = isatty(STDOUT_FILENO) != 0;
  Years years(geometry, seed);
  std::string wrong;
  for (std::uint64_t day = 0; wrong.empty() && years.taken() < messages; ++day) {
    wrong = years.live_a_day();
    if (!shown || day % 64 != 0) continue;
    std::printf("\r%s: %llu of %llu messages, %llu s ", device, number(years.taken()),
                number(messages), number(static_cast<std::uint64_t>(std::time(nullptr) - started)));
    std::fflush(stdout);
  }
  if (wrong.empty()) wrong = years.retire();
  if (shown) std::printf("\n");
  if (wrong.empty()) {
    print_result(device, years, std::time(nullptr) - started);
  } else {
    std::printf("FAILED: %s: %s\nagain: wear_years --messages %llu --seed %llu\n", device,
                wrong.c_str(), number(messages), number(seed));
  }
  return wrong.empty();
}

}  // namespace

int main(int argc, char** argv) {
  std::uint64_t messages = 100'000, seed = 1;
  for (int i = 1; i < argc; i += 2) {
    const bool complete = i + 1 < argc;
    const std::uint64_t value = complete ? std::strtoull(argv[i + 1], nullptr, 10) : 0;
    if (complete && std::strcmp(argv[i], "--messages") == 0) {
      messages = value;
    } else if (complete && std::strcmp(argv[i], "--seed") == 0) {
      seed = value;
    } else {
      std::fprintf(stderr, "usage: wear_years [--messages N] [--seed N]\n");
      return 64;
    }
  }
  const bool file = live("file", FakeFlash::file(kSegments, kSegmentBytes), messages, seed);
  const bool nor = live("nor", FakeFlash::nor(kSegments, kSegmentBytes), messages, seed);
  return file && nor ? 0 : 1;
}
