// crash_campaign [--states N] [--seed N] [--first N]
//
// Lives histories with the seeds 1, 2, 3... until N distinct crash states have been recovered from
// (100,000), or the one history of --seed. On a terminal it shows how far it is; the last line is
// JSON. Ends with 1 where something is wrong.
#include <malloc.h>
#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <ctime>

#include "agent/base/assert.h"
#include "tests/campaign/campaign.h"

namespace {

std::uint64_t current_seed = 0;

std::uint64_t seconds() { return static_cast<std::uint64_t>(std::time(nullptr)); }

void report_failure(const char* wrong) {
  std::printf("FAILED: %s\nagain: crash_campaign --seed %llu\n", wrong,
              static_cast<unsigned long long>(current_seed));
}

}  // namespace

namespace fieldpost {

void assertion_failed(const char* file, int line) {
  std::printf("assertion at %s:%d\n", file, line);
  report_failure("an assertion failed");
  std::exit(1);
}

}  // namespace fieldpost

namespace {

int print_result(const fieldpost::campaign::Campaign& campaign, std::uint64_t histories,
                 std::uint64_t started, const std::string& wrong) {
  if (!wrong.empty()) report_failure(wrong.c_str());
  std::printf(
      "{\"states\":%llu,\"crashes\":%llu,\"histories\":%llu,\"seconds\":%llu,"
      "\"violations\":%d,\"seed\":%llu}\n",
      static_cast<unsigned long long>(campaign.states()),
      static_cast<unsigned long long>(campaign.crashes()),
      static_cast<unsigned long long>(histories),
      static_cast<unsigned long long>(seconds() - started), wrong.empty() ? 0 : 1,
      static_cast<unsigned long long>(current_seed));
  return wrong.empty() ? 0 : 1;
}

}  // namespace

int main(int argc, char** argv) {
  std::uint64_t states = 100'000, only = 0, seed = 1;
  for (int i = 1; i < argc; i += 2) {
    const bool complete = i + 1 < argc;
    const std::uint64_t value = complete ? std::strtoull(argv[i + 1], nullptr, 10) : 0;
    if (complete && std::strcmp(argv[i], "--states") == 0) {
      states = value;
    } else if (complete && std::strcmp(argv[i], "--seed") == 0) {
      only = seed = value;
    } else if (complete && std::strcmp(argv[i], "--first") == 0) {
      seed = value;
    } else {
      std::fprintf(stderr, "usage: crash_campaign [--states N] [--seed N] [--first N]\n");
      return 64;
    }
  }
  // Regions come and go by the thousand: their pages stay with the process.
  mallopt(M_MMAP_THRESHOLD, 64 << 20);
  mallopt(M_TRIM_THRESHOLD, 512 << 20);
  fieldpost::campaign::Campaign campaign;
  const std::uint64_t started = seconds();
  const bool shown = isatty(STDOUT_FILENO) != 0;
  std::uint64_t histories = 0;
  std::string wrong;
  do {
    current_seed = seed++;
    ++histories;
    wrong = campaign.run(current_seed);
    if (shown) {
      std::printf("\r%llu of %llu states, %llu s ",
                  static_cast<unsigned long long>(campaign.states()),
                  static_cast<unsigned long long>(states),
                  static_cast<unsigned long long>(seconds() - started));
      std::fflush(stdout);
    }
  } while (only == 0 && wrong.empty() && campaign.states() < states);
  if (shown) std::printf("\n");
  return print_result(campaign, histories, started, wrong);
}
