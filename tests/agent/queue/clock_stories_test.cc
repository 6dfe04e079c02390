// What may happen to the clock of a device, and how old a message has become by then: as old as can
// be proved, whatever the clock says.
#include <gtest/gtest.h>

#include <vector>

#include "tests/agent/queue/store.h"

namespace fieldpost {
namespace {

enum class Do : std::uint8_t {
  take,     // the message that is looked at
  run,      // the device is on, and suspended perhaps, for so long
  mark,     // something is committed
  restart,  // the program ends and begins
  off,      // the power goes for so long; nobody knows the time then
  off_rtc,  // the same, but a battery keeps the time
  set,      // the clock is set right
  ahead,    // the clock is set so far ahead of the right time
  behind,   // or behind it
  unset,    // the clock is at 1970
  carry,    // the region is used once round: only a copy of the message is left
};

struct Step {
  Do what;
  Duration much = 0_s;
};

struct Story {
  const char* name;
  std::vector<Step> steps;
  Duration age;
};

const Story kStories[] = {
    {"Always right", {{Do::take}, {Do::run, 5_h}}, 5_h},
    {"Never set", {{Do::unset}, {Do::take}, {Do::run, 5_h}}, 5_h},
    {"Suspended half of the time", {{Do::take}, {Do::run, 150_min}, {Do::run, 150_min}}, 5_h},
    {"Set late", {{Do::unset}, {Do::take}, {Do::run, 1_h}, {Do::set}, {Do::run, 1_h}}, 2_h},
    {"Steps ahead", {{Do::take}, {Do::ahead, 1000_h}, {Do::mark}, {Do::run, 1_h}}, 1_h},
    {"Steps back", {{Do::take}, {Do::run, 3_h}, {Do::behind, 1000_h}, {Do::mark}}, 3_h},
    {"Steps ahead and back",
     {{Do::take}, {Do::ahead, 900_h}, {Do::mark}, {Do::set}, {Do::mark}, {Do::run, 2_h}},
     2_h},
    {"Steps ahead, and the program restarts",
     {{Do::take}, {Do::run, 1_h}, {Do::ahead, 900_h}, {Do::mark}, {Do::restart}, {Do::run, 1_h}},
     2_h},
    {"Taken while the clock was ahead",
     {{Do::ahead, 900_h}, {Do::take}, {Do::set}, {Do::mark}, {Do::off_rtc, 4_h}},
     4_h},
    {"Taken while the clock was behind",
     {{Do::behind, 900_h}, {Do::take}, {Do::run, 1_h}, {Do::set}, {Do::mark}, {Do::off_rtc, 4_h}},
     5_h},
    {"Off with a battery for the clock", {{Do::take}, {Do::off_rtc, 10_h}, {Do::run, 1_h}}, 11_h},
    {"Off without, and never set again", {{Do::take}, {Do::off, 10_h}, {Do::run, 1_h}}, 1_h},
    {"Off without, and set an hour later",
     {{Do::take}, {Do::off, 10_h}, {Do::run, 1_h}, {Do::set}},
     11_h},
    {"Off without, set, and off again",
     {{Do::take}, {Do::off, 10_h}, {Do::set}, {Do::mark}, {Do::off, 5_h}, {Do::run, 1_h}},
     11_h},
    {"Boots that never know the time, with a mark in each",
     {{Do::unset},
      {Do::take},
      {Do::run, 1_h},
      {Do::mark},
      {Do::off, 5_h},
      {Do::run, 1_h},
      {Do::mark},
      {Do::off, 5_h},
      {Do::run, 1_h}},
     3_h},
    {"Boots that never know the time, without a mark",
     {{Do::unset}, {Do::take}, {Do::run, 1_h}, {Do::off, 5_h}, {Do::run, 2_h}, {Do::off, 5_h}},
     0_h},
    {"Taken without the time between boots that knew it",
     {{Do::mark}, {Do::off, 10_h}, {Do::take}, {Do::run, 1_h}, {Do::mark}, {Do::off_rtc, 2_h}},
     1_h},
    {"Taken before, without the time in between",
     {{Do::take}, {Do::off, 10_h}, {Do::mark}, {Do::run, 1_h}, {Do::off_rtc, 2_h}},
     13_h},
    {"Taken without the time, which was set later in that boot",
     {{Do::unset}, {Do::take}, {Do::run, 1_h}, {Do::set}, {Do::mark}, {Do::off_rtc, 2_h}},
     3_h},
    {"Taken after the time was lost, in a boot that had known it",
     {{Do::mark}, {Do::unset}, {Do::take}, {Do::run, 1_h}, {Do::off_rtc, 2_h}, {Do::run, 1_h}},
     4_h},
    {"Wakes far behind", {{Do::take}, {Do::off, 10_h}, {Do::behind, 500_h}, {Do::run, 1_h}}, 1_h},
    {"Wakes behind, then is set right",
     {{Do::take}, {Do::off, 10_h}, {Do::behind, 9_h}, {Do::mark}, {Do::run, 1_h}, {Do::set}},
     11_h},
    {"Wakes ahead, then is set right",
     {{Do::take}, {Do::off, 10_h}, {Do::ahead, 500_h}, {Do::mark}, {Do::set}, {Do::mark}},
     10_h},
    {"Wakes ahead, is set right, and the program restarts",
     {{Do::take},
      {Do::off, 10_h},
      {Do::ahead, 500_h},
      {Do::mark},
      {Do::set},
      {Do::mark},
      {Do::restart}},
     10_h},
    {"Loses the time while it runs",
     {{Do::take}, {Do::off_rtc, 10_h}, {Do::mark}, {Do::run, 1_h}, {Do::unset}, {Do::mark}},
     11_h},
    {"Carried forward in the same boot",
     {{Do::take}, {Do::run, 3_h}, {Do::carry}, {Do::run, 1_h}, {Do::restart}},
     4_h},
    {"Carried forward in a later boot that knows the time",
     {{Do::take}, {Do::off_rtc, 10_h}, {Do::carry}, {Do::restart}, {Do::run, 1_h}},
     11_h},
    {"Carried forward in a later boot that does not",
     {{Do::take}, {Do::off, 10_h}, {Do::run, 1_h}, {Do::carry}, {Do::restart}},
     1_h},
    {"Carried forward, and the next boot knows the time",
     {{Do::take}, {Do::off_rtc, 1_h}, {Do::carry}, {Do::off, 10_h}, {Do::set}},
     11_h},
};

class Device {
 public:
  void follow(const Step& step) {
    switch (step.what) {
      case Do::take: return take();
      case Do::run: return pass(step.much);
      case Do::mark: return mark();
      case Do::restart: return store_.restart();
      case Do::off: return power_off(step.much, false);
      case Do::off_rtc: return power_off(step.much, true);
      case Do::set: return store_.clock.set_wall(true_time());
      case Do::ahead: return store_.clock.set_wall({true_time().s + step.much.ms / 1000});
      case Do::behind: return store_.clock.set_wall({true_time().s - step.much.ms / 1000});
      case Do::unset: return store_.clock.unset_wall();
      case Do::carry: return carry();
    }
  }
  Duration age() {
    store_.queue->look_at_clock();
    const Instant expires = store_.queue->expires_at(*store_.queue->find(id_));
    return Duration{kLong.ms - (expires - store_.clock.now()).ms};
  }

 private:
  static constexpr Duration kLong = 5000_h;

  UnixTime true_time() const { return {1'795'000'000 + passed_.ms / 1000}; }
  void pass(Duration much) {
    passed_.ms += much.ms;
    store_.clock.advance(much);
  }
  void take() {
    Message message = Store::message(1, 50);
    message.ttl = kLong;
    id_ = store_.queue->take(message).value();
    ASSERT_EQ(store_.queue->commit(), Status::ok);
  }
  void mark() {
    ASSERT_EQ(store_.queue->mark(), Status::ok);
    ASSERT_EQ(store_.queue->commit(), Status::ok);
  }
  void power_off(Duration much, bool battery) {
    passed_.ms += much.ms;
    store_.clock.reboot(battery);
    if (battery) store_.clock.set_wall(true_time());
    store_.restart();
  }
  void carry() {
    const std::uint32_t before = store_.queue->usage().segments_recycled;
    while (store_.queue->usage().segments_recycled < before + 40) {
      ASSERT_EQ(store_.queue->record(store_.take_one(2), ended(State::accepted)), Status::ok);
      ASSERT_EQ(store_.queue->commit(), Status::ok);
    }
  }

  Store store_;
  MessageId id_ = 0;
  Duration passed_{};
};

TEST(ClockStories, EachMessage_IsAsOldAsCanBeProved) {
  for (const Story& story : kStories) {
    SCOPED_TRACE(story.name);
    Device device;
    for (const Step& step : story.steps) device.follow(step);
    // Moments are whole seconds, rounded up: nothing is older than it is.
    const std::uint64_t age_ms = device.age().ms;
    EXPECT_LE(age_ms, story.age.ms + 1000);
    EXPECT_GE(age_ms + 2000, story.age.ms);
  }
}

}  // namespace
}  // namespace fieldpost
