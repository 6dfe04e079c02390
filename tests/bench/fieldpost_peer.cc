#include <unordered_map>

#include "agent/queue/queue.h"
#include "platform/linux/flash_file.h"
#include "platform/linux/linux_clock.h"
#include "tests/bench/letter.h"
#include "tests/bench/peer.h"
#include "tests/fakes/unpacked.h"

namespace fieldpost::bench {
namespace {

constexpr std::uint64_t kRegionBytes = 8 * 1024 * 1024;

class FieldpostPeer final : public Peer {
 public:
  std::uint64_t open(const std::string& folder) override {
    const std::string path = folder + "/queue";
    if (open_region({path, kRegionBytes, 0, false}, region_) != Status::ok) give_up(path);
    flash_ = std::make_unique<FlashFile>(region_.file.get(), region_.geometry);
    queue_ = std::make_unique<Queue>(*flash_, clock_, limits::queue_messages_max);
    StoreId fresh{};
    RecoveryReport report;
    if (entropy_.fill(fresh) != Status::ok || queue_->open(fresh, report) != Status::ok) {
      give_up(path + " " + unpacked(report.trouble));
    }
    // Letters are numbered as they are taken, and so are messages.
    if (!queue_->live().empty()) first_id_ = queue_->live().front().id;
    return report.live;
  }

  void take(std::uint64_t number) override {
    const auto id = queue_->take(letter(number));
    if (!id.ok()) give_up("the queue took no more");
    if (number == 0) first_id_ = id.value();
  }

  void start(std::uint64_t number) override {
    if (queue_->read(first_id_ + number, message_, standing_) != Status::ok) give_up("a read");
    if (const std::string wrong = check_letter(message_, number); !wrong.empty()) give_up(wrong);
    standing_.state = State::sending;
    ++standing_.attempts;
    record(number, standing_);
  }

  void accept(std::uint64_t number) override { record(number, accepted(clock_.stamp())); }

  void commit() override {
    if (queue_->commit() != Status::ok) give_up("a commit");
  }

 private:
  void record(std::uint64_t number, const Standing& standing) {
    if (queue_->record(first_id_ + number, standing) != Status::ok) give_up("an outcome");
  }

  LinuxEntropy entropy_;
  LinuxClock clock_{entropy_};
  Region region_;
  std::unique_ptr<FlashFile> flash_;
  std::unique_ptr<Queue> queue_;
  MessageId first_id_ = 1;
  Message message_;
  Standing standing_;
};

}  // namespace

std::unique_ptr<Peer> make_fieldpost() { return std::make_unique<FieldpostPeer>(); }

}  // namespace fieldpost::bench
