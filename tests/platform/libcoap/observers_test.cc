#include "platform/libcoap/observers.h"

#include <gtest/gtest.h>

namespace fieldpost {
namespace {

class ObserversTest : public testing::Test {
 protected:
  Observer* add(std::size_t session, std::string_view token, std::uint16_t device, MessageId id) {
    Observer* const one = observers_.add(session_of(session), token, device);
    if (one != nullptr) one->id = id;
    return one;
  }
  // They are only compared.
  coap_session_t* session_of(std::size_t i) {
    return reinterpret_cast<coap_session_t*>(&sessions_[i]);
  }

  std::array<char, limits::coap_observers_max + 1> sessions_{};
  Observers observers_;
};

TEST_F(ObserversTest, TheSameTokenOfTheSameSession_IsTheSameObserver) {
  Observer* const first = add(0, "a", 1, 7);
  EXPECT_EQ(add(0, "a", 1, 8), first);
  EXPECT_NE(add(0, "b", 1, 8), first);
  EXPECT_NE(add(1, "a", 1, 8), first);
  EXPECT_EQ(observers_.count(), 3u);
  EXPECT_EQ(observers_.find(session_of(0), "a"), first);
  EXPECT_EQ(observers_.find(session_of(2), "a"), nullptr);
}

TEST_F(ObserversTest, OneDevice_LeavesRoomForOthers) {
  std::size_t n = 0;
  while (n < limits::coap_observers_per_device_max) {
    ASSERT_NE(add(n++, "a", 1, 7), nullptr);
  }
  EXPECT_EQ(add(n, "a", 1, 7), nullptr);
  EXPECT_NE(add(0, "a", 1, 9), nullptr) << "one that is there asks for another message";
  for (; n < limits::coap_observers_max; ++n) {
    ASSERT_NE(add(n, "a", static_cast<std::uint16_t>(2 + n), 7), nullptr);
  }
  EXPECT_EQ(add(n, "a", 100, 7), nullptr);
}

TEST_F(ObserversTest, OnlyThoseOfAMessage_AreMarked) {
  Observer* const one = add(0, "a", 1, 7);
  add(1, "a", 1, 8);
  EXPECT_EQ(observers_.next_marked(), nullptr);
  observers_.mark(7);
  EXPECT_EQ(observers_.next_marked(), one);
  one->marked = false;
  EXPECT_EQ(observers_.next_marked(), nullptr);
  *one = {};
  observers_.mark_all();
  EXPECT_NE(observers_.next_marked(), nullptr);
  EXPECT_NE(observers_.next_marked(), one) << "who has gone is told nothing";
}

TEST_F(ObserversTest, WhoWasToldNothingForLong_IsToldWhateverThereIs) {
  Observer* const one = add(0, "a", 1, 7);
  one->told = Instant{1000};
  one->sum = 5;
  observers_.mark_quiet(Instant{1000 + kQuiet.ms - 1});
  EXPECT_FALSE(one->marked);
  observers_.mark_quiet(Instant{1000} + kQuiet);
  EXPECT_TRUE(one->marked);
  EXPECT_EQ(one->sum, 0u);
}

TEST(LastState, IsOneThatNothingLeaves) {
  for (const State one : {State::queued, State::sending, State::uncertain, State::held,
                          State::accepted, State::sent}) {
    EXPECT_FALSE(is_last_state(to_text(one)));
  }
  for (const State one : {State::delivered, State::read, State::failed, State::expired,
                          State::superseded, State::dropped}) {
    EXPECT_TRUE(is_last_state(to_text(one)));
  }
}

}  // namespace
}  // namespace fieldpost
