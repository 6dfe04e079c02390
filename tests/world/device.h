// One device: the product's agent and queue over a fake flash, a clock and a network. Its power
// may go, its clock may be set, its uplink process may end, at any moment.
#pragma once

#include <array>
#include <map>
#include <memory>
#include <optional>
#include <string>

#include "agent/agent.h"
#include "agent/json/arena.h"
#include "tests/fakes/fake_flash.h"
#include "tests/world/world.h"

namespace fieldpost::world {

// The wall time at which the world begins: November 2026.
inline constexpr std::uint64_t kEpoch = 1'795'000'000;

// What becomes of a request on its way, and what comes back.
struct Reply {
  Duration after = 150_ms;
  Reached reached = Reached::all_of_it;
  int http = 0;  // 0: nothing comes back
  std::string body = {};
  bool kept = true;  // the connection stays
};

class Network {
 public:
  // Whether a connection can be had now, and how long that takes.
  virtual bool connects(Duration& after) = 0;
  virtual Reply serve(const Request&) = 0;

 protected:
  ~Network() = default;
};

class Device final : public Uplink, public Source, public Clock, public Entropy, public LogSink {
 public:
  Device(World&, Network&, const Settings&, std::uint64_t seed,
         FlashGeometry geometry = FakeFlash::file());
  Device(const Device&) = delete;

  // What an app hands in. Empty where the device refused it.
  std::optional<MessageId> take(const Message&);
  // A person's wish about one message; false where it was refused.
  bool wish(Wish, MessageId, bool even_if_sent = false);

  // The power goes, and comes back: with a clock that a battery kept, or with one that is not set.
  void cut_power(bool battery);
  void lose_uplink();
  void set_wall(std::optional<UnixTime>);
  void network_changes();

  const Queue& queue() const { return *queue_; }
  Queue& queue() { return *queue_; }
  // What the log said of a message last.
  State last_word_on(MessageId id) const;
  const std::string& misuse() const { return flash_->misuse(); }

 private:
  Status prepare(std::uint32_t exchange) override;
  Status go(const Request&) override;
  Status tell(const Told&) override;
  Instant now() const override { return Instant{world_.now().ms - booted_at_ms_}; }
  std::optional<UnixTime> wall() const override;
  std::uint64_t boot() const override { return boot_; }
  Status fill(std::span<std::byte> out) override;
  void write(LogLevel, std::string_view) override;

  void start();
  void turn();
  void report_in(Duration after, const UplinkReport&);

  World& world_;
  Network& network_;
  const Settings& settings_;
  std::mt19937_64 random_;
  std::uint64_t boot_ = 1, booted_at_ms_ = 0;
  std::optional<std::int64_t> wall_ahead_s_ = kEpoch;  // of the world's time
  std::uint64_t turns_ = 0;                            // only the newest wake-up counts
  std::uint64_t uplinks_ = 0;                          // reports of one that ended do not arrive
  std::optional<Told> told_;
  Log log_{*this, LogLevel::info};
  std::map<MessageId, State> last_words_;
  std::array<std::byte, limits::json_arena_bytes> room_{};
  JsonArena arena_{room_};
  std::unique_ptr<FakeFlash> flash_;
  std::unique_ptr<Queue> queue_;
  std::unique_ptr<Agent> agent_;
};

}  // namespace fieldpost::world
