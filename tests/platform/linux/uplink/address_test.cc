#include "platform/linux/uplink/address.h"

#include <arpa/inet.h>
#include <gtest/gtest.h>

#include <random>
#include <string>

#include "agent/base/text_writer.h"

namespace fieldpost {
namespace {

std::string text_of(const Address& address) {
  TextBuffer<64> out;
  put_address(out, address);
  return std::string(out.written());
}

TEST(Address, PutAddress_Written_IsAsRfc5952HasIt) {
  for (const char* text :
       {"0.0.0.0", "192.0.2.1", "255.255.255.255", "::", "::1", "1::", "2001:db8::1",
        "2001:db8:0:1:1:1:1:1", "2001:0:0:1::1", "2001:db8::1:0:0:1", "1:2:3:4:5:6:7:8",
        "fe80::a:bc:def", "1:2:3:4:5:6::", "::3:4:5:6:7:8", "::ffff:192.0.2.1"}) {
    Address address;
    ASSERT_TRUE(read_address(text, address)) << text;
    EXPECT_EQ(text_of(address), text);
  }
}

TEST(Address, PutAddress_ManyAddresses_AreReadBackAsTheyWere) {
  std::mt19937 random(1);
  for (int i = 0; i < 20'000; ++i) {
    Address address;
    address.is_v6 = i % 4 != 0;
    // Mostly zeros, so that runs of every length stand in every place.
    for (std::size_t byte = 0; byte < (address.is_v6 ? 16u : 4u); ++byte) {
      address.bytes[byte] = static_cast<std::uint8_t>(random() % 4 == 0 ? random() : 0);
    }
    Address back;
    ASSERT_TRUE(read_address(text_of(address), back)) << text_of(address);
    EXPECT_EQ(back, address) << text_of(address);
  }
}

}  // namespace
}  // namespace fieldpost
