// queue_costs STORE CASE FOLDER MESSAGES [DISK]
//
// One case of one store in a folder, and one line of JSON: what it took. DISK is the name below
// /sys/block of a disk that holds nothing but the folder. tests/bench/run puts it together.
//
//   STORE   fieldpost, sqlite, spool
//   CASE    lone      each message alone: taken, started on a new connection, accepted
//           kept      the same on a connection that is kept: taken and started together
//           take      all are taken, each told at once
//           drain     after `take`: all leave, the end of one and the start of the next together
//           recover   after `take`: what a start of the program does
//           read      after `take`: all files of the folder are read once
#include <fcntl.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <array>
#include <chrono>
#include <cinttypes>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <fstream>

#include "agent/base/assert.h"
#include "tests/bench/peer.h"

namespace {

std::uint64_t syncs = 0;

}  // namespace

// Stands before libc's, for SQLite as for the others.
extern "C" int fsync(int fd) {
  ++syncs;
  return static_cast<int>(::syscall(SYS_fsync, fd));
}
extern "C" int fdatasync(int fd) {
  ++syncs;
  return static_cast<int>(::syscall(SYS_fdatasync, fd));
}

namespace fieldpost {

void assertion_failed(const char* file, int line) {
  std::fprintf(stderr, "queue_costs: assertion at %s:%d\n", file, line);
  std::exit(1);
}

namespace bench {

void give_up(const std::string& what) {
  std::fprintf(stderr, "queue_costs: %s went wrong: %s\n", what.c_str(), std::strerror(errno));
  std::exit(1);
}

}  // namespace bench
}  // namespace fieldpost

namespace {

using fieldpost::bench::give_up;
using fieldpost::bench::Peer;

constexpr std::uint64_t kSectorBytes = 512;  // of /sys/block/*/stat, whatever the disk's own is

struct Costs {
  double seconds = 0;
  std::uint64_t syncs = 0;
  std::uint64_t process_bytes = 0;  // in calls of write()
  std::uint64_t device_bytes = 0;   // all that went to the disk, the file system's own too

  Costs operator-(const Costs& before) const {
    return {seconds - before.seconds, syncs - before.syncs, process_bytes - before.process_bytes,
            device_bytes - before.device_bytes};
  }
};

std::uint64_t process_bytes() {
  std::ifstream io("/proc/self/io");
  std::uint64_t value = 0;
  for (std::string name; io >> name >> value;) {
    if (name == "wchar:") return value;
  }
  give_up("/proc/self/io");
}

std::uint64_t device_bytes(const std::string& disk) {
  if (disk.empty()) return 0;
  std::ifstream stat("/sys/block/" + disk + "/stat");
  std::uint64_t value = 0;
  for (int field = 0; field < 7; ++field) stat >> value;  // the seventh: sectors written
  if (!stat) give_up(disk);
  return value * kSectorBytes;
}

Costs costs_so_far(const std::string& disk) {
  const auto now = std::chrono::steady_clock::now().time_since_epoch();
  return {std::chrono::duration<double>(now).count(), syncs, process_bytes(), device_bytes(disk)};
}

// What the kernel has not written yet belongs to whoever caused it.
void flush(const std::string& folder) {
  const int fd = ::open(folder.c_str(), O_RDONLY | O_CLOEXEC);
  if (fd < 0 || ::syncfs(fd) != 0) give_up(folder);
  ::close(fd);
}

std::unique_ptr<Peer> make(const std::string& store) {
  if (store == "fieldpost") return fieldpost::bench::make_fieldpost();
  if (store == "sqlite") return fieldpost::bench::make_sqlite();
  if (store == "spool") return fieldpost::bench::make_spool();
  std::fprintf(stderr, "queue_costs: no store %s\n", store.c_str());
  std::exit(64);
}

void lone(Peer& peer, std::uint64_t messages) {
  for (std::uint64_t n = 0; n < messages; ++n) {
    peer.take(n);
    peer.commit();
    peer.start(n);
    peer.commit();
    peer.accept(n);
    peer.commit();
  }
}

void kept(Peer& peer, std::uint64_t messages) {
  for (std::uint64_t n = 0; n < messages; ++n) {
    peer.take(n);
    peer.start(n);
    peer.commit();
    peer.accept(n);
    peer.commit();
  }
}

void take(Peer& peer, std::uint64_t messages) {
  for (std::uint64_t n = 0; n < messages; ++n) {
    peer.take(n);
    peer.commit();
  }
}

void drain(Peer& peer, std::uint64_t messages) {
  for (std::uint64_t n = 0; n < messages; ++n) {
    if (n > 0) peer.accept(n - 1);
    peer.start(n);
    peer.commit();
  }
  peer.accept(messages - 1);
  peer.commit();
}

void read_all(const std::string& folder) {
  std::array<char, 64 * 1024> room{};
  for (const auto& one : std::filesystem::directory_iterator(folder)) {
    const int fd = ::open(one.path().c_str(), O_RDONLY | O_CLOEXEC);
    ssize_t got = 0;
    while ((got = ::read(fd, room.data(), room.size())) > 0) {
    }
    if (fd < 0 || got < 0) give_up(one.path());
    ::close(fd);
  }
}

using Case = void (*)(Peer&, std::uint64_t);
Case find_case(const std::string& name) {
  if (name == "lone") return lone;
  if (name == "kept") return kept;
  if (name == "take") return take;
  if (name == "drain") return drain;
  std::fprintf(stderr, "queue_costs: no case %s\n", name.c_str());
  std::exit(64);
}

// The cost of opening is that of `recover`, and counts there alone.
Costs run(const std::string& store, const std::string& name, const std::string& folder,
          std::uint64_t messages, const std::string& disk) {
  const auto peer = make(store);
  const bool recovers = name == "recover", reads = name == "read";
  const Case what = recovers || reads ? nullptr : find_case(name);
  if (what != nullptr) {
    const std::uint64_t waiting = peer->open(folder);
    if (waiting != (name == "drain" ? messages : 0)) give_up("what waits in " + folder);
    flush(folder);
  }
  const Costs before = costs_so_far(disk);
  if (what != nullptr) {
    what(*peer, messages);
  } else if (reads) {
    read_all(folder);
  } else if (peer->open(folder) != messages) {
    give_up("what waits in " + folder);
  }
  Costs costs = costs_so_far(disk) - before;
  flush(folder);
  costs.device_bytes = device_bytes(disk) - before.device_bytes;
  return costs;
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 5 && argc != 6) {
    std::fprintf(stderr, "usage: queue_costs STORE CASE FOLDER MESSAGES [DISK]\n");
    return 64;
  }
  const std::uint64_t messages = std::strtoull(argv[4], nullptr, 10);
  const Costs costs = run(argv[1], argv[2], argv[3], messages, argc == 6 ? argv[5] : "");
  std::printf("{\"store\":\"%s\",\"case\":\"%s\",\"messages\":%" PRIu64
              ",\"seconds\":%.6f,\"syncs\":%" PRIu64 ",\"process_bytes\":%" PRIu64
              ",\"device_bytes\":%" PRIu64 "}\n",
              argv[1], argv[2], messages, costs.seconds, costs.syncs, costs.process_bytes,
              costs.device_bytes);
  return 0;
}
