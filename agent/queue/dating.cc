// When messages expire and may go, on the store's own time.
#include <algorithm>

#include "agent/queue/queue.h"
#include "agent/queue/record_writer.h"

namespace fieldpost {
namespace {

// No wall time that counts as set lies before it, and 31 bits reach far behind it.
constexpr std::uint64_t kWallBegins = 1'500'000'000, kWallEnds = kWallBegins + (1ull << 31) - 1;

Moment moment_of_wall(UnixTime time) {
  const std::uint64_t s = std::clamp(time.s, kWallBegins, kWallEnds) - kWallBegins;
  return {static_cast<std::uint32_t>(s) & 0x7fff'ffff, false};
}

}  // namespace

void Queue::note_time(const Stamp& stamp) {
  if (!time_.is_of_this_boot(stamp)) {
    for (Live& live : std::span(index_.data(), live_count_)) {
      time_.land(live.expires);
      if (!live.since_is_wall) time_.land(live.since);
    }
    sends_.land(time_);
    for (Moment& told : told_) time_.land(told);
    time_.land(head_since_);
    time_.begin_boot(stamp.boot);
  }
  time_.advance(stamp);
}

void Queue::look_at_clock() { note_time(clock_.stamp()); }

// REQUIRES: time has been noted up to the commit that holds the message.
void Queue::date(Live& live, const Message& message, const Stamp& created) const {
  const Moment taken = time_.moment_of(created);
  if (message.ttl.ms != 0) live.expires = later(taken, message.ttl);
  // What has changed since had been allowed to go.
  if (message.not_before.s == 0 || live.standing_bytes != 0) return;
  live.since_is_wall = message.not_before.s > kNotBeforeWaitMax;
  live.since = live.since_is_wall ? moment_of_wall(message.not_before)
                                  : later(taken, Duration{message.not_before.s * 1000});
}

void Queue::date_change(Live& live, const Stamp& changed) const {
  live.since_is_wall = false;
  live.since = live.state == State::queued ? Moment{} : time_.moment_of(changed);
}

Instant Queue::expires_at(const Live& live) const {
  return live.expires.empty() ? kNever : time_.instant_of(live.expires);
}

Instant Queue::after_change(const Live& live, Duration wait) const {
  return live.since_is_wall ? Instant{} : time_.instant_of(later(live.since, wait));
}

Instant Queue::not_before(const Live& live, const Stamp& now) const {
  if (!live.since_is_wall) return time_.instant_of(live.since);
  if (now.wall.s == 0) return kNever;
  const std::uint64_t from = kWallBegins + live.since.s;
  return now.at + Duration{(from > now.wall.s ? from - now.wall.s : 0) * 1000};
}

// What may have reached the customer counts, once.
void Queue::note_send(State before, const Standing& now, std::uint32_t recipient) {
  const bool has_counted = before == State::uncertain || before >= State::accepted;
  const bool reached = now.state == State::uncertain || !now.accepted_at.empty();
  if (has_counted || !reached) return;
  sends_.add(recipient,
             time_.moment_of(now.accepted_at.empty() ? clock_.stamp() : now.accepted_at));
}

Instant Queue::after_send(std::uint32_t recipient, std::uint32_t count, Duration wait) const {
  if (wait.ms == 0) return Instant{};
  return time_.instant_of(later(sends_.newest(recipient, count), wait));
}

Status Queue::mark() {
  TRY(begin());
  while (!added(write_mark(room()))) TRY(make_room());
  return Status::ok;
}

}  // namespace fieldpost
