#include "platform/libcoap/bodies.h"

#include <gtest/gtest.h>

#include <memory>
#include <string>

namespace fieldpost {
namespace {

using Step = Bodies::Step;

Endpoint endpoint(std::string_view name) {
  Endpoint out;
  MUST(out.assign(name));
  return out;
}

class BodiesTest : public testing::Test {
 protected:
  Step add(std::uint32_t number, bool more, std::string_view bytes, std::string_view from = "a",
           Instant now = Instant{1000}) {
    return bodies_.add(endpoint(from), {number, more, 16}, bytes, now);
  }

  const std::unique_ptr<Bodies> owned_ = std::make_unique<Bodies>();
  Bodies& bodies_ = *owned_;
};

constexpr std::string_view kFirst = "0123456789abcdef", kSecond = "ghijklmnopqrstuv";

TEST_F(BodiesTest, BlocksOfSeveralEndpointsAreEachPutTogether) {
  EXPECT_EQ(add(0, true, kFirst), Step::wants_more);
  EXPECT_EQ(add(0, true, kSecond, "b"), Step::wants_more);
  EXPECT_EQ(add(1, false, "end"), Step::whole);
  EXPECT_EQ(bodies_.body(), "0123456789abcdefend");
  EXPECT_EQ(add(1, false, "END", "b"), Step::whole);
  EXPECT_EQ(bodies_.body(), "ghijklmnopqrstuvEND");
}

TEST_F(BodiesTest, ABlockThatComesAgainChangesNothing) {
  EXPECT_EQ(add(0, true, kFirst), Step::wants_more);
  EXPECT_EQ(add(0, true, kFirst), Step::wants_more);
  EXPECT_EQ(add(1, true, kSecond), Step::wants_more);
  EXPECT_EQ(add(1, true, kSecond), Step::wants_more);
  EXPECT_EQ(add(2, false, "."), Step::whole);
  EXPECT_EQ(bodies_.body(), "0123456789abcdefghijklmnopqrstuv.");
}

TEST_F(BodiesTest, AHoleOrAnotherBlockInThePlaceOfOneIsIncomplete) {
  EXPECT_EQ(add(1, false, "end"), Step::incomplete);
  EXPECT_EQ(add(0, true, kFirst), Step::wants_more);
  EXPECT_EQ(add(2, false, "end"), Step::incomplete);
  EXPECT_EQ(add(1, true, kSecond), Step::wants_more);
  EXPECT_EQ(add(1, true, kFirst), Step::incomplete);
}

TEST_F(BodiesTest, BeginningAgainForgetsWhatWasThere) {
  EXPECT_EQ(add(0, true, kFirst), Step::wants_more);
  EXPECT_EQ(add(0, true, kSecond), Step::wants_more);
  EXPECT_EQ(add(1, false, ""), Step::whole);
  EXPECT_EQ(bodies_.body(), kSecond);
}

TEST_F(BodiesTest, AShortBlockInTheMiddleIsMalformed) {
  EXPECT_EQ(add(0, true, "short"), Step::malformed);
}

TEST_F(BodiesTest, ABodyHasRoomUpToItsBoundAndIsRefusedBeyondIt) {
  constexpr std::uint32_t kLast = limits::local_body_bytes_max / 16 - 1;
  for (std::uint32_t i = 0; i < kLast; ++i) ASSERT_EQ(add(i, true, kFirst), Step::wants_more);
  ASSERT_EQ(add(kLast, true, kFirst), Step::wants_more);
  EXPECT_EQ(add(kLast + 1, false, "x"), Step::too_large);
  EXPECT_EQ(add(0xfffff, false, "x"), Step::too_large);
  EXPECT_EQ(add(kLast + 1, false, ""), Step::whole);
  EXPECT_EQ(bodies_.body().size(), limits::local_body_bytes_max);
}

TEST_F(BodiesTest, WhoStopsInTheMiddleMakesRoomAfterAMinute) {
  for (const char* from : {"a", "b", "c", "d"}) {
    ASSERT_EQ(add(0, true, kFirst, from), Step::wants_more);
  }
  EXPECT_EQ(add(0, true, kFirst, "e"), Step::no_room);
  EXPECT_EQ(add(0, true, kFirst, "e", Instant{1000} + 60_s), Step::wants_more);
  EXPECT_EQ(add(1, false, "end", "a", Instant{1000} + 60_s), Step::incomplete);
}

}  // namespace
}  // namespace fieldpost
