#include "agent/tracking/order.h"

#include <gtest/gtest.h>

namespace fieldpost {
namespace {

constexpr State kOrder[] = {State::accepted, State::sent, State::delivered, State::read};

TEST(DeliveryOrder, StatesOnlyMoveForward) {
  for (std::size_t from = 0; from < 4; ++from) {
    for (std::size_t to = 0; to < 4; ++to) {
      EXPECT_EQ(is_news(kOrder[to], kOrder[from]), to > from) << from << " " << to;
    }
  }
}

TEST(DeliveryOrder, Failed_IsALastWord) {
  for (std::size_t i = 0; i < kStates; ++i) {
    EXPECT_FALSE(is_news(static_cast<State>(i), State::failed)) << i;
  }
}

TEST(DeliveryOrder, Failed_CountsUntilItIsOnThePhone) {
  EXPECT_TRUE(is_news(State::failed, State::accepted));
  EXPECT_TRUE(is_news(State::failed, State::sent));
  EXPECT_FALSE(is_news(State::failed, State::delivered));
  EXPECT_FALSE(is_news(State::failed, State::read));
}

TEST(DeliveryOrder, WhatIsNotWithTheApi_HasNoNews) {
  for (const State state : {State::queued, State::sending, State::uncertain, State::held,
                            State::expired, State::superseded, State::dropped}) {
    EXPECT_FALSE(is_news(State::read, state));
    EXPECT_FALSE(is_news(state, State::accepted));
  }
}

}  // namespace
}  // namespace fieldpost
