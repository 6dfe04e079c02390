#include "agent/desk/relay.h"

#include <gtest/gtest.h>

namespace fieldpost {
namespace {

TEST(Relay, SpeaksForADeviceOfItsKind_AndWithinItsShare) {
  Allowance entry;
  entry.relay = true;
  for (const Allowance* may :
       {static_cast<const Allowance*>(nullptr), static_cast<const Allowance*>(&entry)}) {
    Caller caller{"uid:7", may};
    EXPECT_TRUE(speak_for(caller, "coap:door-1 20"));
    EXPECT_EQ(caller.source, "coap:door-1");
    EXPECT_EQ(caller.share_percent, 20);
    EXPECT_TRUE(caller.is_relayed);
    EXPECT_TRUE(speak_for(caller, "coap:"));
    EXPECT_EQ(caller.source, "coap:");
  }
}

TEST(Relay, SpeaksForItself_WhereItNamesNobody) {
  const Allowance entry;
  Caller caller{"uid:7", &entry};
  EXPECT_TRUE(speak_for(caller, ""));
  EXPECT_EQ(caller.source, "uid:7");
  EXPECT_FALSE(caller.is_relayed);
}

TEST(Relay, IsNobodyWithoutTheRight) {
  const Allowance entry;
  Caller app{"uid:7", &entry}, stranger{"uid:8"};
  stranger.is_stranger = true;
  for (Caller* const one : {&app, &stranger}) {
    EXPECT_FALSE(speak_for(*one, "coap:door-1"));
    EXPECT_TRUE(one->source.starts_with("uid:"));
    EXPECT_FALSE(one->is_relayed);
  }
}

TEST(Relay, ClaimsNoNameOfAnotherKindAndNoShareThatIsNone) {
  for (const char* claim :
       {"uid:0", "app:page", "coap", " coap:a", "coap:a ", "coap:a 0", "coap:a 101", "coap:a 20%",
        "coap:a 2 0", "coap:\xc3\xa4", "coap:a\tb", "coap:a-name-of-33-bytes-is-too-long"}) {
    Caller caller{"uid:7"};
    EXPECT_FALSE(speak_for(caller, claim)) << claim;
    EXPECT_EQ(caller.source, "uid:7");
    EXPECT_EQ(caller.share_percent, 100);
  }
}

}  // namespace
}  // namespace fieldpost
