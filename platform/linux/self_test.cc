#include "platform/linux/self_test.h"

#include <errno.h>
#include <unistd.h>

#include <algorithm>
#include <array>

#include "agent/json/write.h"
#include "agent/queue/queue.h"
#include "platform/linux/child.h"
#include "platform/linux/flash_file.h"
#include "platform/linux/place.h"
#include "platform/linux/poll.h"

namespace fieldpost {
namespace {

constexpr std::uint32_t kRounds = 12;
constexpr std::uint32_t kTakenPerRoundMax = 128;
constexpr std::uint32_t kAlive = 8;  // of the messages taken, so that segments come back
constexpr Duration kRoundMax = 60_s;
constexpr std::uint64_t kRegionBytes = limits::segments_min * limits::segment_bytes;

Place<Queue> queue;  // the writer's, and after its end the judge's

Message make_message() {
  Message message;
  MUST(message.scenario.assign("self-test"));
  MUST(message.to.assign("12025550100"));
  std::array<char, 200> value;
  value.fill('x');
  MUST(message.values.add({value.data(), value.size()}));
  return message;
}

// Takes messages, one a commit, and tells each id when it is promised; until it is killed.
[[noreturn]] void write_until_killed(int told) {
  const Message message = make_message();
  Standing ended;
  ended.state = State::dropped;
  ended.ended = true;
  for (;;) {
    const Result<MessageId> id = queue->take(message);
    if (!id.ok()) ::_exit(1);
    if (queue->live().size() > kAlive) (void)queue->record(queue->live().front().id, ended);
    if (queue->commit() != Status::ok) ::_exit(1);
    const MessageId promised = id.value();
    if (::write(told, &promised, sizeof promised) != static_cast<ssize_t>(sizeof promised))
      ::_exit(1);
  }
}

struct Round {
  MessageId last = 0;  // promised
  std::uint32_t taken = 0;
};

// One writer's life.
//   io: it ended by itself.   timeout: it took too long.
Status cut_off(std::uint32_t after, const Clock& clock, Round& round) {
  std::array<int, 2> ends;
  if (::pipe(ends.data()) != 0) return Status::io;
  const Fd told(ends[0]);
  Fd tell(ends[1]);
  const pid_t pid = fork_child("fp-selftest");
  if (pid < 0) return Status::io;
  // The judge's queue knows what is there; it is this copy of it that goes on.
  if (pid == 0) write_until_killed(tell.get());
  HeldChild writer(pid);
  tell.reset();
  const auto hear = [&] {
    MessageId id = 0;
    ssize_t got = 0;
    do {
      got = ::read(told.get(), &id, sizeof id);
    } while (got < 0 && errno == EINTR);
    if (got != static_cast<ssize_t>(sizeof id)) return false;
    round.last = id;
    ++round.taken;
    return true;
  };
  const Deadline deadline{clock.now() + kRoundMax};
  std::array<pollfd, 1> wait{{{told.get(), POLLIN, 0}}};
  while (round.taken < after && !deadline.passed(clock.now())) {
    wait_for_any(wait, deadline, clock);
    if (wait[0].revents != 0 && !hear()) return Status::io;
  }
  const Status status = round.taken < after ? Status::timeout : Status::ok;
  writer.end();
  while (hear()) {  // what it had told before it was killed counts, too
  }
  return status;
}

MessageId newest_readable() {
  MessageId newest = 0;
  for (const Live& one : queue->live()) {
    Message message;
    Standing standing;
    if (queue->read(one.id, message, standing) == Status::ok) newest = std::max(newest, one.id);
  }
  return newest;
}

}  // namespace

Status self_test(std::string_view where, const Clock& clock, Entropy& entropy, LineSink* told,
                 SelfTestReport& report, TextWriter& why) {
  report = SelfTestReport{};
  const bool device = is_flash_device(where);
  TextBuffer<limits::file_path_bytes_max> room;
  room.put(where);
  if (!device) room.put("/fieldpost-selftest");
  const std::string_view path = room.written();
  Region region;
  Status status = open_region({.path = path, .bytes = kRegionBytes}, region);
  if (status != Status::ok) {
    put_trouble(why, path, status, region);
    return status;
  }
  FlashFile flash(region.file.get(), region.geometry);
  Round round;
  for (;;) {
    StoreId id{};
    RecoveryReport found;
    (void)entropy.fill(id);
    queue.make(flash, clock, std::uint32_t{limits::queue_messages_max});
    status = queue->open(id, found);
    if (status != Status::ok) {
      why.put(path).put(": ").put(found.trouble);
      return status;
    }
    if (device && report.rounds == 0 && !found.created) {
      why.put(path).put(" holds a queue: a self-test wants a device of its own, erased"_packed);
      return Status::invalid;
    }
    report.corrupt_units += found.corrupt_units + found.lost;
    if (report.rounds == 0 && !found.created) {
      report.resumed = true;
      report.found = newest_readable();
    }
    // The oldest one may have made room for a message that nobody was told of any more.
    for (std::uint32_t i = 0; i < std::min(round.taken, kAlive - 1); ++i) {
      Message message;
      Standing standing;
      if (queue->read(round.last - i, message, standing) != Status::ok) ++report.lost;
    }
    if (report.rounds == kRounds) break;
    std::array<std::byte, 1> random{};
    (void)entropy.fill(random);
    const std::uint32_t after = 1 + std::to_integer<std::uint32_t>(random[0]) % kTakenPerRoundMax;
    round = Round{};
    const Instant began = clock.now();
    status = cut_off(after, clock, round);
    report.sync_us += (clock.now() - began).ms * 1000;
    report.taken += round.taken;
    ++report.rounds;
    if (status != Status::ok) {
      why.put(path).put(status == Status::timeout ? " takes a minute for a few messages"_packed
                                                  : " cannot be written"_packed);
      return status;
    }
    if (told != nullptr) {
      TextBuffer<48> line;
      line.put('{');
      put_json_number(line, "promised", round.last);
      told->line(200, line.put('}').written());
    }
  }
  report.sync_us /= std::max(report.taken, 1u);
  if (!report.ok()) return Status::ok;  // it stays, to be looked at
  if (!device) ::unlink(CPath(path).c_str());
  for (std::uint32_t i = 0; device && i < region.geometry.segments; ++i) (void)flash.erase(i);
  return Status::ok;
}

}  // namespace fieldpost
