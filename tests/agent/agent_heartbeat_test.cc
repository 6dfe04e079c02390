// The line that says how a device stands.
#include <gtest/gtest.h>

#include <algorithm>

#include "tests/agent/agent_test.h"

namespace fieldpost {
namespace {

class Heartbeat : public AgentTest {
 protected:
  std::ptrdiff_t beats() {
    return std::ranges::count_if(
        log.lines, [](const std::string& line) { return line.starts_with("heartbeat "); });
  }
};

TEST_F(Heartbeat, NobodyAskedForIt_ThereIsNoneAndNobodyIsWoken) {
  EXPECT_EQ(agent->turn(), kNever);
  clock.advance(Duration{24_h});
  EXPECT_EQ(agent->turn(), kNever);
  EXPECT_EQ(beats(), 0);
}

TEST_F(Heartbeat, WithNothingToDo_ComesOnceAnInterval) {
  settings->heartbeat = 1_h;
  for (int i = 1; i <= 3; ++i) {
    sleep_until_next_turn();
    EXPECT_EQ(beats(), i);
  }
  EXPECT_EQ(log.lines.back(),
            "heartbeat queued=0 uncertain=0 held=0 oldest_s=0 network=- channel=-");
}

TEST_F(Heartbeat, SaysHowManyWaitAndWhyAndForHowLong) {
  settings->heartbeat = 1_h;
  take(message_to(number(0)));
  cannot_connect(Reason::network_down);
  take(message_to(number(1)));
  clock.advance(Duration{1_h});
  log.lines.clear();
  agent->turn();
  ASSERT_FALSE(log.lines.empty());
  EXPECT_EQ(log.lines.front(),
            "heartbeat queued=2 uncertain=0 held=0 oldest_s=3600 network=network_down channel=-");
}

}  // namespace
}  // namespace fieldpost
