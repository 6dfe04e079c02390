#include "tests/world/device.h"

#include <cstdio>
#include <cstdlib>

#include "agent/outcome/read_answer.h"
#include "agent/tracking/hook_info.h"
#include "tests/fakes/unpacked.h"

namespace fieldpost::world {

Device::Device(World& world, Network& network, const Settings& settings, std::uint64_t seed,
               FlashGeometry geometry)
    : world_(world),
      network_(network),
      settings_(settings),
      random_(seed),
      flash_(std::make_unique<FakeFlash>(geometry)) {
  start();
}

void Device::start() {
  agent_.reset();
  queue_ = std::make_unique<Queue>(*flash_, *this, limits::queue_messages_max);
  std::array<std::byte, kStoreIdBytes> store_id{std::byte{1}};
  RecoveryReport report;
  if (queue_->open(store_id, report) != Status::ok) {
    std::printf("FAILED: a store does not open: %s\n", unpacked(report.trouble).c_str());
    std::exit(1);
  }
  agent_ =
      std::make_unique<Agent>(settings_, *queue_, *this, *this, *this, *this, log_, Sending::on);
  turn();
}

void Device::turn() {
  const std::uint64_t mine = ++turns_;
  const Instant next = agent_->turn();
  if (next == kNever) return;
  // At least a millisecond on: an agent that never rests must not stop the world.
  const Instant when = std::max(Instant{booted_at_ms_ + next.ms}, world_.now() + 1_ms);
  world_.at(when, [this, mine] {
    if (mine != turns_) return;
    if (agent_->overdue_at() <= now()) lose_uplink();
    turn();
  });
}

std::optional<MessageId> Device::take(const Message& message) {
  Ask ask;
  ask.wish = Wish::take;
  ask.message = message;
  told_.reset();
  agent_->on_ask(ask);
  turn();
  if (told_ && told_->refusal == Refusal::none) return told_->id;
  if (told_ && told_->refusal == Refusal::blocked) {  // by an answer; they ask for messages again
    ask.wish = Wish::unblock;
    agent_->on_ask(ask);
    turn();
  }
  return std::nullopt;
}

bool Device::wish(Wish wish, MessageId id, bool even_if_sent) {
  Ask ask;
  ask.wish = wish;
  ask.id = id;
  ask.even_if_sent = even_if_sent;
  told_.reset();
  agent_->on_ask(ask);
  turn();
  return told_ && told_->refusal == Refusal::none;
}

Status Device::tell(const Told& told) {
  told_ = told;
  return Status::ok;
}

void Device::cut_power(bool battery) {
  agent_.reset();
  queue_.reset();
  flash_ = std::make_unique<FakeFlash>(flash_->after_cut(random_()));
  ++boot_;
  ++uplinks_;
  booted_at_ms_ = world_.now().ms - 1;
  if (!battery) wall_ahead_s_.reset();
  start();
}

void Device::lose_uplink() {
  ++uplinks_;
  agent_->on_uplink_gone();
  turn();
}

void Device::set_wall(std::optional<UnixTime> time) {
  wall_ahead_s_.reset();
  if (time)
    wall_ahead_s_ =
        static_cast<std::int64_t>(time->s) - static_cast<std::int64_t>(world_.now().ms / 1000);
  turn();
}

void Device::network_changes() {
  agent_->on_network_change();
  turn();
}

std::optional<UnixTime> Device::wall() const {
  if (!wall_ahead_s_) return std::nullopt;
  return UnixTime{static_cast<std::uint64_t>(*wall_ahead_s_ +
                                             static_cast<std::int64_t>(world_.now().ms / 1000))};
}

// message id=17 scenario=… state=accepted …
void Device::write(LogLevel, std::string_view line) {
  const auto value_of = [line](std::string_view key) {
    const std::size_t at = line.find(key);
    if (at == line.npos) return std::string();
    const std::string_view rest = line.substr(at + key.size());
    return std::string(rest.substr(0, rest.find(' ')));
  };
  if (!line.starts_with("message ")) return;
  if (const auto state = state_named(value_of(" state="))) {
    last_words_[std::strtoull(value_of(" id=").c_str(), nullptr, 10)] = *state;
  }
}

State Device::last_word_on(MessageId id) const {
  const auto found = last_words_.find(id);
  return found == last_words_.end() ? State::queued : found->second;
}

Status Device::fill(std::span<std::byte> out) {
  for (std::byte& byte : out) byte = static_cast<std::byte>(random_());
  return Status::ok;
}

void Device::report_in(Duration after, const UplinkReport& report) {
  world_.in(after, [this, report, mine = uplinks_] {
    if (mine != uplinks_) return;
    agent_->on_report(report);
    turn();
  });
}

Status Device::prepare(std::uint32_t exchange) {
  UplinkReport report;
  report.exchange = exchange;
  Duration after = 100_ms;
  if (!wall()) {
    report.answer.broken = Reason::clock_not_set;
    after = 1_ms;
  } else if (network_.connects(after)) {
    report.kind = UplinkReport::Kind::ready;
  } else {
    report.answer.broken = Reason::connect_failed;
  }
  report_in(after, report);
  return Status::ok;
}

Status Device::go(const Request& request) {
  const Reply reply = network_.serve(request);
  UplinkReport report;
  report.exchange = request.exchange;
  report.answer.reached = reply.reached;
  if (reply.reached != Reached::all_of_it || reply.http == 0) {
    report.answer.broken =
        reply.reached == Reached::all_of_it ? Reason::api_trouble : Reason::connect_failed;
  } else {
    report.kind = UplinkReport::Kind::answered;
    report.kept = reply.kept;
    const bool is_news = request.purpose == Purpose::hook_info;
    (is_news ? read_hook_info : read_answer)(
        {request.purpose, static_cast<std::uint16_t>(reply.http), "application/json", reply.body,
         request.body.view(), "a-token"},
        arena_, report.answer);
    arena_.reset();
  }
  report_in(std::min(reply.after, settings_.api.answer_timeout), report);
  return Status::ok;
}

}  // namespace fieldpost::world
