// soak [--messages N] [--seed N]
//
// A device lives through weeks: messages come in, the API answers and breaks in every documented
// way, the network comes and goes, power is cut, the uplink dies, the clock is stepped or lost, and
// now and then a person looks at what is held. Then all is well again, and the books are balanced:
// each promised message has ended, or is held or uncertain with its reason; no customer got one
// twice, unless its scenario's policy, or a person, said that it may be sent again; none overtook an
// older one to the same person. The last line is JSON; ends with 1 where something is wrong.
#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <ctime>
#include <memory>
#include <string>
#include <vector>

#include "tests/world/soak_api.h"

namespace fieldpost::world {
namespace {

constexpr Duration kBetweenMessages = 10_s;
constexpr Duration kCalm{14ull * 24 * 3'600'000};  // longer than any wait

struct Promised {
  std::string text;
  bool may_repeat = false;
};

class Soak {
 public:
  Soak(std::uint64_t messages, std::uint64_t seed) : world_(seed), api_(world_), left_(messages) {
    MUST(settings_->api.channel.assign("VID1"));
    api_.on_send = [this] { look_at_order(); };
    settings_->pace.per_recipient_per_day = 1000;  // ten people get far more than anybody should
    device_ = std::make_unique<Device>(world_, api_, *settings_, world_.random()(),
                                       FakeFlash::file(64, 64 * 1024));
  }

  bool run() {
    total_ = left_;
    api_.set_trouble(5);
    each(kBetweenMessages, [this] { take(); });
    each(30_min, [this] { cut_power(); });
    each(1_h, [this] { device_->lose_uplink(); });
    each(2_h, [this] { lose_network(); });
    each(3_h, [this] { bad_hour(); });
    each(6_h, [this] { step_clock(); });
    each(4_h, [this] { look_at_what_is_held(); });
    while (left_ != 0) {
      world_.run_until(world_.now() + 1_h);
      if (isatty(STDOUT_FILENO) != 0) {
        std::printf("\r%llu of %llu messages ", number(total_ - left_), number(total_));
        std::fflush(stdout);
      }
    }
    over_ = true;
    api_.set_trouble(0);
    api_.set_network(true);
    device_->set_wall(true_time());
    device_->network_changes();
    world_.run_until(world_.now() + kCalm);
    balance();
    return wrong_ == 0;
  }

 private:
  static unsigned long long number(std::uint64_t n) { return n; }

  // Again and again, a random time apart, while the soak goes on.
  void each(Duration mean, std::function<void()> what) {
    world_.in(world_.wait_for_one_in(mean), [this, mean, what] {
      if (over_) return;
      what();
      each(mean, what);
    });
  }

  UnixTime true_time() const { return UnixTime{kEpoch + world_.now().ms / 1000}; }

  void take() {
    if (left_ == 0) return;
    --left_;
    Message m;
    const std::string text = "visit " + std::to_string(left_);
    MUST(m.scenario.assign(world_.one_in(2) ? "next-step" : "status-changed"));
    MUST(m.to.assign("1202555010" + std::to_string(world_.below(10))));
    if (!world_.one_in(20)) {
      MUST(m.to.assign("1" + std::to_string(200 + world_.below(800)) + "55501" +
                       std::to_string(10 + world_.below(90))));
    }
    MUST(m.template_name.assign("next_step"));
    MUST(m.template_namespace.assign("NS"));
    MUST(m.language.assign("en"));
    MUST(m.values.add(text));
    if (world_.one_in(3)) m.ttl = 8_h;
    if (world_.one_in(10)) m.on_uncertain = OnUncertain::resend;
    const auto id = device_->take(m);
    if (!id) {
      ++refused_;
    } else if (!promised_.emplace(*id, Promised{text, m.on_uncertain == OnUncertain::resend})
                    .second) {
      wrong("the id %llu was given twice", *id);
    }
  }

  void cut_power() {
    ++cuts_;
    device_->cut_power(!world_.one_in(4));
    // Somebody, or a time server, sets the clock; not at once.
    world_.in(Duration{world_.below(600'000)}, [this] { device_->set_wall(true_time()); });
  }

  void lose_network() {
    api_.set_network(false);
    world_.in(world_.wait_for_one_in(10_min), [this] {
      api_.set_network(true);
      device_->network_changes();
    });
  }

  void bad_hour() {
    api_.set_trouble(60);
    world_.in(20_min, [this] { api_.set_trouble(5); });
  }

  void step_clock() {
    const std::uint64_t step = world_.below(3 * 86'400);
    const UnixTime now = true_time();
    device_->set_wall(UnixTime{world_.one_in(2) ? now.s + step : now.s - step});
    world_.in(10_min, [this] { device_->set_wall(true_time()); });
  }

  // What goes out has no older one of its scenario and recipient waiting, and none in doubt.
  void look_at_order() {
    const auto live = device_->queue().live();
    const auto out = std::ranges::find(live, State::sending, &Live::state);
    if (out == live.end()) return wrong("something is sent that is not sending, of %llu", left_);
    for (const Live& one : std::ranges::subrange(live.begin(), out)) {
      if (one.recipient != out->recipient) continue;
      if (one.state == State::uncertain ||
          (one.state == State::queued && one.scenario == out->scenario)) {
        wrong("message %llu overtook an older one", out->id);
      }
    }
  }

  // What is surely not with the customer goes again; of the rest some are dropped, some go again
  // after the question.
  void look_at_what_is_held() {
    std::vector<Live> held;
    for (const Live& live : device_->queue().live()) {
      if (live.state == State::held || live.state == State::uncertain) held.push_back(live);
    }
    for (const Live& live : held) {
      if (live.state == State::held && live.reason != Reason::maybe_sent && !world_.one_in(4)) {
        (void)device_->wish(Wish::retry, live.id);
      } else if (world_.one_in(3)) {
        (void)device_->wish(Wish::drop, live.id);
      } else if (world_.one_in(10)) {
        promised_[live.id].may_repeat = true;
        (void)device_->wish(Wish::retry, live.id, true);
      }
    }
  }

  void balance() {
    for (const auto& [id, one] : promised_) {
      const Live* const live = device_->queue().find(id);
      const State state = live != nullptr ? live->state : device_->last_word_on(id);
      ++ends_[static_cast<std::size_t>(state)];
      const bool open = state == State::held || state == State::uncertain;
      if (live != nullptr && (!open || live->reason == Reason::none)) {
        wrong("message %llu is neither over nor held for a reason", id);
      }
      if (live == nullptr && (state < State::accepted)) wrong("message %llu is lost", id);
      const auto got = api_.received().find(one.text);
      const std::uint32_t times = got == api_.received().end() ? 0 : got->second;
      if (times > 1 && !one.may_repeat) wrong("message %llu came twice", id);
      if (times > 1) ++repeated_;
      const bool came = state >= State::accepted && state <= State::read;
      if (came && times == 0) wrong("message %llu never came", id);
    }
    if (!device_->misuse().empty()) wrong("the flash was misused, by %llu", 1);
  }

  void wrong(const char* format, MessageId id) {
    if (++wrong_ > 20) return;
    std::printf("FAILED: ");
    std::printf(format, number(id));
    std::printf("\n");
  }

 public:
  void print(std::uint64_t seed, std::time_t started) const {
    std::printf(
        "{\"promised\":%zu,\"refused\":%llu,\"days\":%.1f,\"power_cuts\":%llu,"
        "\"requests\":%llu,\"repeated_as_told\":%llu",
        promised_.size(), number(refused_), static_cast<double>(world_.now().ms) / 86'400'000,
        number(cuts_), number(api_.requests()), number(repeated_));
    for (std::size_t i = 0; i < kStates; ++i) {
      const std::string_view name = to_text(static_cast<State>(i));
      if (ends_[i] != 0) {
        std::printf(",\"%.*s\":%llu", static_cast<int>(name.size()), name.data(), number(ends_[i]));
      }
    }
    std::printf(",\"ways_met\":%zu,\"seconds\":%lld,\"wrong\":%llu,\"seed\":%llu}\n",
                api_.met().size(), static_cast<long long>(std::time(nullptr) - started),
                number(wrong_), number(seed));
  }

 private:
  World world_;
  SoakApi api_;
  std::unique_ptr<Settings> settings_ = std::make_unique<Settings>();
  std::unique_ptr<Device> device_;
  std::map<MessageId, Promised> promised_;
  std::array<std::uint64_t, kStates> ends_{};
  std::uint64_t left_, total_ = 0, refused_ = 0, cuts_ = 0, repeated_ = 0, wrong_ = 0;
  bool over_ = false;
};

}  // namespace
}  // namespace fieldpost::world

int main(int argc, char** argv) {
  std::uint64_t messages = 100'000, seed = 1;
  for (int i = 1; i < argc; i += 2) {
    const bool complete = i + 1 < argc;
    if (complete && std::strcmp(argv[i], "--messages") == 0) {
      messages = std::strtoull(argv[i + 1], nullptr, 10);
    } else if (complete && std::strcmp(argv[i], "--seed") == 0) {
      seed = std::strtoull(argv[i + 1], nullptr, 10);
    } else {
      std::fprintf(stderr, "usage: soak [--messages N] [--seed N]\n");
      return 64;
    }
  }
  const std::time_t started = std::time(nullptr);
  fieldpost::world::Soak soak(messages, seed);
  const bool good = soak.run();
  if (isatty(STDOUT_FILENO) != 0) std::printf("\r                                \r");
  soak.print(seed, started);
  return good ? 0 : 1;
}
