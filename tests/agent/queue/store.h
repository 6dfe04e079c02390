// A queue on a fake flash, for tests: opened, filled and restarted in a line each.
#pragma once

#include <gtest/gtest.h>

#include <algorithm>
#include <memory>
#include <span>
#include <string>
#include <string_view>

#include "agent/queue/queue.h"
#include "tests/fakes/fake_clock.h"
#include "tests/fakes/fake_flash.h"
#include "tests/fakes/unpacked.h"

namespace fieldpost {

inline constexpr StoreId kTestStoreId = {std::byte{0x11}, std::byte{0x22}, std::byte{0x33}};

inline Message test_message(std::uint64_t n, std::size_t value_bytes) {
  Message m;
  const std::string number = std::to_string(n);
  const std::string phone =
      "120255501" + std::string(n % 100 < 10 ? "0" : "") + std::to_string(n % 100);
  EXPECT_EQ(m.scenario.assign("service-changed"), Status::ok);
  EXPECT_EQ(m.to.assign(phone), Status::ok);
  EXPECT_EQ(m.template_name.assign("service_changed"), Status::ok);
  EXPECT_EQ(m.template_namespace.assign("namespace-1"), Status::ok);
  EXPECT_EQ(m.language.assign("en"), Status::ok);
  EXPECT_EQ(m.key.assign("visit-" + number), Status::ok);
  EXPECT_EQ(m.topic.assign("topic-" + number), Status::ok);
  EXPECT_EQ(m.operator_name.assign("ann"), Status::ok);
  EXPECT_EQ(m.source.assign("kiosk"), Status::ok);
  EXPECT_EQ(m.values.add("Maria"), Status::ok);
  EXPECT_EQ(m.values.add(std::string(value_bytes, static_cast<char>('a' + n % 26))), Status::ok);
  m.ttl = 8_h;
  m.on_uncertain = OnUncertain::resend;
  return m;
}

inline Standing ended(State state) {
  Standing standing;
  standing.state = state;
  standing.ended = true;
  return standing;
}

// Whether these bytes lie anywhere on the device.
inline bool holds(const FakeFlash& flash, std::string_view text) {
  const auto wanted = std::as_bytes(std::span(text));
  const auto& bytes = flash.bytes();
  return std::search(bytes.begin(), bytes.end(), wanted.begin(), wanted.end()) != bytes.end();
}

struct Store {
  explicit Store(FlashGeometry geometry = FakeFlash::file(),
                 std::uint32_t max = limits::queue_messages_max)
      : Store(FakeFlash(geometry), max) {}
  explicit Store(const FakeFlash& device, std::uint32_t max = limits::queue_messages_max)
      : flash(device), messages_max(max) {
    restart();
  }
  ~Store() { EXPECT_EQ(flash.misuse(), ""); }

  // What a new process finds; the device goes on as it is.
  Status reopen() {
    queue = std::make_unique<Queue>(flash, clock, messages_max, remembering);
    return queue->open(kTestStoreId, report);
  }
  void restart() { ASSERT_EQ(reopen(), Status::ok) << unpacked(report.trouble); }

  static Message message(int n, std::size_t value_bytes) {
    return test_message(static_cast<std::uint64_t>(n), value_bytes);
  }
  MessageId take_one(int n, std::size_t value_bytes = 50) {
    const auto id = queue->take(message(n, value_bytes));
    EXPECT_TRUE(id.ok());
    EXPECT_EQ(queue->commit(), Status::ok);
    return id.ok() ? id.value() : 0;
  }

  FakeFlash flash;
  FakeClock clock;
  std::uint32_t messages_max;
  Remembering remembering;
  RecoveryReport report;
  std::unique_ptr<Queue> queue;
};

}  // namespace fieldpost
