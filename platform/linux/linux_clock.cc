#include "platform/linux/linux_clock.h"

#include <errno.h>
#include <sys/random.h>
#include <time.h>

#include <array>

#include "agent/base/bytes.h"
#include "fieldpost_build.h"
#include "platform/linux/file.h"

namespace fieldpost {
namespace {

// A program built without git does not know its date; no clock before the design of it is right.
constexpr std::uint64_t kBuilt = build::kUnixTime != 0 ? build::kUnixTime : 1'763'683'200;

// FNV-1a: the id is random already, it only has to fit.
std::uint64_t fold(std::string_view text) {
  std::uint64_t sum = 0xcbf29ce484222325;
  for (const char c : text) {
    sum ^= static_cast<unsigned char>(c);
    sum *= 0x100000001b3;
  }
  return sum;
}

timespec read_clock(clockid_t which) {
  timespec time{};
  ASSERT(::clock_gettime(which, &time) == 0);
  return time;
}

}  // namespace

Status LinuxEntropy::fill(std::span<std::byte> out) {
  while (!out.empty()) {
    const ssize_t got = ::getrandom(out.data(), out.size(), 0);
    if (got < 0 && errno == EINTR) continue;
    if (got <= 0) return Status::io;
    out = out.subspan(static_cast<std::size_t>(got));
  }
  return Status::ok;
}

LinuxClock::LinuxClock(Entropy& entropy) {
  std::array<char, 64> id{};
  const Result<std::size_t> got = read_file("/proc/sys/kernel/random/boot_id", id);
  std::array<std::byte, 8> random{};
  if (got.ok() && got.value() != 0) {
    boot_ = fold({id.data(), got.value()});
  } else if (entropy.fill(random) == Status::ok) {
    boot_ = load_le<std::uint64_t>(random);
  }
  if (boot_ == 0) boot_ = 1;  // 0 means "no stamp"
}

Instant LinuxClock::now() const {
  const timespec time = read_clock(CLOCK_BOOTTIME);
  return Instant{static_cast<std::uint64_t>(time.tv_sec) * 1000 +
                 static_cast<std::uint64_t>(time.tv_nsec) / 1'000'000};
}

std::optional<UnixTime> LinuxClock::wall() const {
  const timespec time = read_clock(CLOCK_REALTIME);
  if (time.tv_sec < 0 || static_cast<std::uint64_t>(time.tv_sec) < kBuilt) return std::nullopt;
  return UnixTime{static_cast<std::uint64_t>(time.tv_sec)};
}

}  // namespace fieldpost
