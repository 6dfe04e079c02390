#include "platform/libcoap/repeats.h"

#include <gtest/gtest.h>

#include <memory>

namespace fieldpost {
namespace {

DatagramName name(std::uint16_t id, std::uint16_t device = 0, std::string_view from = "here") {
  DatagramName out;
  MUST(out.from.assign(from));
  out.message_id = id;
  out.sum = 7;
  out.device = device;
  return out;
}

CoapAnswer created(MessageId id, std::string_view body = "{}") {
  CoapAnswer out;
  out.code = coap_code(201);
  out.created = id;
  out.body = body;
  return out;
}

class RepeatsTest : public testing::Test {
 protected:
  const std::unique_ptr<Repeats> owned_ = std::make_unique<Repeats>();
  Repeats& repeats_ = *owned_;
  const Instant start_{1000};
};

TEST_F(RepeatsTest, WhatIsAnsweredIsAnsweredTheSameForAnExchangeLifetime) {
  ASSERT_EQ(repeats_.add(name(1), start_), Status::ok);
  ASSERT_NE(repeats_.find(name(1), start_), nullptr);
  EXPECT_FALSE(repeats_.find(name(1), start_)->answered());
  repeats_.set_answer(name(1), created(17));
  const Repeats::Known* known = repeats_.find(name(1), start_ + 246_s);
  ASSERT_NE(known, nullptr);
  EXPECT_EQ(known->answer().code, coap_code(201));
  EXPECT_EQ(known->answer().created, 17u);
  EXPECT_EQ(known->answer().body, "{}");
  EXPECT_EQ(repeats_.find(name(1), start_ + 247_s), nullptr);
}

TEST_F(RepeatsTest, AnotherEndpointNumberOrContentIsAnotherRequest) {
  ASSERT_EQ(repeats_.add(name(1), start_), Status::ok);
  DatagramName other = name(1);
  other.sum = 8;
  EXPECT_EQ(repeats_.find(other, start_), nullptr);
  EXPECT_EQ(repeats_.find(name(2), start_), nullptr);
  EXPECT_EQ(repeats_.find(name(1, 0, "there"), start_), nullptr);
}

TEST_F(RepeatsTest, ADeviceThatFillsItsShareWaitsAndTheOthersDoNot) {
  for (std::uint16_t i = 0; i < limits::coap_repeats_per_device_max; ++i) {
    ASSERT_EQ(repeats_.add(name(i), start_), Status::ok);
  }
  EXPECT_EQ(repeats_.add(name(9999), start_), Status::timeout);
  EXPECT_EQ(repeats_.wait_s(0, false, start_ + 100_s), 148u);
  EXPECT_EQ(repeats_.add(name(9999, 1), start_), Status::ok);
  EXPECT_EQ(repeats_.add(name(9999), start_ + kExchangeLifetime), Status::ok);
}

TEST_F(RepeatsTest, NothingIsForgottenBeforeItsTimeWhoeverElseComes) {
  for (std::uint16_t i = 0; i < limits::coap_repeats_max; ++i) {
    const auto device = static_cast<std::uint16_t>(i % 4);
    ASSERT_EQ(repeats_.add(name(i, device), start_ + Duration{i}), Status::ok);
  }
  EXPECT_EQ(repeats_.add(name(1, 9), start_ + 10_s), Status::full);
  for (std::uint16_t i = 0; i < limits::coap_repeats_max; ++i) {
    EXPECT_NE(repeats_.find(name(i, static_cast<std::uint16_t>(i % 4)), start_ + 200_s), nullptr);
  }
  // The ring goes round.
  EXPECT_EQ(repeats_.add(name(5000, 9), start_ + kExchangeLifetime), Status::ok);
  EXPECT_NE(repeats_.find(name(5000, 9), start_ + kExchangeLifetime), nullptr);
  EXPECT_EQ(repeats_.find(name(0), start_ + kExchangeLifetime), nullptr);
}

TEST_F(RepeatsTest, WordsThatAreTooLongAreLeftOutNotCut) {
  ASSERT_EQ(repeats_.add(name(1), start_), Status::ok);
  const std::string words(limits::coap_answer_bytes_max + 1, 'x');
  repeats_.set_answer(name(1), created(1, words));
  EXPECT_EQ(repeats_.find(name(1), start_)->answer().body, "");
  EXPECT_EQ(repeats_.find(name(1), start_)->answer().created, 1u);
}

}  // namespace
}  // namespace fieldpost
