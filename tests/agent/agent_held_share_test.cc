// What is held fills only its share of the room.
#include <gtest/gtest.h>

#include <string>

#include "tests/agent/agent_test.h"

namespace fieldpost {
namespace {

class HeldShareTest : public AgentTest {
 protected:
  // Each takes about three kilobytes of the room.
  MessageId hold_one(std::size_t n) {
    Message m = message_to("1202555" + std::to_string(1000 + n));
    MUST(m.values.add(std::string(1500, 'x')));
    clock.advance(10_s);  // the channel's pace
    const MessageId id = take(m);
    if (uplink.prepared.has_value()) connect();
    answer(answer_of(400), true);
    return id;
  }
  std::uint64_t share(std::uint8_t percent) {
    settings->queue.held_share_percent = percent;
    return queue->usage().room_bytes * percent / 100;
  }
  std::uint64_t held_bytes() {
    std::uint64_t bytes = 0;
    for (const Live& one : queue->live()) {
      if (one.state == State::held) bytes += Queue::used_by(one);
    }
    return bytes;
  }
};

TEST_F(HeldShareTest, BeyondTheShareTheOldestEnds_AsExpiredWithItsReason) {
  const std::uint64_t most = share(2);
  const MessageId first = hold_one(0);
  std::size_t n = 1;
  for (; n < 100 && queue->find(first) != nullptr; ++n) {
    hold_one(n);
    EXPECT_LE(held_bytes(), most);
  }
  ASSERT_LT(n, 100u) << "nothing ended";
  EXPECT_GT(n, 2u);
  EXPECT_EQ(state_of(first), State::expired);
  EXPECT_EQ(row_of(first).reason, Reason::refused_unspecified);
  EXPECT_EQ(state_of(first + 1), State::held);
}

TEST_F(HeldShareTest, WhatTheCustomerMayHave_NeverEndsForRoom) {
  share(0);
  const MessageId id = take(message_to(number(0)));
  connect();
  answer(cut(Reached::all_of_it, Reason::api_trouble));
  for (int i = 0; i < 100 && state_of(id) == State::uncertain; ++i) {
    sleep_until_next_turn();
    if (!uplink.prepared.has_value()) continue;
    connect();
    answer(answer_of(200, uplink.sent.back().purpose == Purpose::channel_status), true);
    if (!agent->quiet()) answer(answer_of(200));
  }
  EXPECT_EQ(state_of(id), State::held);
  EXPECT_EQ(row_of(id).reason, Reason::maybe_sent);
  EXPECT_EQ(state_of(hold_one(1)), State::expired);
  EXPECT_EQ(state_of(id), State::held);
}

}  // namespace
}  // namespace fieldpost
